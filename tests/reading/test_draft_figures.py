"""What the drafts of a town of Cremona's size are worth, and what its review asks."""

import re
import sys

import pytest

from helpers import ROOT

if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from bench import drafts


def test_a_town_of_cremona_s_size_is_asked_at_most_150_questions(capsys: pytest.CaptureFixture[str]) -> None:
    drafts.main()
    told = capsys.readouterr().out
    found = re.search(r"(\d+) questions, (\d+) answers", told)
    assert found, told
    assert 50 < int(found[1]) <= int(found[2]) <= 150


def test_what_is_given_as_a_value_is_right_in_nine_of_ten_cases(capsys: pytest.CaptureFixture[str]) -> None:
    drafts.main()
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if ".csv" in line]
    precision = {line[0]: float(line[5]) for line in lines if line[4] != "0"}
    assert {"areas.csv", "audiences.csv", "indicators.csv", "service-concepts.csv"} <= set(precision)
    assert min(precision.values()) >= 0.9, precision
