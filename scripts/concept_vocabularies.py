"""Write the vocabularies of service and indicator concepts from their tables in data/knowledge.

The tables are where the concepts are maintained; the Turtle is made from them, and the CSV form from the
Turtle (``python scripts/vocabulary_csv.py``). Tests compare all three.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.concepts import (
    INDICATOR_CONCEPTS,
    SERVICE_CONCEPTS,
    SERVICE_WORDS,
    IndicatorConceptRow,
    ServiceConceptRow,
    ServiceWordsRow,
)

ROOT = Path(__file__).resolve().parents[1]
KNOWLEDGE = ROOT / "data" / "knowledge"
VOCABULARIES = ROOT / "ontology" / "assets" / "controlled-vocabularies"
ISSUED = "2026-11-28"
COFOG = "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/"
HEAD = Path(__file__).with_name("vocabulary-head.ttl.txt").read_text(encoding="utf-8")
SERVICES = (
    "service-concept",
    ("Servizi dei comuni", "Services of municipalities"),
    (
        "Che cosa fanno i comuni, con le attività che compongono un servizio, per confrontarli.",
        "What municipalities do, with the activities that make up a service, so that they compare.",
    ),
)
INDICATORS = (
    "indicator-concept",
    ("Indicatori dei comuni", "Indicators of municipalities"),
    (
        "Che cosa i comuni contano, con unità e denominatore, per confrontarne i dati.",
        "What municipalities count, with unit and denominator, so that their figures compare.",
    ),
)


def both(it: str, en: str) -> str:
    """A text in both languages."""
    return f"{text(it)}@it, {text(en)}@en"


def text(value: str) -> str:
    """A Turtle literal: JSON's escapes are among Turtle's."""
    return json.dumps(value, ensure_ascii=False)


def of(scheme: str, code: str) -> str:
    """A concept of ours."""
    return f"<controlled-vocabulary/{scheme}/{code}>"


def head(vocabulary: tuple[str, tuple[str, str], tuple[str, str]], tops: list[str]) -> str:
    """The scheme with the national catalogue's metadata."""
    name, title, description = vocabulary
    return HEAD.format(
        name=name,
        it=title[0],
        en=title[1],
        title=both(*title),
        description=both(*description),
        issued=ISSUED,
        tops=", ".join(of(name, code) for code in tops),
    )


def concept(name: str, row: ServiceConceptRow | IndicatorConceptRow, broader: str, more: list[str]) -> str:
    """A concept: what all have, then what its scheme adds."""
    top = f"skos:topConceptOf <controlled-vocabulary/{name}>"
    lines = [
        f"{of(name, row.code)} a skos:Concept",
        f"skos:inScheme <controlled-vocabulary/{name}>",
        f"skos:broader {of(name, broader)}" if broader else top,
        f"skos:notation {text(row.code)}",
        f"skos:prefLabel {both(row.label, row.label_en)}",
        f"skos:definition {both(row.definition, row.definition_en)}",
        *more,
    ]
    return " ;\n    ".join(lines) + " .\n"


def words(row: ServiceConceptRow, of_concept: Iterable[ServiceWordsRow]) -> Iterator[str]:
    """What people call a concept: other names, and words by which it is only looked for."""
    names = [f"{text(word)}@it" for word in row.words]
    hidden = []
    for said in of_concept:
        into = names if said.kind == "alternative" else hidden
        into += [f"{text(word)}@{said.language}" for word in said.words]
    for label, values in (("altLabel", names), ("hiddenLabel", hidden)):
        if values:
            yield f"skos:{label} {', '.join(values)}"


def services(rows: list[ServiceConceptRow], said: list[ServiceWordsRow]) -> Iterator[str]:
    """The scheme of services, with activities as its lower level."""
    yield head(SERVICES, [row.code for row in rows if not row.broader])
    of_concept = defaultdict(list)
    for words_row in said:
        of_concept[words_row.concept].append(words_row)
    for row in rows:
        more = [*words(row, of_concept[row.code])]
        more += [f"skos:relatedMatch <{COFOG}{code}>" for code in row.cofog]
        if row.provided:
            more.append(f"skos:exactMatch {of('provided-activity', row.provided)}")
        yield concept(SERVICES[0], row, row.broader, more)


def indicators(rows: list[IndicatorConceptRow]) -> Iterator[str]:
    """The scheme of indicators."""
    yield head(INDICATORS, [row.code for row in rows])
    for row in rows:
        more = [
            f"mds:ofServiceConcept {of('service-concept', row.service)}",
            f"mds:counts {of('counted-thing', row.counted)}",
            f"muapit:hasMeasurementUnit {of('measurement-unit', row.unit)}",
            f"mds:aggregation {of('aggregation', row.aggregation)}",
            f"mds:denominator {of('denominator', row.denominator)}",
            f"mds:periodKind {of('period-kind', row.period)}",
        ]
        yield concept(INDICATORS[0], row, "", more)


def turtle() -> dict[Path, str]:
    """The two files, from the tables as they are."""
    above = read_rows(SERVICE_CONCEPTS, KNOWLEDGE / SERVICE_CONCEPTS.file)
    # A service that is new in this very table is not among the vocabulary's codes yet.
    codes = {**load_codes(ROOT / "ontology"), SERVICES[0]: frozenset(row.code for row in above)}
    below = read_rows(INDICATOR_CONCEPTS, KNOWLEDGE / INDICATOR_CONCEPTS.file, codes)
    said = read_rows(SERVICE_WORDS, KNOWLEDGE / SERVICE_WORDS.file, codes)
    made = {SERVICES[0]: services(above, said), INDICATORS[0]: indicators(below)}
    return {VOCABULARIES / name / "latest" / f"{name}.ttl": "\n".join(parts) for name, parts in made.items()}


if __name__ == "__main__":
    for path, written in turtle().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
