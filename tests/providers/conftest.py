"""The real document and the maintained tables, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mappe_servizi.model.records import Document
from mappe_servizi.providers.model import Network
from mappe_servizi.providers.network import build_network
from mappe_servizi.providers.rules import Rules
from mappe_servizi.reading.reader import read_document

DATA = Path(__file__).resolve().parents[2] / "data"
KNOWLEDGE = DATA / "knowledge"


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules.load(KNOWLEDGE, DATA)


@pytest.fixture(scope="session")
def cremona() -> Document:
    return read_document(DATA / "municipalities" / "c_d150" / "editions" / "2020", KNOWLEDGE)


@pytest.fixture(scope="session")
def network(cremona: Document, rules: Rules) -> Network:
    return build_network(cremona, rules)
