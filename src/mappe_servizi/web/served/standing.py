"""Licence and standing of what a remote endpoint serves, which has no manifest: its catalogue says them."""

from __future__ import annotations

import json

from mappe_servizi.query.engine import Engine, Job
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import JSON
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rights import Agent, Licence, Rights, Standing
from mappe_servizi.web.logs import logger

QUERY = """SELECT ?licence ?name ?version ?publisher ?publisherName ?holder ?holderName {{
  GRAPH <{base}graph/catalogue> {{
    <{base}catalogue> dct:publisher ?publisher . ?publisher <http://xmlns.com/foaf/0.1/name> ?publisherName .
    <{base}data/dataset/all> dct:license ?licence ; dct:rightsHolder ?holder .
    ?licence <http://xmlns.com/foaf/0.1/name> ?name FILTER(LANG(?name) = "it")
    ?holder <http://xmlns.com/foaf/0.1/name> ?holderName .
  }}
}} ORDER BY ?licence ?holder LIMIT 1000"""


async def read_standing(engine: Engine, base: str) -> Standing:
    """What the catalogue of an endpoint says; nothing is claimed where it says nothing."""
    known = "".join(f"PREFIX {name}: <{prefixes(base)[name]}>\n" for name in ("dct",))
    try:
        result = await engine.run(Job(known + QUERY.format(base=base), JSON, "standing"))
        body = bytearray(result.body)
        if result.stream is not None:
            async for chunk in result.stream:
                body += chunk
        rows = [{k: v["value"] for k, v in row.items()} for row in json.loads(body)["results"]["bindings"]]
    except (QueryError, ValueError, KeyError) as error:
        logger.warning("the endpoint's catalogue does not tell licence and publisher", reason=str(error))
        rows = []
    return of_rows(rows)


def of_rows(rows: list[dict[str, str]]) -> Standing:
    """What the rows of the query say."""
    if not rows:
        return Standing()
    licences = {row["licence"]: _licence(row["licence"], row["name"]) for row in rows}
    holders = {row["holder"]: Agent(row["holder"].rsplit("/", 1)[-1], row["holderName"]) for row in rows}
    publisher = Agent(rows[0]["publisher"].rsplit("/", 1)[-1], rows[0]["publisherName"])
    rights = Rights(
        tuple(licences.values()), tuple(holders.values()), official={*holders} == {rows[0]["publisher"]}
    )
    return Standing(
        publisher, None, rights, {a.identifier: rights for i, a in holders.items() if "/municipality/" in i}
    )


def _licence(iri: str, name: str) -> Licence:
    short = name.rpartition("(")[2].removesuffix(")")
    return Licence(iri, iri, short, name, name, "", "", "", "", "", iri, iri)
