"""``/llms.txt``: what an assistant needs to know of this server (https://llmstxt.org)."""

from __future__ import annotations

from starlette.responses import Response

from mappe_servizi.formats import TEXT
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.portal.context import PageContext

PLACES = {
    "Ask": {
        "/mcp": "Model Context Protocol (streamable HTTP, stateless, no key); the tools search, describe, "
        "list_questions, ask_question, figures, sparql",
        "/search?q=asilo+nido&format=json": "things by words, Italian or English",
        "/api/": "reviewed questions with typed parameters, as JSON and CSV",
        "/api/openapi.json": "the same, described (OpenAPI 3.0.3)",
        "/sparql": "SPARQL 1.1; what is wrong with a query is explained",
        "/reconcile": "names of organisations, services and places to IRIs (Entity Reconciliation API)",
    },
    "Know": {
        "/onto/MDS": "the ontology: classes and properties in Italian and English",
        "/.well-known/void": "how many things of which kinds there are, and the endpoint's limits",
        "/catalogue.ttl": "the data sets, their licence and publisher (DCAT-AP_IT)",
        "/problems": "what the kinds of errors mean",
    },
    "Download": {
        "/csv/": "every table",
        "/dump/": "all data as RDF",
    },
}
RULES = (
    "Cite the IRI of what you use, and the place that it was read from: mds:sourceAnchor and mds:sourceLine "
    "name document and line.",
    "An IRI under /data/ is a web address: .ttl, .jsonld or .html at its end picks a format.",
    "Every resource has exactly one l0:name, in Italian; join on it, not on rdfs:label.",
    "A figure has its facts on itself: mds:serviceCode, mds:municipalityCode, mds:indicatorName, mds:year, "
    "sdmx-measure:obsValue, mds:unitCode, mds:isCurrent.",
    "Where towns or editions say a thing twice, keep mds:isCurrent true.",
    "Do not add a total to its parts (mds:indicatorRole), rows that repeat others (mds:repeats), users of "
    "different rows, or a stock (mds:periodKind) over years.",
    "A figure that is not there was not printed: say so.",
)


async def page(context: PageContext) -> Response:
    """The text, in English, with addresses of this server."""
    root = (context.state.settings.public_url or context.iris.prefix).rstrip("/")
    lines = ["# Mappe dei servizi", ""]
    lines += [
        "> What Italian municipalities do: their services, for whom, how much and by whom, read from "
        "official service maps and published as linked open data. Texts are Italian.",
        "",
    ]
    lines += [*(f"- {rule}" for rule in RULES), ""]
    for title, places in PLACES.items():
        lines += [f"## {title}", ""]
        lines += [*(f"- [{path}]({root}{path}): {about}" for path, about in places.items()), ""]
    response = Response("\n".join(lines).rstrip() + "\n", media_type=TEXT.media)
    response.raw_headers.extend(caching(context.snapshot.tag("llms", root), context.state.settings.max_age))
    return response
