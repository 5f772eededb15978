"""One visitor's request for a page: asking the graph, and putting its answers into words."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import CSV
from mappe_servizi.outputs.statistics import Statistics
from mappe_servizi.query.errors import QueryError, ResultTooLargeError
from mappe_servizi.query.formats import GRAPHS
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.api.views import View, as_file, wished
from mappe_servizi.web.http.codings import unpacked
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import language_of
from mappe_servizi.web.http.problems import from_query_error
from mappe_servizi.web.http.query_client import ask_rows
from mappe_servizi.web.portal.citation import Citation, CitedResource, cite, edition_of, in_words
from mappe_servizi.web.portal.page import Crumb, Download, Page, Ref, Reuse
from mappe_servizi.web.portal.renderer import PageRenderer, in_language
from mappe_servizi.web.portal.texts import LocalizedText, number, translate
from mappe_servizi.web.served.results import Row, Term, best_label, expanded, parse_rows, run_whole
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState
from mappe_servizi.web.served.statistics import statistics

LIMIT = 20_000
"""Rows that a page is put together from at most."""
MAX_WORDS, MAX_ROWS = 50_000, 10_000
SLICE = 5000
"""Labels that are read at a time, so that they are never more than is held back for one answer."""
KINDS = (
    "skos:Concept", "skos:ConceptScheme", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty",
    "rdf:Property", "qb:ComponentProperty",
)  # fmt: skip
TRANSLATED = '?s a mds:MunicipalService ; rdfs:label ?translated FILTER(LANG(?translated) = "en")'
NAMED = " UNION ".join(f"{{ {pattern} }}" for pattern in (*(f"?s a {kind}" for kind in KINDS), TRANSLATED))
"""What has a label that any page may need."""
GIVEN = re.compile(r"\?[a-z]\w*", re.IGNORECASE)
"""A variable that a page's rows have: ``?_entry`` is one that only ties a pattern together."""
Labels = Mapping[str, list[Term]]


@dataclass(slots=True)
class _Vocabulary:
    """The labels of the vocabularies' concepts, read once for a release."""

    task: asyncio.Task[Labels]
    until: float
    snapshot: Snapshot = field(repr=False)


class VocabularyLabels:
    """The labels of concepts: few, shared by all pages, so they are kept while a release is served."""

    def __init__(self, keep_remote: int) -> None:
        self._kept: _Vocabulary | None = None
        self._seconds = keep_remote

    async def labels(self, snapshot: Snapshot) -> Labels:
        """The labels by concept.

        Raises:
            QueryError: they could not be read; the next request tries again.
        """
        kept = self._kept
        stale = kept is None or kept.snapshot is not snapshot or kept.until < time.monotonic()
        if kept is None or stale or (kept.task.done() and (kept.task.cancelled() or kept.task.exception())):
            until = float("inf") if snapshot.immutable else time.monotonic() + self._seconds
            task = asyncio.get_running_loop().create_task(self._read(snapshot))
            kept = self._kept = _Vocabulary(task, until, snapshot)
        return await asyncio.shield(kept.task)

    @staticmethod
    async def _read(snapshot: Snapshot) -> Labels:
        query = (
            f"{prologue(snapshot.iris.base)} SELECT DISTINCT ?s ?l {{ {NAMED} "
            "?s rdfs:label ?l FILTER NOT EXISTS { ?s a mds:UserSegment } } ORDER BY ?s ?l"
        )
        labels: dict[str, list[Term]] = {}
        for start in range(0, MAX_WORDS, SLICE):
            part = f"{query} LIMIT {SLICE} OFFSET {start}"
            rows = parse_rows((await run_whole(snapshot, part, "vocabularies")).body)
            for row in rows:
                labels.setdefault(row["s"].value, []).append(row["l"])
            if len(rows) < SLICE:
                break
        return labels


@lru_cache(16)
def prologue(base: str) -> str:
    """The prefix declarations of the pages' queries."""
    return " ".join(f"PREFIX {name}: <{iri}>" for name, iri in prefixes(base).items())


def question(patterns: Mapping[str, str], base: str, limit: int = LIMIT) -> str:
    """One query for the rows of several patterns; ``BASE`` in them stands for the base of our IRIs.

    Its columns are named, in the order of their names: what only ties a pattern together is not sent.
    """
    union = " UNION ".join(f'{{ {pattern} BIND("{name}" AS ?block) }}' for name, pattern in patterns.items())
    columns = " ".join(sorted(set(GIVEN.findall(union))))
    return f"{prologue(base)} SELECT {columns} {{ {union} }} LIMIT {limit}".replace("BASE/", base)


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
        self.words: Labels = {}

    async def read_words(self) -> None:
        """Have the labels of the vocabularies at hand.

        Raises:
            Problem: they could not be read.
        """
        try:
            self.words = await self._vocabularies.labels(self.snapshot)
        except QueryError as error:
            raise from_query_error(error) from error

    def translate(self, text: str) -> str:
        """A text of the pages."""
        return translate(text, self.language)

    async def blocks(self, patterns: Mapping[str, str], limit: int = LIMIT) -> dict[str, list[Row]]:
        """The rows of several patterns, asked in one query (see ``question``).

        Raises:
            Problem: the query failed, or has more rows than a page can be made of.
        """
        if not self.words:
            await self.read_words()
        query = question(patterns, self.base, limit)
        prepared = self.snapshot.prepared.get(query)
        rows = await ask_rows(self.request, query) if prepared is None else expanded(unpacked(prepared))
        if len(rows) >= limit:
            said = f"this page would be made of more than {limit} rows; /api/ gives them page by page"
            raise from_query_error(ResultTooLargeError(said))
        found: dict[str, list[Row]] = {name: [] for name in patterns}
        for row in rows:
            found[row["block"].value].append(row)
        return found

    async def counted(self) -> Statistics:
        """What is said of the whole graph.

        Raises:
            Problem: it could not be counted.
        """
        try:
            return await statistics(self.snapshot)
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
        label = best_label(self.words.get(iri, ()), self.language)
        return LocalizedText(iri.rstrip("/").rsplit("/", 1)[-1]) if label is None else self.text(label)

    def concept(self, iri: str) -> Ref:
        """A vocabulary's concept."""
        return Ref(self.word(iri), self.link(iri), iri)

    def ref(self, iri: Term | None, label: Term | None = None) -> Ref:
        """A resource by its IRI and label; that of its language where it has one that is at hand."""
        if iri is None:
            return Ref(self.text(label))
        translated = label is None or (label.language != self.language and iri.value in self.words)
        text = self.word(iri.value) if translated else self.text(label)
        return Ref(text, self.link(iri.value), iri.value)

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
                author=", ".join(holder.name for holder in rights.holders),
                edition=f"{self.translate('edizione')} {edition}" if edition else "",
                dated=self.edition,
                year=release.modified[:4] if release is not None else "",
                licence=rights.names,
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
