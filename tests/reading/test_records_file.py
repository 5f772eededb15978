"""Files of records: what was read, by a published schema, and read again as what it was."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappe_servizi.errors import InputError
from mappe_servizi.model.records import Document
from mappe_servizi.model.records_file import to_json
from mappe_servizi.model.records_schema import schema
from mappe_servizi.reading.reader import read_printed
from mappe_servizi.sources.records import read_published

from .conftest import CREMONA, FORM

DELETED = object()


@pytest.fixture(scope="module")
def printed() -> Document:
    return read_printed(CREMONA, FORM)


@pytest.fixture(scope="module")
def plain(printed: Document) -> Any:
    return json.loads(to_json(printed))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    published = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def read(printed: Document, value: Any) -> Document:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_published(data, printed.municipality, printed.corrections)


def changed(plain: Any, place: str, value: Any) -> Any:
    """The file with another value at a place like ``maps.0.number``."""
    new = copy.deepcopy(plain)
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    target = new
    for part in way:
        target = target[part]
    if value is DELETED:
        del target[last]
    else:
        target[last] = value
    return new


def test_what_was_read_is_read_again_and_written_the_same(printed: Document) -> None:
    data = to_json(printed)
    assert read(printed, data) == printed
    assert to_json(read(printed, data)) == data


def test_the_bytes_are_canonical(printed: Document, plain: Any) -> None:
    """RFC 8785: sorted keys, no space between tokens, no number but integers."""
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert to_json(printed) == canonical
    assert not any(isinstance(value, float) for _, value in scalars(plain))


def scalars(value: Any, place: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [x for key, inner in value.items() for x in scalars(inner, f"{place}.{key}".lstrip("."))]
    if isinstance(value, list):
        return [x for i, inner in enumerate(value) for x in scalars(inner, f"{place}.{i}")]
    return [(place, value)]


def test_the_file_is_as_its_schema_says(plain: Any, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(plain)


def test_every_class_and_field_of_the_schema_is_described() -> None:
    published = json.loads(schema())
    assert published["$id"] == "https://w3id.org/mappe-servizi/schema/records.json"
    for name, one in {"": published, **published["$defs"]}.items():
        assert one["title"], name
        assert one["description"], name
        for field, about in one["properties"].items():
            assert len(about["description"]) > 3, (name, field)
            assert "None" not in about["description"], (name, field)


def test_no_curated_mapping_and_no_place_of_this_machine_is_in_it(printed: Document, plain: Any) -> None:
    assert not {"counted", "role", "totalOf", "segments", "segmentMatch"} & {
        key for sheet in plain["maps"] for indicator in sheet["indicators"] for key in indicator
    }
    assert plain["source"]["file"] == "document.txt"
    assert str(CREMONA.parent) not in to_json(printed).decode()


def test_exact_numbers(printed: Document, plain: Any) -> None:
    values = {f["value"] for m in plain["maps"] for i in m["indicators"] for f in i["figures"]}
    assert {"12085", "154.875", "-12.6"} <= values


HOSTILE: dict[str, tuple[str, Any, str]] = {
    "text for a number": ("maps.0.number", "1", "maps[0].number: '1': input should be a valid integer"),
    "a fraction": ("maps.0.number", 1.5, "maps[0].number"),
    "truth for a number": ("maps.0.number", True, "maps[0].number"),
    "number for a text": ("maps.3.heading.printed", 7, "maps[3].heading.printed: 7"),
    "null": ("maps.3.heading", None, "maps[3].heading"),
    "a list": ("maps.3.heading", [], "maps[3].heading: an array"),
    "huge": ("maps.0.number", 10**4000, "maps[0].number: a number is not between 0 and 1000000000"),
    "negative": ("ledger.4.line", -5, "ledger[4].line: -5 is not between"),
    "no such kind": ("maps.0.elements.0.kind", "middle", "maps[0].elements[0].kind: 'middle'"),
    "unknown key": ("maps.0.password", 1, "maps[0].password: there is no such key"),
    "a reading": ("maps.0.indicators.0.counted", "people", "counted: there is no such key"),
    "missing": ("maps.0.heading", DELETED, "maps[0].heading: it is missing"),
    "other version": ("version", 2, "version: 2: this program reads version 1"),
    "other municipality": ("ipa", "c_a001", "ipa: 'c_a001', but the folder says 'c_d150'"),
    "other edition": ("edition", 2021, "edition: 2021, but the folder says 2020"),
    "number of many digits": ("maps.0.indicators.0.figures.0.value", "9" * 30, "figures[0].value"),
    "exponent": ("maps.0.indicators.0.figures.0.value", "1e999999999", "figures[0].value: '1e999999999'"),
    "not a number": ("maps.0.indicators.0.figures.0.value", "NaN", "'NaN': a number as a text"),
    "other digits": ("maps.0.indicators.0.figures.0.value", "１２", "figures[0].value"),
    "a number as one": ("maps.0.indicators.0.figures.0.value", 12, "value: 12: a number as a text"),
    "a year of none": ("maps.0.indicators.0.figures.0.year", 0, "figures[0].year: 0 is no year"),
    "no value": ("maps.0.indicators.0.figures.0.value", None, "figures[0].value"),
    "no line": ("maps.0.heading.lines", [10**6], "lines[0]: the document has no line 1000000"),
    "line zero": ("areas.0.title.lines", [0], "areas[0].title.lines[0]: the document has no line 0"),
    "no correction": ("maps.0.heading.corrections", ["x"], "corrections[0]: there is no correction 'x'"),
    "no area": ("entries.0.area", 99, "entries[0].area: the index has no area 99"),
    "no entry": ("maps.0.number", 999, "maps[0].number: the index has no published map 999"),
    "position": ("maps.0.elements.0.position", 9, "maps[0].elements: number 9 stands where 1 is expected"),
    "a map less": ("maps.0", DELETED, "maps: the map of service"),
    "a line less": ("lines.0", DELETED, "ledger: "),
    "control character": ("lines.5", "a\x00b", "lines[5]: control character '\\x00'"),
    "two lines in one": ("lines.5", "a\nb", "lines[5]: a line holds no line end"),
    "digest": ("source.sha256", "A" * 64, "source.sha256"),
    "three ends": ("maps.0.lines", [1, 2, 3], "maps[0].lines"),
    "end before begin": ("maps.0.lines", [9, 2], "maps[0].lines: the first line is after the last"),
    "a correction less": ("corrections", [], "corrections"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_file_of_records_is_one_error_with_its_place(
    printed: Document, plain: Any, case: str
) -> None:
    place, value, told = HOSTILE[case]
    with pytest.raises(InputError) as error:
        read(printed, changed(plain, place, value))
    message = str(error.value)
    assert told in message
    assert message.startswith(str(printed.municipality.document))
    assert "\n" not in message
    assert len(message) < 400


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"version": NaN}',
        b'{"version": 1, "name": "\\ud800"}',
        b'{"version": ' + b"9" * 100_000 + b"}",
    ],
)
def test_what_is_no_json_is_one_error(printed: Document, data: bytes) -> None:
    with pytest.raises(InputError) as error:
        read(printed, data)
    assert "no file of records" in str(error.value)
    assert len(str(error.value)) < 400


def test_a_correction_that_was_never_applied_is_told(printed: Document) -> None:
    new = replace(printed.corrections[0], id="new-one")
    with pytest.raises(InputError, match=r"new-one of corrections\.csv was not applied"):
        read_published(to_json(printed), printed.municipality, [*printed.corrections, new])


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([]) | st.just({})
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_is_accepted_or_one_error(
    printed: Document,
    plain: Any,
    validator: jsonschema.Draft202012Validator,
    data: st.DataObject,
) -> None:
    """And what is accepted is what the schema allows."""
    target, key = plain, data.draw(st.sampled_from(sorted(plain)))
    while isinstance(target[key], dict | list) and target[key] and data.draw(st.integers(0, 5)):
        target = target[key]
        keys = sorted(target) if isinstance(target, dict) else range(len(target))
        key = data.draw(st.sampled_from(list(keys)))
    old, target[key] = target[key], data.draw(ANYTHING)
    try:
        read(printed, plain)
    except InputError:
        pass
    else:
        validator.validate(plain)
    finally:
        target[key] = old
