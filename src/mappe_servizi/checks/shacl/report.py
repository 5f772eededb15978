"""A validation report: its results for people, and itself as a standard sh:ValidationReport."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Triple, parse, serialize
from rdflib import RDF, SH, Graph
from rdflib.term import BNode, Literal, Node

VIOLATION, WARNING, INFO = "Violation", "Warning", "Info"
EXAMPLES = 3
"""How many resources stand for many that have the same result."""
SEVERITIES = (VIOLATION, WARNING, INFO)
PREFIXES = {"sh": str(SH), "xsd": "http://www.w3.org/2001/XMLSchema#"}


@dataclass(frozen=True, slots=True, order=True)
class ShapeResult:
    """One result, its terms as text.

    A path that is not one property is written "(path)", a shape without a name "".
    """

    severity: str
    shape: str
    component: str
    path: str
    focus: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found.

    Attributes:
        results: sorted, violations first.
        triples: the sh:ValidationReport, N-Triples.
    """

    results: tuple[ShapeResult, ...] = ()
    triples: bytes = b""

    @classmethod
    def from_rdflib(cls, graph: Graph) -> Report:
        """Read an engine's report."""
        found = {_result(graph, node) for node in graph.objects(None, SH.result)}
        results = sorted(found, key=lambda r: (_rank(r.severity), r))
        return cls(tuple(results), graph.serialize(format="nt").encode())

    @classmethod
    def read(cls, triples: bytes) -> Report:
        """Read one as N-Triples."""
        return cls.from_rdflib(Graph().parse(data=triples, format="nt"))

    @classmethod
    def union(cls, reports: Sequence[Report]) -> Report:
        """One report of what several say, each of other data."""
        if len(reports) == 1:
            return reports[0]
        whole = Graph()
        node = BNode()
        whole.add((node, RDF.type, SH.ValidationReport))
        for report in reports:
            # Parsing gives every file's blank nodes names of their own.
            part = Graph().parse(report.triples, format="nt")
            old = part.value(predicate=RDF.type, object=SH.ValidationReport)
            part.remove((old, RDF.type, None))
            part.remove((old, SH.conforms, None))
            for s, p, o in part:
                whole.add((node if s == old else s, p, o))
        conforms = not any(whole.objects(node, SH.result))
        whole.add((node, SH.conforms, Literal(conforms)))
        return cls.from_rdflib(whole)

    def without(self, other: Report) -> Report:
        """The same without the results that another report has too."""
        graph, gone = Graph().parse(self.triples, format="nt"), set(other.results)
        for node in [node for node in graph.objects(None, SH.result) if _result(graph, node) in gone]:
            graph.remove((None, SH.result, node))
            graph.remove((node, None, None))
        for whole in graph.subjects(RDF.type, SH.ValidationReport):
            graph.set((whole, SH.conforms, Literal(not any(graph.objects(whole, SH.result)))))
        return Report.from_rdflib(graph)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many results there are of each severity."""
        return Counter(result.severity for result in self.results)

    def kinds(self, severity: str) -> list[tuple[str, int]]:
        """How many results of a severity each message has, the most frequent first."""
        found = Counter(result.message for result in self.results if result.severity == severity)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def first_of(self, severity: str, message: str) -> str:
        """The first resources that results of a message are about, in brackets."""
        of = [r.focus for r in self.results if (r.severity, r.message) == (severity, message)]
        more = f", and {len(of) - EXAMPLES} more" if len(of) > EXAMPLES else ""
        return f"({', '.join(of[:EXAMPLES])}{more})"

    @property
    def violations(self) -> int:
        """How many results are violations; warnings and information do no harm."""
        return self.counts.get(VIOLATION, 0)

    def turtle(self) -> bytes:
        """The report as Turtle, the same for the same results."""
        return serialize(self._canonical(), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""

    def lines(self) -> bytes:
        """The report as N-Triples, the same for the same results."""
        return serialize(self._canonical(), format=RdfFormat.N_TRIPLES) or b""

    def _canonical(self) -> list[Triple]:
        """Its triples in order, blank nodes named by RDFC-1.0."""
        dataset = Dataset(parse(self.triples, format=RdfFormat.N_TRIPLES))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return sorted((quad.triple for quad in dataset), key=str)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _result(graph: Graph, node: Node) -> ShapeResult:
    severity = _text(graph.value(node, SH.resultSeverity)).removeprefix(str(SH))
    path, shape = graph.value(node, SH.resultPath), graph.value(node, SH.sourceShape)
    return ShapeResult(
        severity=severity,
        shape="" if isinstance(shape, BNode) else _text(shape),
        component=_text(graph.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH)),
        path="(path)" if isinstance(path, BNode) else _text(path),
        focus=_text(graph.value(node, SH.focusNode)),
        value=_text(graph.value(node, SH.value)),
        message=_message(graph, node),
    )


def _message(graph: Graph, node: Node) -> str:
    """The English message where there is one, like everything that commands print."""
    messages = sorted(graph.objects(node, SH.resultMessage), key=str)
    english = [m for m in messages if isinstance(m, Literal) and m.language == "en"]
    return " / ".join(map(str, english or messages))


def _text(term: Node | None) -> str:
    return "" if term is None else str(term)
