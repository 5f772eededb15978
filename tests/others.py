"""Others' programs, in an environment of their own (`make test` sets it up)."""

import subprocess
from collections.abc import Callable

from helpers import ROOT

BIN = ROOT / ".venv" / "harvest" / "bin"
Run = Callable[..., "subprocess.CompletedProcess[str]"]
