"""HTTP processes and the one that starts them: they end with it, and leave no figures behind."""

from __future__ import annotations

from multiprocessing import parent_process

from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import Multiprocess

from mappe_servizi.query.fork_server import end_with


def end_with_supervisor() -> None:
    """Let the kernel kill this process, with its listening sockets, when its supervisor is killed."""
    if (parent := parent_process()) is not None:
        assert parent.pid is not None
        end_with(parent.pid)


class Supervisor(Multiprocess):
    """Takes the gauges of a process that was killed out of the sums."""

    def keep_subprocess_alive(self) -> None:
        """Replace processes that have ended."""
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


__all__ = ["Supervisor", "end_with_supervisor"]
