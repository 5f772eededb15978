"""What the benchmarks read from others' programs."""

import importlib.util
import subprocess
from types import ModuleType

import pytest

from helpers import ROOT

LATENCY = "  Latency Distribution\n     50%   {}\n     75%    9.10ms\n     90%   12.00ms\n     99%   {}\n"
RATE = "  6 requests in 6.00s, 1.00MB read\nRequests/sec:      1.00\n"


@pytest.fixture
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pages", ROOT / "bench" / "pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("printed", "milliseconds"),
    [("8.21ms", 8.21), ("912.00us", 0.912), ("1.05s", 1050.0), ("1.50m", 90_000.0), ("2.00h", 7_200_000.0),
     ("0.00us", 0.0), ("1.50m ", 90_000.0)],
)  # fmt: skip
def test_every_unit_of_wrk_is_read(
    pages: ModuleType, printed: str, milliseconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.CompletedProcess([], 0, LATENCY.format("1.00ms", printed) + RATE, "")
    monkeypatch.setattr(pages.subprocess, "run", lambda *arguments, **options: done)
    assert pages.ask("http://x", ["/"], "*/*", unique=False) == (1.0, 1.0, pytest.approx(milliseconds))


@pytest.mark.parametrize(
    "said", ["", RATE, LATENCY.format("1.00ms", "-nan") + RATE, RATE + "  Socket errors: 3"]
)
def test_no_figures_are_told_and_the_next_line_is_measured(
    pages: ModuleType, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = subprocess.CompletedProcess([], 0, said, "")
    monkeypatch.setattr(pages.subprocess, "run", lambda *arguments, **options: done)
    pages.show("page, any, uncached", "http://x", ["/"], "*/*", unique=True)
    assert "no figures: in 6 s no request ended" in capsys.readouterr().out
