"""The pages of the docs that are made from the ontology and the gallery: docs/model.md, docs/questions.md.

What they show of a release (an example of each property, the answer to each question) stands in files
beside them, which ``scripts/doc_answers.py`` writes from one; tests compare it with the release of today.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.rdf.hierarchy import ontology_files, parse_file
from mappe_servizi.rdf.namespaces import OWL, RDF, RDFS, Iris, prefixes
from mappe_servizi.rdf.queries import PublishedQuery, read_queries

EXAMPLES: Final = "model-examples.csv"
"""Beside docs/model.md: property, subject, object, as N-Triples has them; one row a property."""
ANSWERS: Final = "answers.json"
"""Beside docs/questions.md: how many rows each query of the gallery has, and the first of them."""
MDS: Final = Iris().mds
KINDS: Final = (OWL["ObjectProperty"], OWL["DatatypeProperty"])
_WIDTH: Final = 90

MODEL_HEAD: Final = """# The graph, term by term

Written by `make docs` from the ontology (`ontology/assets/ontologies/MDS`); each property has an example from
the release of Cremona. How they go together is shown [pattern by pattern](patterns.md);
[questions with their answers](questions.md) show how to ask.

Three rules make a question short:

- **Every resource has exactly one `l0:name`, in Italian.** Join on it. `rdfs:label` has one text @it and at
  most one @en: a join on it doubles rows unless it is filtered by language.
- **A figure carries its facts flat**: `mds:municipalityCode`, `mds:istatCode`, `mds:serviceCode`,
  `mds:serviceName`, `mds:indicatorName`, `mds:unitCode`, `mds:year` (an integer), `mds:isCurrent`,
  `mds:sourceLine`, and its value as `sdmx-measure:obsValue`. Three patterns answer a question about figures.
- **Not everything adds up.** Of rows, add items or totals (`mds:indicatorRole`), not both; of a row and the
  one that it `mds:repeats`, one; stocks (`mds:periodKind`) never over years. Of editions, take
  `mds:isCurrent true`.

How many users a service had in 2019, as its map prints the total:

```sparql
PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
SELECT ?users {
  ?figure mds:serviceCode "anziani" ; mds:year 2019 ; mds:isCurrent true ; sdmx-measure:obsValue ?users ;
    mds:ofIndicator ?row .
  ?row a mds:UserIndicator ;
    mds:indicatorRole <https://w3id.org/mappe-servizi/controlled-vocabulary/indicator-role/total> .
}
```
"""
QUESTIONS_HEAD: Final = """# How do I ask ...? / Come si chiede ...?

Written by `make docs` from `queries/examples`. Each question is a query of the gallery: it runs as it stands
at `/sparql`, by name with `mappe query NAME`, and over HTTP at the address given, where parameters are bound
for you (add `?format=csv`). The rows are the first of the answer that the release of Cremona gives.
"""


def model(docs: Path, ontology: Path) -> str:
    """docs/model.md.

    Args:
        docs: the directory of the docs.
        ontology: that of the ontology and vocabularies.
    """
    triples = [t for path in ontology_files(ontology) if path.stem == "MDS" for t in parse_file(path)]
    about = _by_subject(triples)
    examples = _examples(docs / EXAMPLES)
    parts = [
        MODEL_HEAD,
        _prefixes(),
        _drawing(about),
        _classes(about),
        _own(about, examples),
        _others(examples),
    ]
    return "\n".join(parts)


def questions(docs: Path, queries: Path) -> str:
    """docs/questions.md.

    Args:
        docs: the directory of the docs.
        queries: that of the published queries.
    """
    answers = json.loads((docs / ANSWERS).read_text(encoding="utf-8"))
    gallery = read_queries(queries / "examples")
    parts = [_question(query, answers.get(name)) for name, query in gallery.items()]
    return "\n".join([QUESTIONS_HEAD, *parts])


About = Mapping[NamedNode, Mapping[NamedNode, Sequence[NamedNode | Literal]]]


def _by_subject(triples: Iterable[Triple]) -> About:
    about: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            about[triple.subject][triple.predicate].append(triple.object)
    return about


def _examples(path: Path) -> dict[str, tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["property"]: (row["subject"], row["object"]) for row in csv.DictReader(file)}


def _text(
    facts: Mapping[NamedNode, Sequence[NamedNode | Literal]], predicate: NamedNode, language: str
) -> str:
    found = (v for v in facts.get(predicate, ()) if isinstance(v, Literal) and v.language == language)
    return next((value.value for value in found), "").replace("|", "\\|")


def _short(term: str) -> str:
    """An IRI or literal as Turtle abbreviates it, cut where it is long.

    >>> _short("<https://w3id.org/mappe-servizi/onto/MDS/year>"), _short('"2018"^^<http://a>')
    ('mds:year', '"2018"')
    """
    if term.startswith("<"):
        iri = term[1:-1]
        for name, namespace in sorted(prefixes().items(), key=lambda item: -len(item[1])):
            if iri.startswith(namespace) and re.fullmatch(r"[\w-]+", local := iri[len(namespace) :]):
                return f"{name}:{local}"
        return f"<{iri.removeprefix(DEFAULT_BASE)}>"
    value = re.sub(r"\^\^<.*>$", "", term).replace("\n", " ").replace("|", "\\|")
    return value if len(value) <= _WIDTH else f'{value[:_WIDTH]} ..."'


def _prefixes() -> str:
    rows = [f"| `{name}:` | `{namespace}` |" for name, namespace in sorted(prefixes().items())]
    return "\n".join(["## Namespaces", "", "| prefix | IRI |", "|---|---|", *rows, ""])


def _named(about: About, *kinds: NamedNode) -> list[NamedNode]:
    found = (s for s, facts in about.items() if set(kinds) & {*facts.get(RDF["type"], ())})
    return sorted((s for s in found if s.value.startswith(MDS)), key=lambda s: s.value)


def _drawing(about: About) -> str:
    """The classes, and what leads from one to another, as Mermaid draws it."""
    arrows = []
    for subject in _named(about, OWL["ObjectProperty"]):
        facts = about[subject]
        for domain in facts.get(RDFS["domain"], ()):
            for range_ in facts.get(RDFS["range"], ()):
                ends = [value.value.rpartition("/")[2].rpartition("#")[2] for value in (domain, range_)]
                arrows.append(f"    {ends[0]} --> {ends[1]} : {subject.value.removeprefix(MDS)}")
    return "\n".join(["## The classes, drawn", "", "```mermaid", "classDiagram", *sorted(arrows), "```", ""])


def _classes(about: About) -> str:
    rows = []
    for subject in _named(about, OWL["Class"]):
        facts = about[subject]
        above = ", ".join(f"`{_short(str(value))}`" for value in facts.get(RDFS["subClassOf"], ()))
        labels = f"{_text(facts, RDFS['label'], 'it')} / {_text(facts, RDFS['label'], 'en')}"
        rows.append(
            f"| `{_short(str(subject))}` | {labels} | {_text(facts, RDFS['comment'], 'en')} | {above} |"
        )
    head = ["## Classes", "", "| class | label | what it is | below |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _own(about: About, examples: Mapping[str, tuple[str, str]]) -> str:
    """The properties of the ontology, by the class that has them."""
    by_class: dict[str, list[NamedNode]] = defaultdict(list)
    for subject in _named(about, *KINDS):
        domains = about[subject].get(RDFS["domain"], ())
        by_class[_short(str(domains[0])) if domains else "of any class"].append(subject)
    lines = ["## Properties of the ontology", ""]
    for class_, found in sorted(by_class.items()):
        lines += [
            f"### {class_}",
            "",
            "| property | label | what it says | leads to | example |",
            "|---|---|---|---|---|",
        ]
        for subject in found:
            facts = about[subject]
            range_ = ", ".join(f"`{_short(str(value))}`" for value in facts.get(RDFS["range"], ()))
            labels = f"{_text(facts, RDFS['label'], 'it')} / {_text(facts, RDFS['label'], 'en')}"
            said = _text(facts, RDFS["comment"], "en")
            shown = _example(examples.get(f"<{subject.value}>"))
            lines.append(f"| `{_short(str(subject))}` | {labels} | {said} | {range_} | {shown} |")
        lines.append("")
    return "\n".join(lines)


def _others(examples: Mapping[str, tuple[str, str]]) -> str:
    rows = [
        f"| `{_short(name)}` | {_example(example)} |"
        for name, example in sorted(examples.items())
        if not name.startswith(f"<{MDS}")
    ]
    head = ["## Properties of others that the data use", "", "| property | example |", "|---|---|"]
    return "\n".join([*head, *rows, ""])


def _example(example: tuple[str, str] | None) -> str:
    return " → ".join(f"`{_short(term)}`" for term in example) if example else ""


def _question(query: PublishedQuery, answer: Mapping[str, Any] | None) -> str:
    """A question in both languages, its query, its address and the first rows of its answer."""
    text = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()
    given = "&".join(f"{name}={p.default}" for name, p in query.parameters.items() if p.default is not None)
    address = f"/api/{query.name}" + (f"?{given}" if given else "")
    lines = [
        f"## {query.title['en']} / {query.title['it']}", "", query.description["en"], "",
        query.description["it"], "", f"`{address}`", "", "```sparql", text, "```", "",
    ]  # fmt: skip
    if answer and answer["first"]:
        columns = list(answer["first"][0])
        lines += [f"{answer['rows']} rows; the first:", "", f"| {' | '.join(columns)} |"]
        lines += ["|" + "---|" * len(columns)]
        lines += [f"| {' | '.join(_cell(row[c]) for c in columns)} |" for row in answer["first"]]
        lines.append("")
    return "\n".join(lines)


def _cell(value: str | None) -> str:
    shown = (value or "").removeprefix(DEFAULT_BASE).replace("\n", " ").replace("|", "\\|")
    return shown if len(shown) <= _WIDTH else f"{shown[:_WIDTH]} ..."
