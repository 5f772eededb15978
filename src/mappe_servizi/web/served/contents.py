"""Which published files are what their checksum and entity tag say: found out once for each."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError
from mappe_servizi.releases.integrity import check_content
from mappe_servizi.releases.opened import Release

REMEMBERED = 10_000
Key = tuple[int, int, int, int, str]


class Contents:
    """Compares files with their descriptions, in a thread; what was found is kept with its file.

    A file is known by its inode, size and time, so that releases that share one share the work, and
    one that is changed is looked at again.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[Key, asyncio.Task[None]] = OrderedDict()

    async def check(self, path: Path, described: Mapping[str, Any]) -> None:
        """Compare one file.

        Raises:
            InputError: it is not what was published.
        """
        try:
            facts = path.stat()
        except OSError as error:
            raise InputError(f"it cannot be read: {error.strerror}", file=path) from error
        key = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, described["sha256"])
        task = self._found.get(key)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(check_content, path, described))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._found[key] = task
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        self._found.move_to_end(key)
        await asyncio.shield(task)

    async def check_all(self, release: Release) -> None:
        """Compare all published files of a release.

        Raises:
            InputError: one is not what was published.
        """
        for name, described in release.files.items():
            await self.check(release.path / name, described)
