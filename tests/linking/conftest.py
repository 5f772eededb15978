"""The knowledge and weights of this repository, read once."""

from __future__ import annotations

import pytest

from helpers import ROOT
from mappe_servizi.linking.scorer import Scorer

PROVIDERS = ROOT / "data" / "knowledge"


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    return Scorer.load(PROVIDERS)
