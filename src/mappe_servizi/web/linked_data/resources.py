"""Dereferencing: ``/data`` redirects (303) to ``/page`` or ``/doc``; ontology and vocabularies answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.bases import iri_below
from mappe_servizi.formats import HTML, TURTLE
from mappe_servizi.model.outputs.declared import DUMP_OF_PART
from mappe_servizi.query.formats import BY_NAME, DOCUMENTS, GRAPHS
from mappe_servizi.rdf.namespaces import NAMED_GRAPHS
from mappe_servizi.rights import Rights
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import named_language, named_only_html, offered
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.http.query_client import ask, ask_rows
from mappe_servizi.web.portal.any_resource import gone
from mappe_servizi.web.portal.renderer import in_language
from mappe_servizi.web.portal.resource import LABEL, own, withdrawal
from mappe_servizi.web.portal.router import Portal
from mappe_servizi.web.served.iris import SAFE, NotAnIriError, decode, encode, split_suffix
from mappe_servizi.web.served.state import ApplicationState

HARVESTED = frozenset({"dataset", "distribution"})
"""Concepts whose documents label nothing else: CKAN takes a label, where there is one, for the value."""
VERSION = re.compile(r"/v?\d+(?:\.\d+)*\Z")
"""How the IRI of an ontology's version ends; a version IRI is that of the ontology as it is now."""
VERSION_IRI = "http://www.w3.org/2002/07/owl#versionIRI"
MEMBERS = (
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
    "http://www.w3.org/2004/02/skos/core#inScheme",
)


class Resources:
    """The handlers of resource addresses."""

    def __init__(self, state: ApplicationState, portal: Portal) -> None:
        self.state, self.portal = state, portal

    async def data(self, request: Request) -> Response:
        """``/data/...``: see the page, or the document that fits best."""
        rest, format_ = self._address(request, "data")
        exchange = exchange_of(request.scope)
        iri = exchange.snapshot.iris.data(rest)
        withdrawn = await withdrawal(request, iri)
        format_ = negotiate(request, format_)
        if withdrawn:
            return await self._tombstone(request, iri, format_, withdrawn)
        encoded, prefix = encode(rest), exchange.snapshot.iris.prefix
        page = in_language(f"/page/{encoded}", named_language(request))
        place = page if format_ == "html" else f"/doc/{encoded}.{BY_NAME[format_].suffix}"
        headers = {"location": prefix + place}
        if exchange.snapshot.immutable:
            headers["cache-control"] = f"public, max-age={self.state.settings.max_age}"
        return Response(status_code=303, headers=headers)

    async def page(self, request: Request) -> Response:
        """``/page/...``: the HTML page."""
        rest, format_ = self._address(request, "page")
        if format_ not in {None, "html"}:
            raise not_found("pages are HTML; documents are under /doc/")
        named_only_html(request)
        exchange = exchange_of(request.scope)
        return await self._page(request, exchange.snapshot.iris.data(rest), f"/doc/{encode(rest)}")

    async def doc(self, request: Request) -> Response:
        """``/doc/...``: the RDF document."""
        rest, format_ = self._address(request, "doc")
        exchange = exchange_of(request.scope)
        format_ = negotiate(request, format_, html=format_ is not None)
        if format_ == "html":
            raise not_found("documents are RDF; pages are under /page/")
        return await self._document(request, exchange.snapshot.iris.data(rest), format_)

    async def direct(self, request: Request) -> Response:
        """``/onto/...`` and ``/controlled-vocabulary/...``: they answer at their own address."""
        kind = request.scope["path"].split("/", 2)[1]
        rest, format_ = self._address(request, kind)
        exchange = exchange_of(request.scope)
        iri = iri_below(exchange.snapshot.iris.base, f"{kind}/{rest}")
        if VERSION.search(rest) and (of := await self._version_of(request, iri)):
            return Response(
                status_code=303, headers={"location": of + request.url.path[len(f"/{kind}/{rest}") :]}
            )
        format_ = negotiate(request, format_)
        if format_ == "html":
            return await self._page(request, iri, f"/{kind}/{encode(rest)}")
        own_base = exchange.snapshot.iris.base
        more = [inner_nodes(own_base, iri)] if kind == "shapes" else members(iri)
        return await self._document(request, iri, format_, more)

    async def graph(self, request: Request) -> Response:
        """``/graph/{name}``: see the file of the named graph, or a query for it where there are no files."""
        exchange = exchange_of(request.scope)
        exchange.route = "graph"
        name = request.path_params["name"]
        prefix = exchange.snapshot.iris.prefix
        release, dump = exchange.snapshot.release, DUMP_OF_PART.filled(part=name)
        if name not in NAMED_GRAPHS or (release is not None and dump not in release.files):
            raise not_found(f"there is no named graph {name}; there are {', '.join(NAMED_GRAPHS)}")
        query = whole_graph(exchange.snapshot.iris.base, name)
        place = dump if release is not None else f"sparql?query={quote(query, safe='')}"
        return Response(status_code=303, headers={"location": f"{prefix}/{place}"})

    async def _version_of(self, request: Request, iri: str) -> str | None:
        """Where the ontology is whose version has an IRI, None where it is no version's."""
        exchange = exchange_of(request.scope)
        rows = await ask_rows(request, f"SELECT ?of {{ ?of <{VERSION_IRI}> <{iri}> }} LIMIT 1")
        return exchange.snapshot.iris.local(rows[0]["of"].value) if rows else None

    def _address(self, request: Request, kind: str) -> tuple[str, str | None]:
        exchange = exchange_of(request.scope)
        exchange.route = kind
        try:
            path = decode(request.scope["raw_path"])
        except NotAnIriError as error:
            raise not_found(str(error)) from error
        return split_suffix(path[len(kind) + 2 :])

    async def _page(self, request: Request, iri: str, document: str) -> Response:
        exchange = exchange_of(request.scope)
        document = exchange.snapshot.iris.prefix + document
        response = await self.portal.resource(request, iri)
        links = [(f"{document}.{f.suffix}", f'rel="alternate"; type="{f.media}"') for f in GRAPHS[:4]]
        links += [(f"{document}.ttl", f'rel="describedby"; type="{TURTLE.media}"')]
        links += [
            (iri, 'rel="describes"'),
            *licence_links(exchange.snapshot.rights(iri)),
        ]
        canonical = response.headers.get("link")
        response.headers["link"] = f"{canonical}, {link_field(links)}" if canonical else link_field(links)
        return response

    async def _tombstone(self, request: Request, iri: str, format_: str, withdrawn: str) -> Response:
        """What is left of a withdrawn resource: when it was withdrawn, as a page or as RDF."""
        if format_ == "html":
            raise gone(iri, withdrawn)
        result = await ask(request, f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ {own(iri)} }}", BY_NAME[format_])
        headers = {"content-type": BY_NAME[format_].content_type, "cache-control": "no-store"}
        return Response(result.body, 410, headers)

    async def _document(self, request: Request, iri: str, format_: str, more: Iterable[str] = ()) -> Response:
        exchange = exchange_of(request.scope)
        if withdrawn := await withdrawal(request, iri):
            return await self._tombstone(request, iri, format_, withdrawn)
        chosen = BY_NAME[format_]
        kind = iri.removeprefix(exchange.snapshot.iris.data("")).partition("/")[0]
        query = description(iri, more, labels=kind not in HARVESTED)
        result = await ask(request, query, chosen)
        tag = exchange.snapshot.tag("doc", iri, chosen.name)
        headers = [*caching(tag, self.state.settings.max_age, exchange.snapshot.modified)]
        page = exchange.snapshot.iris.link(iri) or ""
        links = [
            (iri, 'rel="describes"'),
            (page, f'rel="alternate"; type="{HTML.media}"'),
            *licence_links(exchange.snapshot.rights(iri)),
        ]
        headers += [(b"link", link_field(links).encode()), (b"content-type", chosen.content_type.encode())]
        headers.append((b"content-length", str(len(result.body)).encode()))
        response = Response(result.body)
        response.raw_headers = headers
        return response


def licence_links(rights: Rights) -> list[tuple[str, str]]:
    """The links to the licences of an answer."""
    return [(licence.iri, 'rel="license"') for licence in rights.licences]


def link_field(links: Iterable[tuple[str, str]]) -> str:
    """A Link field; its IRIs as URIs.

    >>> link_field([("https://e.org/città", 'rel="canonical"')])
    '<https://e.org/citt%C3%A0>; rel="canonical"'
    """
    return ", ".join(f"<{quote(iri, safe=SAFE + '%#?')}>; {rest}" for iri, rest in links)


def members(iri: str) -> list[str]:
    """The patterns of the terms of an ontology, and of the concepts of a scheme."""
    return [f"?s <{member}> <{iri}> ; ?p ?o" for member in MEMBERS]


def inner_nodes(base: str, shape: str) -> str:
    """The pattern of what a shape is made of: the nodes whose addresses are in its document."""
    return f'GRAPH <{base}graph/schema> {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{shape}#")) }}'


def description(iri: str, more: Iterable[str] = (), *, labels: bool = True) -> str:
    """The query for a resource's document: its own triples, then the labels of what they lead to.

    Args:
        iri: the resource.
        more: the patterns of triples of its parts.
        labels: whether those of what it leads to are told.
    """
    parts = [f"{{ {{ {own(iri)} }} BIND(<{iri}> AS ?s) }}"]
    parts += [f"{{ {pattern} }}" for pattern in more]
    linked = f"{{ SELECT DISTINCT (?linked AS ?s) {{ {own(iri, 'linked')} }} }}"
    parts += [f"{{ {linked} ?s <{LABEL}> ?o BIND(<{LABEL}> AS ?p) }}"] if labels else []
    where = " UNION ".join(parts)
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }} ORDER BY DESC(?s = <{iri}>)"


def whole_graph(base: str, name: str) -> str:
    """The query for all that stands in a named graph."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{base}graph/{name}> {{ ?s ?p ?o }} }}"


def negotiate(request: Request, suffix: str | None = None, *, html: bool = True) -> str:
    """The name of the format that a client wants; RDF where it wants both the same.

    Args:
        request: its parameters and its Accept field.
        suffix: the format that the address itself names.
        html: whether there is a page too.

    Raises:
        Problem: it wants none that there is, or names two.
    """
    formats = DOCUMENTS if html else GRAPHS
    return offered(request, formats, suffix=suffix or "", what="this resource")[0].name
