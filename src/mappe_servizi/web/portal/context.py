"""One visitor's request for a page: asking the graph, and putting its answers into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import CSV
from mappe_servizi.outputs.statistics import Statistics
from mappe_servizi.query.errors import QueryError, ResultTooLargeError
from mappe_servizi.query.formats import GRAPHS
from mappe_servizi.web.api.views import View, as_file, wished
from mappe_servizi.web.http.codings import unpacked
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import language_of
from mappe_servizi.web.http.problems import from_query_error
from mappe_servizi.web.http.query_client import ask_rows
from mappe_servizi.web.portal.citation import Citation, CitedResource, cite, edition_of, in_words
from mappe_servizi.web.portal.page import Crumb, Download, Page, Ref, Reuse
from mappe_servizi.web.portal.question import LIMIT, About, by_block, question
from mappe_servizi.web.portal.renderer import PageRenderer, in_language
from mappe_servizi.web.portal.texts import LocalizedText, number, translate
from mappe_servizi.web.portal.vocabulary import Labels, VocabularyLabels
from mappe_servizi.web.served.results import Row, Term, best_label, expanded
from mappe_servizi.web.served.state import ApplicationState
from mappe_servizi.web.served.statistics import statistics

MAX_ROWS = 10_000


class PageContext:
    """A request for a page.

    Attributes:
        language: of the page.
        base: of our IRIs.
    """

    def __init__(
        self,
        request: Request,
        state: ApplicationState,
        renderer: PageRenderer,
        vocabularies: VocabularyLabels,
    ) -> None:
        self.request, self.state, self.renderer = request, state, renderer
        self.exchange = exchange_of(request.scope)
        self.snapshot = self.exchange.snapshot
        self.iris, self.base = self.snapshot.iris, self.snapshot.iris.base
        self.language = language_of(request)
        self._vocabularies = vocabularies
        self._words: Labels = {}
        self._own: dict[str, Sequence[Term]] = {}

    async def read_words(self) -> None:
        """Have the labels of the vocabularies at hand.

        Raises:
            Problem: they could not be read.
        """
        try:
            self._words = await self._vocabularies.labels(self.snapshot)
        except QueryError as error:
            raise from_query_error(error) from error

    def translate(self, text: str) -> str:
        """A text of the pages."""
        return translate(text, self.language)

    async def blocks(
        self, patterns: Mapping[str, str], limit: int = LIMIT, *, labelled: bool = True
    ) -> dict[str, list[Row]]:
        """The rows of several patterns, asked in one query (see ``question``).

        Args:
            patterns: by the name of their block.
            limit: of all rows.
            labelled: whether what they name is to be had in words.

        Raises:
            Problem: the query failed, or has more rows than a page can be made of.
        """
        return await self._answered(question(patterns, self.base, limit), patterns, limit, labelled=labelled)

    async def about(self, patterns: About, iri: str) -> dict[str, list[Row]]:
        """The same of the patterns about a resource.

        Raises:
            Problem: the query failed, or has more rows than a page can be made of.
        """
        return await self._answered(patterns.question(iri, self.base), patterns, LIMIT, labelled=True)

    async def _answered(
        self, query: str, names: Iterable[str], limit: int, *, labelled: bool
    ) -> dict[str, list[Row]]:
        if not self._words:
            await self.read_words()
        prepared = self.snapshot.prepared.get(query)
        rows = await ask_rows(self.request, query) if prepared is None else expanded(unpacked(prepared))
        if len(rows) >= limit:
            said = f"this page would be made of more than {limit} rows; /api/ gives them page by page"
            raise from_query_error(ResultTooLargeError(said))
        if labelled:
            await self._read_own(rows)
        return by_block(rows, names)

    async def _read_own(self, rows: Sequence[Row]) -> None:
        try:
            self._own |= await self._vocabularies.own(self.snapshot, rows)
        except QueryError as error:
            raise from_query_error(error) from error

    def labels(self, iri: str) -> Sequence[Term]:
        """Those of a concept of the vocabularies, of an area or a service, which are at hand."""
        return self._words.get(iri) or self._own.get(iri, ())

    async def counted(self) -> Statistics:
        """What is said of the whole graph.

        Raises:
            Problem: it could not be counted.
        """
        try:
            return await statistics(self.snapshot, self.state.settings.max_age)
        except QueryError as error:
            raise from_query_error(error) from error

    def text(self, term: Term | None) -> LocalizedText:
        """A literal as a text."""
        return LocalizedText("") if term is None else LocalizedText(term.value, term.language, self.language)

    def best(self, terms: Iterable[Term]) -> LocalizedText:
        """The one of some literals that suits the page's language."""
        return self.text(best_label(list(terms), self.language))

    def word(self, iri: str) -> LocalizedText:
        """The label of a vocabulary's concept, or else the end of its IRI."""
        label = best_label(self.labels(iri), self.language)
        return LocalizedText(iri.rstrip("/").rsplit("/", 1)[-1]) if label is None else self.text(label)

    def concept(self, iri: str) -> Ref:
        """A vocabulary's concept."""
        return Ref(self.word(iri), self.link(iri), iri)

    def ref(self, iri: Term | None, label: Term | None = None) -> Ref:
        """A resource by its IRI and label; that of its language where it has one that is at hand."""
        if iri is None:
            return Ref(self.text(label))
        translated = label is None or (
            label.language != self.language
            and any(one.language == self.language for one in self.labels(iri.value))
        )
        text = self.word(iri.value) if translated else self.text(label)
        return Ref(text, self.link(iri.value), iri.value)

    def distinct(self, rows: Iterable[Row], name: str, label: str) -> list[Ref]:
        """What some rows name, each once, by label."""
        found = {row[name].value: self.ref(row[name], row[label]) for row in rows if name in row}
        return sorted(found.values(), key=lambda ref: (ref.text.value.casefold(), ref.iri))

    def crumb(self, iri: Term, label: Term) -> Crumb:
        """A resource as a step of the way to a page."""
        of = self.ref(iri, label)
        return Crumb(of.text, of.href)

    def link(self, iri: str) -> str:
        """Where an IRI leads to; "" where that is no page."""
        own = self.iris.link(iri)
        return own if own is not None else iri if iri.startswith(("http://", "https://")) else ""

    def kept(self, link: str) -> str:
        """A link of a picture, which keeps the language that the address names."""
        named = self.request.query_params.get("lang") == self.language
        return in_language(link, self.language if named else "")

    def number(self, value: str | float | Decimal) -> str:
        """A number as the page's readers write it."""
        return number(value, self.language)

    def href(self, path: str) -> str:
        """An address of this server, under its prefix."""
        return f"{self.iris.prefix}{path}"

    def csv(self, table: str, /, **columns: object) -> str:
        """Where some rows of a table are to be had as CSV."""
        return self.href(f"/api/{table}.csv?{urlencode({**columns, 'limit': MAX_ROWS})}")

    def render(self, page: Page, *tagged: str) -> Response:
        """The page; ``tagged`` is what, with its address, determines it."""
        tag = self.snapshot.tag("portal", page.template, *tagged, self.language)
        return self.renderer.page(self.request, page, self.language, tag)

    async def show(self, page: Page, view: View, *tagged: str) -> Response:
        """A page whose rows a visitor chooses, or these rows as the file that the address asks for.

        Raises:
            Problem: it asks for a format that there is not.
        """
        found = wished(self.request)
        if found is None:
            return self.render(page, *tagged)
        query = self.request.scope["query_string"].decode("latin-1")
        tag = self.snapshot.tag("view", view.name, found[1], *tagged, self.language, query)
        return await as_file(view, found, tag, self.state.settings.max_age)

    def reuse(self, iri: str, title: str, csv: str = "") -> Reuse:
        """What the part about reusing a resource's data says; ``csv`` is where its rows are."""
        local = self.iris.local(iri) or ""
        data = f"{self.iris.prefix}/data/"
        document = f"{self.iris.prefix}/doc/{local[len(data) :]}" if local.startswith(data) else local
        formats = [Download(f.name_for_people, f"{document}.{f.suffix}", f.media) for f in FORMATS]
        citation = self._citation(iri, title)
        sparql = f"DESCRIBE <{iri}>"
        return Reuse(
            iri=iri,
            local=local,
            all=f"{self.iris.link(iri)}?view=all",
            formats=[*formats, Download("CSV", csv, CSV.media)] if csv else formats,
            citation=citation.text,
            bibtex=citation.bibtex,
            sparql=sparql,
            try_it=self.href(f"/sparql?{urlencode({'edit': sparql})}"),
        )

    def edition_of(self, iri: str) -> str:
        """The edition that a resource is of, or the newest of its municipality; "" where nobody knows."""
        release = self.snapshot.release
        return edition_of(iri, self.base, release.editions) if release is not None else ""

    def _citation(self, iri: str, title: str) -> Citation:
        release, rights = self.snapshot.release, self.snapshot.rights(iri)
        edition = self.edition_of(iri)
        return cite(
            CitedResource(
                iri=iri,
                base=self.base,
                title=title,
                authors=[holder.name for holder in rights.holders],
                edition=f"{self.translate('edizione')} {edition}" if edition else "",
                dated=self.edition,
                year=release.modified[:4] if release is not None else "",
                licence=rights.names,
                language=self.language,
            )
        )

    @property
    def edition(self) -> str:
        """The date of the release in words, "" for a remote endpoint."""
        release = self.snapshot.release
        return (
            f"{self.translate('Dati del').lower()} {in_words(release.modified, self.language)}"
            if release is not None and release.modified
            else ""
        )


@dataclass(frozen=True, slots=True)
class _Offer:
    name_for_people: str
    suffix: str
    media: str


NAMES = {"turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "ntriples": "N-Triples"}
FORMATS = tuple(_Offer(NAMES[f.name], f.suffix, f.media) for f in GRAPHS if f.name in NAMES)
