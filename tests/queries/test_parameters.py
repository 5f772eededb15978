"""The values that parameters take: XSD's lexical forms, each a term that the data can equal."""

import pytest

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf.queries import QueryField


@pytest.mark.parametrize(("written", "meant"), [("1", "true"), ("0", "false"), ("true", "true")])
def test_a_truth_value_has_one_form(written: str, meant: str) -> None:
    assert QueryField("adInterim", "boolean").term(written).value == meant


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "\u0661\u0662"), ("decimal", "\u0661.5"), ("gYear", "\u0662\u0660\u0661\u0668"),
        ("gYear", "02018"), ("gYear", "218"), ("boolean", "yes"), ("date", "02018-01-01"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_is_refused(type_: str, value: str) -> None:
    with pytest.raises(MappeError):
        QueryField("x", type_).term(value)


@pytest.mark.parametrize("value", ["2018", "0018", "-0018", "12018"])
def test_a_year_has_four_digits_or_more_without_zeros_before(value: str) -> None:
    assert QueryField("year", "gYear").term(value).value == value
