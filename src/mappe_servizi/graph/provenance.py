"""Where each fact was read: lines or other places of the document, corrections, the build itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from mappe_servizi import __version__
from mappe_servizi.checks.consistency import Finding
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.model.records import SLUG, Correction, DocumentPlace
from mappe_servizi.rdf.builder import Builder, Derivation, Part, en, it, year
from mappe_servizi.rdf.namespaces import DCT, FOAF, L0, PROV, SPDX, XSD, iri

GRAPH: Final = "provenance"
RFC_5147: Final = iri("http://tools.ietf.org/rfc/rfc5147")
DOCUMENT: Final = SLUG
"""The slug of an edition's document, whatever its file is called."""
CURATED: Final = (
    "areas.csv", "corrections.csv", "identifiers.csv", "indicators.csv", "people.csv", "services.csv",
    "audiences.csv", "findings.csv", "municipality.toml", "mentions.csv", "places.csv", "channels.csv",
    "references.csv", "edition.toml", "current.csv", "service-names.csv", "populations.csv",
)  # fmt: skip


def build(editions: Sequence[Edition], findings: Sequence[Sequence[Finding]], common: Common) -> Part:
    """The provenance of what the editions' builders collected, and the lines that findings quote."""
    b = Builder(common.iris, common.hierarchy)
    for edition, found in zip(editions, findings, strict=True):
        provenance = _Provenance(b, edition)
        provenance.add(edition.builder.derivations)
        for finding in found:
            provenance.quote(finding.lines)
    return b.part(GRAPH, common.iris.named_graph(GRAPH))


def document_lines(edition: Edition, lines: Iterable[int]) -> list[NamedNode]:
    """Where lines of a document stand: runs of them, or the anchors of one that has no lines."""
    source = document_iri(edition)
    return [NamedNode(f"{source.value}#{place.fragment}") for place in edition.document.places(lines)]


def document_iri(edition: Edition) -> NamedNode:
    """The source document of an edition."""
    return edition.iris.data("document", edition.ipa, edition.year, DOCUMENT)


class _Provenance:
    """The provenance of one document's facts."""

    def __init__(self, builder: Builder, edition: Edition) -> None:
        self.b, self.edition, self.mds = builder, edition, builder.mds
        self.document = edition.document
        self.source = document_iri(edition)
        self.activity = builder.iris.data("activity", edition.ipa, edition.year, "build")
        self._fragments: dict[str, NamedNode] = {}

    def add(self, derivations: Iterable[Derivation]) -> None:
        """All of it."""
        self._source()
        self._activity()
        for correction in self.document.corrections:
            self._correction(correction)
        for derivation in derivations:
            for place in derivation.places:
                self.b.add(derivation.iri, PROV["wasDerivedFrom"], self._fragment(place))
            for correction_id in derivation.corrections:
                self.b.add(derivation.iri, self.mds["correctedBy"], self._correction_iri(correction_id))

    def quote(self, lines: Iterable[int]) -> None:
        """Declare lines that another graph points to."""
        for place in self.document.places(lines):
            self._fragment(place)

    def _source(self) -> None:
        b, record = self.b, self.document.municipality
        title = f"{record.document_title}, {record.name}, edizione {record.edition}"
        b.resource(self.source, title, self.mds["SourceDocument"], FOAF["Document"])
        b.add(self.source, L0["description"], it(title))
        b.add(self.source, DCT["title"], it(title))
        b.add(self.source, self.mds["edition"], year(record.edition))
        b.add(self.source, DCT["creator"], b.iris.data("municipality", record.ipa))
        self._checksum(self.source, self.document.sha256)

    def _checksum(self, subject: NamedNode, sha256: str) -> None:
        b = self.b
        checksum = NamedNode(f"{subject.value}#sha256")
        b.resource(checksum, "Impronta SHA-256", SPDX["Checksum"])
        b.add(checksum, SPDX["algorithm"], SPDX["checksumAlgorithm_sha256"])
        b.add(checksum, SPDX["checksumValue"], Literal(sha256, datatype=XSD["hexBinary"]))
        b.add(subject, SPDX["checksum"], checksum)

    def _activity(self) -> None:
        """The build: what it used, and the software that did it."""
        b, record = self.b, self.document.municipality
        b.resource(
            self.activity, f"Costruzione del grafo di {record.name}, {record.edition}", PROV["Activity"]
        )
        b.add(self.activity, PROV["used"], self.source, *self._curated())
        software = b.iris.data("activity", record.ipa, record.edition, "software")
        b.resource(software, f"mappe-servizi {__version__}", PROV["SoftwareAgent"], PROV["Agent"])
        b.add(software, DCT["hasVersion"], Literal(__version__))
        b.add(self.activity, PROV["wasAssociatedWith"], software)
        for entry in self.document.entries:
            b.add(self.edition.map(entry.number), PROV["wasGeneratedBy"], self.activity)

    def _curated(self) -> Iterator[NamedNode]:
        """The maintained files that the build read."""
        record = self.document.municipality
        for name in CURATED:
            places = (folder / name for folder in (record.edition_folder, record.folder))
            path = next((place for place in places if place.exists()), None)
            if path is None:
                continue
            subject = self.b.iris.data("distribution", record.ipa, record.edition, Path(name).stem)
            self.b.resource(subject, f"{name} di {record.name}", PROV["Entity"])
            self._checksum(subject, hashlib.sha256(path.read_bytes()).hexdigest())
            yield subject

    def _fragment(self, place: DocumentPlace) -> NamedNode:
        """Consecutive lines, or a row or cell of a document without lines, with the words of its row."""
        if place.fragment in self._fragments:
            return self._fragments[place.fragment]
        b, first, last = self.b, place.first, place.last
        subject = NamedNode(f"{self.source.value}#{place.fragment}")
        if self.document.anchors:
            label, standard = unquote(place.fragment).replace("&", ", ").replace("=", " "), None
        else:
            label, standard = f"Riga {first}" if first == last else f"Righe {first}-{last}", RFC_5147
        b.resource(subject, f"{label} del documento", self.mds["SourceLines"])
        b.add(subject, DCT["isPartOf"], self.source)
        b.add(subject, DCT["conformsTo"], standard)
        b.add(subject, self.mds["firstLine"], Literal(str(first), datatype=XSD["positiveInteger"]))
        b.add(subject, self.mds["lastLine"], Literal(str(last), datatype=XSD["positiveInteger"]))
        quoted = "\n".join(self.document.lines[first - 1 : last])
        b.add(subject, PROV["value"], it(quoted))
        self._fragments[place.fragment] = subject
        return subject

    def _correction_iri(self, correction_id: str) -> NamedNode:
        return self.b.iris.data("correction", self.edition.ipa, self.edition.year, correction_id)

    def _correction(self, correction: Correction) -> None:
        b, mds, subject = self.b, self.mds, self._correction_iri(correction.id)
        shown = f"Correzione {correction.id}: {correction.printed[:60]}"
        b.resource(subject, shown, mds["Correction"])
        b.add(subject, L0["description"], en(correction.reason))
        b.add(subject, mds["correctionKind"], Literal(correction.kind))
        b.add(subject, mds["printedText"], Literal(correction.printed))
        b.add(subject, mds["readsAs"], Literal(correction.reads) if correction.reads else None)
        b.add(subject, mds["reason"], en(correction.reason))
        b.add(subject, mds["evidence"], en(correction.evidence))
        if correction.map is not None:
            b.add(subject, mds["aboutMap"], self.edition.map(correction.map))
