"""Spoiling data on purpose: one mutation for each constraint that a shape states.

The shapes are read, not repeated: a constraint that is added is mutated, too. Each mutation
names the result that must be reported: focus node, path, component.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple
from rdflib import RDF, SH, XSD, Graph, URIRef
from rdflib import Literal as RdfLiteral

EXAMPLE = "http://example.org/"
RDF_TYPE = NamedNode(str(RDF.type))
Node = NamedNode | Literal
Key = tuple[str, str, str]
WRONG = NamedNode(f"{EXAMPLE}nothing")


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change to one focus node, and the result that it must cause."""

    shape: str
    focus: NamedNode
    expected: Key
    remove: frozenset[Triple] = frozenset()
    add: frozenset[Triple] = frozenset()


@dataclass(slots=True)
class Data:
    """Triples, indexed both ways."""

    triples: set[Triple]
    values: dict[tuple[NamedNode, str], list[Node]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[tuple[Node, str], list[NamedNode]] = field(default_factory=lambda: defaultdict(list))
    of_type: dict[str, list[NamedNode]] = field(default_factory=lambda: defaultdict(list))
    having: dict[str, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Data:
        data = cls(set(triples))
        for t in sorted(data.triples, key=str):
            data.values[t.subject, t.predicate.value].append(t.object)
            data.subjects[t.object, t.predicate.value].append(t.subject)
            data.having[t.predicate.value].add(t.subject)
            if t.predicate == RDF_TYPE:
                data.of_type[t.object.value].append(t.subject)
        return data


@dataclass(frozen=True, slots=True)
class Target:
    """A property shape with the focus nodes that it may be spoiled at."""

    shapes: Graph
    shape: URIRef
    node: object
    data: Data
    foci: tuple[NamedNode, ...]

    @property
    def path(self) -> tuple[str, bool]:
        """The property, and whether it is taken backwards."""
        path = self.shapes.value(self.node, SH.path)
        backwards = self.shapes.value(path, SH.inversePath)
        return str(backwards or path), backwards is not None

    def edge(self, focus: NamedNode, value: Node) -> Triple:
        property_, backwards = self.path
        if backwards:
            assert isinstance(value, NamedNode)
            return Triple(value, NamedNode(property_), focus)
        return Triple(focus, NamedNode(property_), value)

    def edges(self, focus: NamedNode) -> list[Node]:
        property_, backwards = self.path
        return list(self.data.subjects[focus, property_] if backwards else self.data.values[focus, property_])

    def mutation(
        self, focus: NamedNode, component: str, remove: Iterable[Node], add: Iterable[Node]
    ) -> Mutation:
        property_, backwards = self.path
        return Mutation(
            str(self.shape),
            focus,
            (focus.value, "" if backwards else property_, component),
            frozenset(self.edge(focus, v) for v in remove),
            frozenset(self.edge(focus, v) for v in add),
        )


def typed(value: str, datatype: object) -> Literal:
    return Literal(value, datatype=NamedNode(str(datatype)))


REPLACEMENTS: dict[str, Callable[[object], Node]] = {
    "datatype": lambda datatype: Literal("x") if datatype != XSD.string else typed("1", XSD.integer),
    "nodeKind": lambda kind: Literal("x") if kind == SH.IRI else WRONG,
    "class": lambda _: WRONG,
    "in": lambda _: WRONG,
    "minLength": lambda _: Literal("", language="it"),
    "languageIn": lambda _: Literal("x", language="de"),
    "equals": lambda _: NamedNode(f"{EXAMPLE}other"),
    "lessThan": lambda _: typed("9999-12-31", XSD.date),
    "hasValue": lambda _: WRONG,
}
"""What to put in place of a value so that a constraint on values fails."""


def _replacements(shapes: Graph, node: object) -> Iterator[tuple[str, Node]]:
    """Component and value of each constraint on values."""
    for name, make in REPLACEMENTS.items():
        for parameter in shapes.objects(node, SH[name]):
            yield f"{name[0].upper()}{name[1:]}ConstraintComponent", make(parameter)
    datatype = shapes.value(node, SH.datatype)
    if (node, SH.pattern, None) in shapes:
        yield "PatternConstraintComponent", WRONG if datatype is None else Literal("\u00a0?")
    if (node, SH.minInclusive, None) in shapes:
        yield "MinInclusiveConstraintComponent", typed("-1", datatype)


_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def _of_property(target: Target) -> Iterator[list[Mutation]]:
    """The mutations of a property shape, each at every focus node that it could be made at."""
    shapes, node = target.shapes, target.node
    least, most = shapes.value(node, SH.minCount), shapes.value(node, SH.maxCount)
    with_value = [f for f in target.foci if target.edges(f)]
    targets = {str(t) for p in _TARGETS for t in shapes.objects(target.shape, p)}
    untargets = targets == {target.path[0]}  # a node without the property is none of the shape's
    if least is not None and int(least) > 0 and not untargets:
        yield [target.mutation(f, "MinCountConstraintComponent", target.edges(f), ()) for f in with_value]
    if most is not None:
        foci = with_value if int(most) else target.foci
        new: list[Node] = [NamedNode(f"{EXAMPLE}one"), NamedNode(f"{EXAMPLE}two")][: 1 + (int(most) > 0)]
        yield [target.mutation(f, "MaxCountConstraintComponent", (), new) for f in foci]
    if (node, SH.uniqueLang, RdfLiteral(True)) in shapes:
        twice = [Literal("a", language="it"), Literal("b", language="it")]
        yield [target.mutation(f, "UniqueLangConstraintComponent", (), twice) for f in with_value]
    if (node, SH.qualifiedMinCount, None) in shapes:
        yield [
            target.mutation(f, "QualifiedMinCountConstraintComponent", target.edges(f), ())
            for f in with_value
        ]
    for component, wrong in _replacements(shapes, node):
        required = shapes.value(node, SH.hasValue)
        kept = required is not None  # of several values, only the required one is replaced
        yield [
            target.mutation(f, component, [NamedNode(str(required))] if kept else target.edges(f), [wrong])
            for f in with_value
        ]
    negated = shapes.value(shapes.value(node, SH["not"]), SH["in"])
    if negated is not None:
        listed = NamedNode(str(next(iter(shapes.items(negated)))))
        yield [target.mutation(f, "NotConstraintComponent", (), [listed]) for f in with_value]


def _foci(shapes: Graph, shape: URIRef, data: Data) -> tuple[NamedNode, ...]:
    found: list[NamedNode] = []
    for class_ in shapes.objects(shape, SH.targetClass):
        found += data.of_type[str(class_)]
    for property_ in shapes.objects(shape, SH.targetSubjectsOf):
        found += sorted(data.having[str(property_)], key=str)
        if not found:  # a trap that the data do not fall into: make a node that does
            found.append(NamedNode(f"{EXAMPLE}trapped"))
    return tuple(found)


def mutations(shapes: Graph, data: Data) -> list[list[Mutation]]:
    """For each constraint of each property shape, the places where it could be broken."""
    made = []
    for shape in sorted(shapes.subjects(RDF.type, SH.NodeShape)):
        assert isinstance(shape, URIRef)
        foci = _foci(shapes, shape, data)
        for node in sorted(shapes.objects(shape, SH.property), key=str):
            made += list(_of_property(Target(shapes, shape, node, data, foci)))
    return made


def batches(choices: list[list[Mutation]]) -> Iterator[list[Mutation]]:
    """One mutation of each constraint, in batches where none disturbs another."""
    waiting = list(choices)
    while waiting:
        batch, touched, later = [], set[tuple[NamedNode, str]](), []
        for places in waiting:
            place = next((m for m in places if not _disturbs(_touched(m), touched)), None)
            if place is None:
                later.append(places)
            else:
                batch.append(place)
                touched |= _touched(place)
        assert batch, later[0]
        yield batch
        waiting = later


def _touched(mutation: Mutation) -> set[tuple[NamedNode, str]]:
    """The properties that a mutation changes or looks at."""
    changed = {(t.subject, t.predicate.value) for t in (*mutation.remove, *mutation.add)}
    return changed | {(mutation.focus, mutation.expected[1])}


def _disturbs(new: set[tuple[NamedNode, str]], touched: set[tuple[NamedNode, str]]) -> bool:
    """Whether two mutations change the same property, or one the type of a node of the other."""
    if new & touched:
        return True
    retyped = {node for node, property_ in new | touched if property_ == RDF_TYPE.value}
    return bool(retyped & {n for n, _ in new} & {n for n, _ in touched})


def spoiled(data: Data, batch: Iterable[Mutation]) -> set[Triple]:
    """The data with a batch of mutations made."""
    result = set(data.triples)
    for mutation in batch:
        result -= mutation.remove
        result |= mutation.add
    return result


def sample(triples: Iterable[Triple], services: Iterable[str]) -> list[Triple]:
    """Some whole services with all that they link to, and the vocabularies."""
    chosen = tuple(f"/{slug}" for slug in services)
    everything = list(triples)
    services_ = {t.subject for t in everything if "/data/public-service/" in t.subject.value}
    dropped = {s for s in services_ if not s.value.endswith(chosen)}
    linked = [t for t in everything if t.subject not in dropped and t.object not in dropped]
    links: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for t in linked:
        if isinstance(t.object, NamedNode):
            links[t.subject].add(t.object)
    todo = [s for s in links if "/data/municipality/" in s.value]
    kept = set(todo)
    while todo:
        new = links.get(todo.pop(), set()) - kept
        kept |= new
        todo += new
    return [t for t in linked if t.subject in kept or "/data/" not in t.subject.value]
