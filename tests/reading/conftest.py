from __future__ import annotations

from pathlib import Path

import pytest

from mappe_servizi.model.records import Document
from mappe_servizi.reading.form import Form, load_form
from mappe_servizi.reading.reader import read_document

DATA = Path(__file__).parents[2] / "data"
TOWN = DATA / "municipalities" / "c_d150"
CREMONA = TOWN / "editions" / "2020"
FORM = DATA / "knowledge"


@pytest.fixture(scope="session")
def cremona() -> Document:
    return read_document(CREMONA, FORM)


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form(FORM)
