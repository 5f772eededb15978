"""Which of the formats that there are a client gets: by a parameter, a suffix, or Accept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.requests import Request

from mappe_servizi.formats import TEXT, XML, with_charset
from mappe_servizi.query.formats import HTML, Format, expanded
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.negotiation import LANGUAGES, choose, choose_language
from mappe_servizi.web.http.problems import Problem

PARAMETERS = ("format", "output", "out", "results", "Accept", "accept")
"""The parameters by which clients name a format: see docs/formats.md."""
REFUSED = {"stylesheet": "a result refers to no stylesheet", "callback": "JSONP is not offered: CORS is"}
VAGUE = frozenset({TEXT.media, XML.media, "text/xml", "text/rdf"})
"""Media types that a browser sends too: they name no RDF where there is HTML beside it."""
MAX_WISH = 2000
Offer = tuple[Format, str]
"""A format, and its content type as the client calls it."""


def wish(fields: Iterable[tuple[str, str]], suffix: str = "") -> tuple[str, ...]:
    """What the parameters, and a suffix of the address, name; nothing where they leave it to Accept.

    Raises:
        Problem: they ask for what no answer has.

    >>> wish([("format", "auto"), ("output", "csv")]), wish([("query", "ASK {}")])
    (('csv',), ())
    """
    found = [suffix] if suffix else []
    for name, value in fields:
        if name in REFUSED and value.strip():
            raise Problem(400, "bad-request", f"{name} is not taken: {REFUSED[name]}")
        if name in PARAMETERS and value.strip().lower() not in {"", "auto"}:
            if len(value) > MAX_WISH:
                raise Problem(400, "bad-request", f"{name} may have {MAX_WISH} characters at most")
            found.append(value)
    return tuple(dict.fromkeys(found))


def offers(formats: Sequence[Format], *, named: bool = False) -> list[Offer]:
    """Everything that formats may be sent as, what is registered before what is not.

    Args:
        formats: in the order of the server's preference.
        named: whether the client named a format by itself, where vague names are none.
    """
    left_out = VAGUE if HTML in formats and not named else frozenset()
    pages = [(f, alias) for f in formats if f is HTML for alias in f.aliases]
    others = [(f, alias) for f in formats if f is not HTML for alias in f.aliases if alias not in left_out]
    return [*((f, f.media) for f in formats), *pages, *others]


def offer(formats: Sequence[Format], wished: Sequence[str], accept: str | None, what: str = "this") -> Offer:
    """The format that is wanted most; what the client names by parameters wins over Accept.

    Raises:
        Problem: none of them is wanted (406), it lists those that there are; or two are named (400).
    """
    there = offers(formats, named=bool(wished))
    fields = [expanded(name, formats) or "none" for name in wished] if wished else [accept]
    found: list[Offer] = []
    for name, field in zip(wished or ("",), fields, strict=True):
        index = choose(field, [media for _, media in there])
        if index is None:
            raise not_offered(formats, what, name)
        found.append(there[index])
    if len({format_.name for format_, _ in found}) > 1:
        raise Problem(400, "bad-request", f"one format can be given, not {' and '.join(map(repr, wished))}")
    format_, media = found[0]
    return format_, with_charset(media)


def not_offered(formats: Sequence[Format], what: str, wished: str = "") -> Problem:
    """The answer to a client that wants none of the formats."""
    there = ", ".join(f"{f.name} ({f.media})" for f in formats)
    said = f", not as {wished!r}" if wished else ""
    return Problem(
        406,
        "not-acceptable",
        f"{what} is offered as {there}{said}",
        more={"offered": {f.name: f.media for f in formats}},
    )


def offered(request: Request, formats: Sequence[Format], *, suffix: str = "", what: str = "this") -> Offer:
    """The format of the answer to a request.

    Raises:
        Problem: there is none that the client wants, or it names two.
    """
    wished = wish(request.query_params.multi_items(), suffix)
    return offer(formats, wished, exchange_of(request.scope).get(b"accept"), what)


def named_only_html(request: Request) -> None:
    """Refuse a request that names another format of what has pages only.

    Raises:
        Problem: it does.
    """
    wished = wish(request.query_params.multi_items())
    if wished:
        offer((HTML,), wished, None, "this page")


def language_of(request: Request) -> str:
    """The language to answer in: that of ``?lang=``, or the one that the client wants most."""
    accepted = exchange_of(request.scope).get(b"accept-language")
    return named_language(request) or choose_language(accepted, LANGUAGES)


def named_language(request: Request) -> str:
    """The language that an address names, "" where it names none that there is."""
    wished = request.query_params.get("lang", "")
    return wished if wished in LANGUAGES else ""
