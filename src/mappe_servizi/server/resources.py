"""Dereferencing: ``/data`` redirects (303) to ``/page`` or ``/doc``; ontology and vocabularies answer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.query.formats import BY_NAME, GRAPHS, Format
from mappe_servizi.server.conditional import caching
from mappe_servizi.server.front import Exchange
from mappe_servizi.server.iris import NotAnIriError, decode, encode, split_suffix
from mappe_servizi.server.negotiation import choose, choose_language
from mappe_servizi.server.pages import LABEL, own, own_rows, read_page
from mappe_servizi.server.problems import Problem, not_found
from mappe_servizi.server.reading import ask
from mappe_servizi.server.site import Site
from mappe_servizi.server.views import LANGUAGES, Views

HTML = "text/html"
MEMBERS = (
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
    "http://www.w3.org/2004/02/skos/core#inScheme",
)


class Resources:
    """The handlers of resource addresses."""

    def __init__(self, site: Site, views: Views) -> None:
        self.site, self.views = site, views

    async def data(self, request: Request) -> Response:
        """``/data/...``: see the page, or the document that fits best."""
        rest, format_ = self._address(request, "data")
        exchange: Exchange = request.scope["mappe"]
        iri = exchange.snapshot.iris.data(rest)
        await own_rows(request, iri, 1)
        format_ = format_ or negotiate(request)
        encoded = encode(rest)
        place = f"/page/{encoded}" if format_ == "html" else f"/doc/{encoded}.{BY_NAME[format_].suffix}"
        headers = {"location": place}
        if exchange.snapshot.immutable:
            headers["cache-control"] = f"public, max-age={self.site.settings.max_age}"
        return Response(status_code=303, headers=headers)

    async def page(self, request: Request) -> Response:
        """``/page/...``: the HTML page."""
        rest, format_ = self._address(request, "page")
        if format_ not in {None, "html"}:
            raise not_found("pages are HTML; documents are under /doc/")
        exchange: Exchange = request.scope["mappe"]
        return await self._page(request, exchange.snapshot.iris.data(rest), f"/doc/{encode(rest)}")

    async def doc(self, request: Request) -> Response:
        """``/doc/...``: the RDF document."""
        rest, format_ = self._address(request, "doc")
        exchange: Exchange = request.scope["mappe"]
        format_ = format_ or negotiate(request, html=False)
        if format_ == "html":
            raise not_found("documents are RDF; pages are under /page/")
        return await self._document(request, exchange.snapshot.iris.data(rest), format_)

    async def direct(self, request: Request) -> Response:
        """``/onto/...`` and ``/controlled-vocabulary/...``: they answer at their own address."""
        kind = request.scope["path"].split("/", 2)[1]
        rest, format_ = self._address(request, kind)
        exchange: Exchange = request.scope["mappe"]
        iri = f"{exchange.snapshot.iris.base}{kind}/{rest}"
        format_ = format_ or negotiate(request)
        if format_ == "html":
            return await self._page(request, iri, f"/{kind}/{encode(rest)}")
        return await self._document(request, iri, format_, members=True)

    def _address(self, request: Request, kind: str) -> tuple[str, str | None]:
        exchange: Exchange = request.scope["mappe"]
        exchange.route = kind
        try:
            path = decode(request.scope["raw_path"])
        except NotAnIriError as error:
            raise not_found(str(error)) from error
        return split_suffix(path[len(kind) + 2 :])

    async def _page(self, request: Request, iri: str, document: str) -> Response:
        exchange: Exchange = request.scope["mappe"]
        number = page_number(request)
        language = choose_language(exchange.get(b"accept-language"), LANGUAGES)
        page = await read_page(request, iri, number, language)
        page.documents.update({f.media: f"{document}.{f.suffix}" for f in GRAPHS[:4]})
        links = ", ".join(f'<{url}>; rel="alternate"; type="{m}"' for m, url in page.documents.items())
        links += f', <{iri}>; rel="describes"'
        tag = exchange.snapshot.tag("page", iri, str(number), language)
        return self.views.page(
            request, "resource.html", language, {"page": page}, tag, {"link": ascii_(links)}
        )

    async def _document(self, request: Request, iri: str, format_: str, *, members: bool = False) -> Response:
        exchange: Exchange = request.scope["mappe"]
        await own_rows(request, iri, 1)
        chosen = BY_NAME[format_]
        result = await ask(request, description(iri, members=members), chosen)
        tag = exchange.snapshot.tag("doc", iri, chosen.name)
        headers = [*caching(tag, self.site.settings.max_age)]
        links = f'<{iri}>; rel="describes"'
        headers += [(b"link", ascii_(links).encode()), (b"content-type", chosen.content_type.encode())]
        headers.append((b"content-length", str(len(result.body)).encode()))
        response = Response(result.body)
        response.raw_headers = headers
        return response


def ascii_(links: str) -> str:
    """A Link field, its IRIs as URIs."""
    return encode(links).replace("%3C", "<").replace("%3E", ">").replace("%22", '"').replace("%20", " ")


def description(iri: str, *, members: bool = False) -> str:
    """The query for a resource's document: its own triples and the labels of what they lead to.

    With ``members``, also those of the terms of an ontology and the concepts of a scheme.
    """
    parts = [f"{{ {{ {own(iri)} }} BIND(<{iri}> AS ?s) }}"]
    if members:
        parts += [f"{{ ?s <{member}> <{iri}> ; ?p ?o }}" for member in MEMBERS]
    linked = f"{{ SELECT DISTINCT (?linked AS ?s) {{ {own(iri, 'linked')} }} }}"
    parts.append(f"{{ {linked} ?s <{LABEL}> ?o BIND(<{LABEL}> AS ?p) }}")
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {' UNION '.join(parts)} }}"


def negotiate(request: Request, *, html: bool = True) -> str:
    """The name of the format that a client wants; RDF where it wants both the same.

    Raises:
        Problem: it wants none that there is.
    """
    offers: list[tuple[str, str]] = [(f.name, f.content_type) for f in GRAPHS]
    offers += [("html", HTML), ("html", "application/xhtml+xml")] if html else []
    offers += [(f.name, alias) for f in GRAPHS for alias in aliases(f)]
    index = choose(request.headers.get("accept"), [media for _, media in offers])
    if index is None:
        known = ", ".join(dict.fromkeys(media for _, media in offers))
        raise Problem(406, "not-acceptable", f"this resource is offered as {known}")
    return offers[index][0]


def aliases(format_: Format) -> tuple[str, ...]:
    """Other names of a format, without those that mean something else where there is HTML."""
    return tuple(a for a in format_.aliases if a not in {"text/plain", "application/xml", "text/xml"})


def page_number(request: Request) -> int:
    """The number of the page of incoming links that is asked for.

    Raises:
        Problem: it is no number from 1.
    """
    value = request.query_params.get("page", "1")
    if not (value.isascii() and value.isdigit() and len(value) < 7 and int(value) > 0):
        raise Problem(400, "bad-request", "page must be a number from 1")
    return int(value)
