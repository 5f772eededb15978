"""What a municipality decided about the concepts that all share: which of its rows is which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import CONCEPTS
from mappe_servizi.model.service_map import Indicator
from mappe_servizi.model.tables import Found, concepts, read_file, read_rows

Key = tuple[str, str, str]
"""An indicator: the slug of its service, its table, its own slug."""
_KINDS: Mapping[str, str] = {str(table): kind for table, kind in CONCEPTS.items()}


@dataclass(frozen=True)
class Concepts:
    """The decisions of one municipality, by the slugs of its registry, with the lines they stand on.

    Attributes:
        services: the concept of each service, by its slug.
        indicators, repeats, places, periods: what is decided of an indicator.
        activities: what names an activity.
        rules: what tells stocks, flows and averages apart where nothing is decided.
        provided: the concept of each provided activity that has one.
        levels: what each service concept is: group, service or activity.
        words: other names that people have for each service concept, in Italian.
        populations: what figures are divided by, by shared indicator and year.
    """

    directory: Path = Path()
    services: dict[str, Found[concepts.ServiceDecisionRow]] = field(default_factory=dict)
    indicators: dict[Key, Found[concepts.IndicatorDecisionRow]] = field(default_factory=dict)
    repeats: dict[Key, Found[concepts.RepeatRow]] = field(default_factory=dict)
    places: dict[Key, Found[concepts.IndicatorPlaceRow]] = field(default_factory=dict)
    periods: dict[Key, Found[concepts.PeriodKindRow]] = field(default_factory=dict)
    activities: tuple[Found[concepts.ActivityDecisionRow], ...] = ()
    rules: tuple[concepts.PeriodRuleRow, ...] = ()
    provided: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    populations: dict[tuple[str, int], concepts.PopulationRow] = field(default_factory=dict)

    def period(self, key: Key, record: Indicator, table: Mapping[int, tuple[Key, Indicator]]) -> str:
        """Whether an indicator counts a stock, a flow, or is an average.

        What is decided goes first, then the first rule that fits. The last rule fits everything: a
        breakdown that no other fits is what the row that it divides is.

        Args:
            key: the indicator.
            record: as it was read.
            table: the rows of its table by position.
        """
        if found := self.periods.get(key):
            return found.row.kind
        label = ": ".join(text.value for text in (record.group, record.label) if text is not None)
        texts = {"label": label, "counted": record.counted or ""}
        for rule in self.rules:
            if rule.pattern.search(texts[rule.field]):
                if rule is self.rules[-1] and record.breakdown_of is not None:
                    return self.period(*table[record.breakdown_of], table)
                return rule.kind
        return "flow"


def read_concepts(directory: Path, knowledge: Path, registry: Registry) -> Concepts:
    """The decisions of a municipality; one without the tables has none.

    Args:
        directory: of the municipality.
        knowledge: of what is known for every municipality.
        registry: of the municipality; a row may still name a thing by the slug it had before a renaming.

    Raises:
        InputError, InputErrors: a cell cannot be used, or a concept is of another level.
    """

    def decided(table: Any) -> list[Any]:
        rows = read_file(table, directory / table.file)
        return [item._replace(row=_now(item.row, registry)) for item in rows]

    shared = read_rows(concepts.SERVICE_CONCEPTS, knowledge / concepts.SERVICE_CONCEPTS.file)

    def of_indicators(table: Any) -> dict[Key, Any]:
        return {(item.row.service, item.row.table, item.row.indicator): item for item in decided(table)}

    found = Concepts(
        directory,
        {item.row.service: item for item in decided(concepts.SERVICES)},
        of_indicators(concepts.INDICATORS),
        of_indicators(concepts.REPEATS),
        of_indicators(concepts.PLACES),
        of_indicators(concepts.PERIODS),
        tuple(decided(concepts.ACTIVITIES)),
        tuple(read_rows(concepts.PERIOD_RULES, knowledge / concepts.PERIOD_RULES.file)),
        {row.provided: row.code for row in shared if row.provided},
        {row.code: row.level for row in shared},
        _names(shared, knowledge),
        _populations(directory, knowledge),
    )
    gathered([*_of_the_wrong_level(found), *_repeating_in_circles(found)])
    return found


def _names(shared: Iterable[concepts.ServiceConceptRow], knowledge: Path) -> dict[str, list[str]]:
    """Other names of the concepts in the data's language; by the hidden ones they are only looked for."""
    names = {row.code: list(row.words) for row in shared}
    for said in read_rows(concepts.SERVICE_WORDS, knowledge / concepts.SERVICE_WORDS.file):
        if (said.kind, said.language) == ("alternative", "it"):
            names.setdefault(said.concept, []).extend(said.words)
    return names


def _populations(directory: Path, knowledge: Path) -> dict[tuple[str, int], concepts.PopulationRow]:
    """The municipality's populations.

    Raises:
        InputError, InputErrors: a cell cannot be used, or nothing is divided by what a row counts.
    """
    found = read_file(concepts.POPULATIONS, directory / concepts.POPULATIONS.file)
    if not found:
        return {}
    shared = read_rows(concepts.INDICATOR_CONCEPTS, knowledge / concepts.INDICATOR_CONCEPTS.file)
    divided_by = {row.denominator for row in shared} & {row.code for row in shared}
    file = directory / concepts.POPULATIONS.file
    message = "population is {!r}, by which nothing is divided; allowed: " + ", ".join(sorted(divided_by))
    gathered(
        [
            InputError(message.format(item.row.population), file=file, line=item.line)
            for item in found
            if item.row.population not in divided_by
        ]
    )
    return {(item.row.population, item.row.year): item.row for item in found}


def _now(row: Any, registry: Registry) -> Any:
    """A decision under the slugs that things have now."""
    if isinstance(row, concepts.RepeatRow):
        of_service = registry.now("service", "", row.of_service)
        of_indicator = registry.now(_KINDS[row.of_table], of_service, row.of_indicator)
        row = replace(row, of_service=of_service, of_indicator=of_indicator)
    if isinstance(row, concepts.IndicatorPlaceRow):
        row = replace(row, place=registry.now("place", "", row.place))
    service = registry.now("service", "", row.service)
    if isinstance(row, concepts.ServiceDecisionRow):
        return replace(row, service=service)
    if isinstance(row, concepts.ActivityDecisionRow):
        return replace(row, service=service, slug=registry.now(row.kind, service, row.slug))
    return replace(row, service=service, indicator=registry.now(_KINDS[row.table], service, row.indicator))


def _of_the_wrong_level(found: Concepts) -> Iterator[InputError]:
    """A service is a service concept and a part of it an activity."""
    named = [
        (concepts.SERVICES.file, item.line, concept, "service")
        for item in found.services.values()
        for concept in (item.row.concept, *item.row.covers)
    ]
    named += [
        (concepts.ACTIVITIES.file, item.line, item.row.activity, "activity") for item in found.activities
    ]
    for file, line, concept, level in named:
        if (is_ := found.levels.get(concept, level)) != level:
            message = f"{concept!r} is a concept of level {is_}; this column needs one of level {level}"
            yield InputError(message, file=found.directory / file, line=line)


def _repeating_in_circles(found: Concepts) -> Iterator[InputError]:
    """What is repeated repeats nothing: one of the rows must be the one that counts."""
    for item in found.repeats.values():
        row = item.row
        if (row.of_service, row.of_table, row.of_indicator) in found.repeats:
            message = f"{row.of_indicator!r} repeats another row itself: name the row that counts"
            yield InputError(message, file=found.directory / concepts.REPEATS.file, line=item.line)


def check_registered(found: Concepts, registry: Registry) -> None:
    """Fail where a decision names something that the registry does not know.

    Where the registry lacks rows, the build stops with its proposals: they come first.

    Raises:
        InputError, InputErrors: with the file and line of each decision.
    """
    if registry.missing:
        return
    known = {(row.kind, row.service, row.slug) for row in registry.rows if not row.status}
    services = {slug for kind, _, slug in known if kind == "service"}
    errors = []
    for file, line, kind, service, slug in _named(found):
        is_known = slug in services if kind == "service" else (kind, service, slug) in known
        if not is_known:
            where = f" of {service}" if service else ""
            message = f"the registry of slugs has no {kind} {slug!r}{where}"
            errors.append(InputError(message, file=found.directory / file, line=line))
    gathered(errors)


def _named(found: Concepts) -> Iterator[tuple[str, int, str, str, str]]:
    """Every slug that a decision names: file, line, kind, service, slug."""
    for item in found.services.values():
        yield concepts.SERVICES.file, item.line, "service", "", item.row.service
    tables: tuple[tuple[str, Mapping[Key, Any]], ...] = (
        (concepts.INDICATORS.file, found.indicators),
        (concepts.REPEATS.file, found.repeats),
        (concepts.PLACES.file, found.places),
        (concepts.PERIODS.file, found.periods),
    )
    for file, rows in tables:
        for (service, table, slug), row in rows.items():
            yield file, row.line, _KINDS[table], service, slug
    for repeat in found.repeats.values():
        row = repeat.row
        yield concepts.REPEATS.file, repeat.line, _KINDS[row.of_table], row.of_service, row.of_indicator
    for place in found.places.values():
        yield concepts.PLACES.file, place.line, "place", "", place.row.place
    for activity in found.activities:
        yield (
            concepts.ACTIVITIES.file,
            activity.line,
            activity.row.kind,
            activity.row.service,
            activity.row.slug,
        )
