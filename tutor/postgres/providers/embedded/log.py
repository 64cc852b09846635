"""The log of an embedded server: files in its data folder (ServerLog)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUIET_SECONDS = 10.0
"""A file that the server has not written to for so long, and is not the last, is finished."""


class LogFiles:
    """The log files of one data folder; a segment is a file's name."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / "log"

    def segments(self) -> list[str]:
        """Return the names of the files, oldest first; the last one is being written to."""
        files = []
        for path in self._folder.glob("*.json"):
            try:
                files.append((path.stat().st_mtime_ns, path.name))
            except FileNotFoundError:  # another command just deleted it
                continue
        current = self._current()
        return sorted((name for _, name in sorted(files)), key=lambda name: name == current)

    def lines(self, segment: str, offset: int) -> Iterator[tuple[bytes, int]]:
        """Yield the complete lines of a file from an offset, each with the offset after it."""
        try:
            with (self._folder / segment).open("rb") as file:
                file.seek(offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    offset += len(line)
                    yield line, offset
        except FileNotFoundError:  # another command has read it to its end
            return

    def size(self, segment: str) -> int:
        """Return the size of a file in bytes."""
        return (self._folder / segment).stat().st_size

    def delete(self, segment: str) -> None:
        """Delete a file and its empty twin; one that was written to just now stays.

        At the moment of rotation the file that is being written to may be the last but one.
        """
        path = self._folder / segment
        if time.time() - path.stat().st_mtime > QUIET_SECONDS:
            path.unlink(missing_ok=True)
            path.with_suffix(".log").unlink(missing_ok=True)

    def _current(self) -> str | None:
        """Return the file that the server says it writes to (lines: format, relative path)."""
        try:
            text = (self._data / "current_logfiles").read_text(encoding="utf-8")
        except OSError:
            return None
        for line in text.splitlines():
            name, _, path = line.partition(" ")
            if name == "jsonlog":
                return path.rpartition("/")[2]
        return None
