"""What a data set's page says to search engines: the fields that they read of a schema.org Dataset.

All of it is what the catalogue says of the data set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.schema_org.document import script
from mappe_servizi.web.served.results import Row

DCAT = "http://www.w3.org/ns/dcat#"
MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
PATTERNS = {
    "self": f"""<IRI> a <{DCAT}Dataset> ; dct:title ?title ; dct:description ?description ;
        dct:identifier ?identifier . OPTIONAL {{ <IRI> dct:issued ?issued }}
        OPTIONAL {{ <IRI> dct:modified ?modified }} OPTIONAL {{ <IRI> <{DCAT}version> ?version }}
        OPTIONAL {{ <IRI> dct:license ?licence }} OPTIONAL {{ <IRI> <{DCAT}landingPage> ?page }}""",
    "keyword": f"<IRI> <{DCAT}keyword> ?keyword",
    "language": "<IRI> dct:language ?language",
    "agent": """<IRI> ?role ?agent . ?agent <http://xmlns.com/foaf/0.1/name> ?name
        FILTER(?role IN (dct:creator, dct:publisher, dct:rightsHolder))""",
    "place": "<IRI> dct:spatial ?place . ?place <http://dati.gov.it/onto/dcatapit#geographicalName> ?name",
    "period": f"""<IRI> dct:temporal ?period . ?period <{DCAT}startDate> ?start ;
        <{DCAT}endDate> ?end""",
    "file": f"""<IRI> <{DCAT}distribution> ?file . ?file <{DCAT}downloadURL> ?url ; dct:title ?name .
        OPTIONAL {{ ?file <{DCAT}mediaType> ?media }}
        OPTIONAL {{ ?file <{DCAT}compressFormat>|<{DCAT}packageFormat> ?packed }}
        OPTIONAL {{ ?file <{DCAT}byteSize> ?size }}""",
}
ROLES = {"creator": "creator", "publisher": "publisher", "rightsHolder": "copyrightHolder"}


async def json_ld(context: PageContext, iri: str) -> Markup | None:
    """A data set of the catalogue as a Dataset, None where it is none."""
    patterns = {
        name: f"GRAPH <BASE/graph/catalogue> {{ {pattern.replace('<IRI>', f'<{iri}>')} }}"
        for name, pattern in PATTERNS.items()
    }
    found = await context.blocks(patterns)
    if not found["self"]:
        return None
    head = found["self"][0]
    document = {
        "@type": "Dataset",
        "@id": iri,
        "name": _best(context, found["self"], "title"),
        "description": _best(context, found["self"], "description"),
        "identifier": head["identifier"].value,
        "url": head["page"].value if "page" in head else iri,
        "sameAs": iri,
        "license": _all(found["self"], "licence"),
        "datePublished": _value(head, "issued"),
        "dateModified": _value(head, "modified"),
        "version": _value(head, "version"),
        "isAccessibleForFree": True,
        "keywords": _all(found["keyword"], "keyword"),
        "inLanguage": sorted({_language(row["language"].value) for row in found["language"]}),
        "spatialCoverage": [{"@type": "Place", "name": name} for name in _all(found["place"], "name")],
        "temporalCoverage": [f"{r['start'].value}/{r['end'].value}" for r in found["period"]],
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{context.base}catalogue"},
        "distribution": _files(context, found["file"]),
        **_agents(found["agent"]),
    }
    return script(document)


def _value(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _all(rows: Iterable[Row], name: str) -> list[str]:
    return sorted({row[name].value for row in rows if name in row})


def _best(context: PageContext, rows: Iterable[Row], name: str) -> str:
    return context.best({r[name].language: r[name] for r in rows}.values()).value


def _language(iri: str) -> str:
    """A language of the EU's list as search engines have it.

    >>> _language("http://publications.europa.eu/resource/authority/language/ITA")
    'it'
    """
    return {"ITA": "it", "ENG": "en"}.get(iri.rsplit("/", 1)[-1], iri)


def _agents(rows: Iterable[Row]) -> Mapping[str, list[dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        role = ROLES[row["role"].value.rsplit("/", 1)[-1]]
        agent = {"@type": "Organization", "@id": row["agent"].value, "name": row["name"].value}
        found.setdefault(role, {})[row["agent"].value] = agent
    return {role: [agents[iri] for iri in sorted(agents)] for role, agents in found.items()}


def _sent_as(row: Row) -> str:
    """The media type of the file itself, which may be packed."""
    return (_value(row, "packed") or _value(row, "media")).removeprefix(MEDIA_TYPES)


def _files(context: PageContext, rows: Iterable[Row]) -> list[dict[str, str]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["url"].value, []).append(row)
    return [
        {
            key: value
            for key, value in {
                "@type": "DataDownload",
                "name": _best(context, of_file, "name"),
                "contentUrl": url,
                "encodingFormat": _sent_as(of_file[0]),
                "contentSize": _value(of_file[0], "size"),
            }.items()
            if value
        }
        for url, of_file in sorted(grouped.items())
    ]
