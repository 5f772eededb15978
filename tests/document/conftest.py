from __future__ import annotations

from pathlib import Path

import pytest

from mappe_servizi.document.form import Form, load_form
from mappe_servizi.document.reader import read_document
from mappe_servizi.records import Document

DATA = Path(__file__).parents[2] / "data"
CREMONA = DATA / "municipalities" / "c_d150"
FORM = DATA / "knowledge"


@pytest.fixture(scope="session")
def cremona() -> Document:
    return read_document(CREMONA, FORM)


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form(FORM)
