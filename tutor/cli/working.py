"""A sign of life while something takes seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.status import Status


class Working:
    """A line on stderr that says what goes on; gone when it ends. A context manager.

    Only where a person looks at stderr, and only once `begin` was called.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def begin(self, sentence: str) -> None:
        """Show the sentence until `end`."""
        if self._wanted and self._status is None:
            from tutor.cli.render.screen import screen

            self._status = screen(errors=True).status(sentence)
            self._status.start()

    def end(self) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
