"""What pages say to search engines: schema.org as JSON-LD, in a data block that no browser runs.

One file a kind of thing; here is what they share. Every type, property and kind of value is one of
https://schema.org (tests/portal/test_schema_org.py compiles them against its types).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from mappe_servizi.rights import Agent
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.texts import several
from mappe_servizi.web.served.results import Row

HOLDERS = 20
"""Rights holders of all data that a page names one by one."""

MAX_DESCRIPTION = 2000
ADDRESS = """<http://www.w3.org/ns/locn#thoroughfare> ?street ; <http://www.w3.org/ns/locn#postName> ?town .
        OPTIONAL { ?address clvapit:postCode ?postcode }"""
"""Of ``?address``: what a postal address is made of."""
HOURS = """<http://schema.org/openingHoursSpecification> ?hours . ?hours <http://schema.org/opens> ?opens ;
        <http://schema.org/closes> ?closes ; <http://schema.org/dayOfWeek> ?day"""


def script(document: Mapping[str, Any]) -> Markup:
    """The document as it may stand in a script element: no ``<`` can end it. What is empty is left out.

    >>> script({"name": "</script>", "url": ""})
    Markup('{"@context": "https://schema.org", "name": "\\\\u003c/script\\\\u003e"}')
    """
    text = json.dumps({"@context": "https://schema.org", **told(document)}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def told(document: Mapping[str, Any]) -> dict[str, Any]:
    """What of a document says something; a list of one is this one, as readers expect it.

    >>> told({"value": 0, "unitText": "", "audience": [], "name": ["a"]})
    {'value': 0, 'name': 'a'}
    """
    return {key: one(value) for key, value in document.items() if value or isinstance(value, int | float)}


def one(value: Any) -> Any:
    """A list of one as this one.

    >>> one(["a"]), one(["a", "b"])
    ('a', ['a', 'b'])
    """
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def sentences(text: str, most: int = MAX_DESCRIPTION) -> str:
    """The text, or as many of its first sentences as there is room for; words where the first is longer.

    >>> sentences("One. Two three.", 10), sentences("One two three", 9), sentences("Are 1. this 2. that", 14)
    ('One.', 'One two…', 'Are 1. this…')
    """
    if len(text) <= most:
        return text
    ends = [found.end() for found in re.finditer(r"(?<=[^\W\d_]{2})[.;!?)]+(?=\s)|(?=\n)", text[: most + 1])]
    return text[: ends[-1]] if ends else re.sub(r"\s*\S*$", "", text[:most]) + "…"


def address(row: Row) -> dict[str, Any]:
    """The row of an address as a postal address."""
    return told(
        {
            "@type": "PostalAddress",
            "streetAddress": row["street"].value,
            "addressLocality": row["town"].value,
            "postalCode": row["postcode"].value if "postcode" in row else "",
            "addressCountry": "IT",
        }
    )


def hours(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of opening hours, one a day, as specifications."""
    days: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if "hours" in row:
            days.setdefault((row["opens"].value, row["closes"].value), set()).add(
                row["day"].value.replace("http:", "https:")
            )
    return [
        {
            "@type": "OpeningHoursSpecification",
            "opens": opens,
            "closes": closes,
            "dayOfWeek": one(sorted(found)),
        }
        for (opens, closes), found in sorted(days.items())
    ]


def web_page(context: PageContext, iri: str) -> dict[str, str]:
    """The page that a thing is the subject of, which has a language as the thing has not."""
    return {"@type": "WebPage", "@id": iri, "url": iri, "inLanguage": context.language}


def licences(iris: Sequence[str]) -> dict[str, Any]:
    """The licences of a work."""
    return {"license": iris[0] if len(iris) == 1 else [*iris]} if iris else {}


def standing(context: PageContext) -> dict[str, Any]:
    """Licence, publisher and, as those whose work it is, the rights holders of all data."""
    of_all = context.snapshot.standing
    return {
        **licences([licence.iri for licence in of_all.whole.licences]),
        **({"publisher": _agent(context, of_all.publisher)} if of_all.publisher else {}),
        **whose([_agent(context, holder) for holder in of_all.whole.holders], context.language),
    }


def whose(holders: Sequence[Mapping[str, str]], language: str) -> dict[str, Any]:
    """The rights holders, as many as can be named one by one.

    Of more than ``HOLDERS`` a text names the first and counts the others: a list of some of them would be one
    of all to whoever reads it, and one of thousands is larger than the page.

    >>> whose([{"name": "Comune di Cremona"}] * 2, "it")["copyrightHolder"][1]
    {'name': 'Comune di Cremona'}
    >>> whose([{"name": f"Borgo {number}"} for number in range(7896)], "it")
    {'creditText': 'Borgo 0, Borgo 1, Borgo 2, Borgo 3, Borgo 4 e altri 7891'}
    """
    if len(holders) > HOLDERS:
        return {"creditText": several([holder["name"] for holder in holders], language)}
    return told({"copyrightHolder": [*holders]})


def _agent(context: PageContext, agent: Agent) -> dict[str, str]:
    iri = context.snapshot.standing.agent_iri(agent, context.base)
    return {"@type": "Organization", "@id": iri, "name": agent.name}
