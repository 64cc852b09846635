"""What the learner's code prints, kept within bounds."""

from __future__ import annotations

import io
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# Bytes kept of the beginning and, again, of the end.
KEPT = 200_000


class Sink(io.BufferedIOBase):
    """A binary stream that remembers the first and the last `KEPT` bytes written to it."""

    name = "<captured>"

    def __init__(self) -> None:
        """Start with nothing written."""
        super().__init__()
        self._clear()

    def _clear(self) -> None:
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._left_out = 0

    def writable(self) -> bool:
        """Tell Python's text layer that this is for writing."""
        return True

    def fileno(self) -> int:
        """Return the process's own stderr, for code that insists on a descriptor."""
        return 2

    def write(self, data: ReadableBuffer, /) -> int:
        """Take the bytes; the oldest behind the kept beginning are dropped beyond the bound."""
        content = bytes(data)
        room = KEPT - len(self._head)
        self._head += content[:room]
        if rest := content[room:]:
            self._left_out += max(0, len(rest) - KEPT)
            rest = rest[-KEPT:]
            self._tail.append(rest)
            self._tail_size += len(rest)
            while self._tail_size - len(self._tail[0]) >= KEPT:
                dropped = len(self._tail.popleft())
                self._tail_size -= dropped
                self._left_out += dropped
        return len(content)

    def text_stream(self) -> io.TextIOWrapper:
        """Return a text stream into this sink; several of them keep the order of writing."""
        return io.TextIOWrapper(
            self, encoding="utf-8", errors="backslashreplace", newline="", write_through=True
        )

    def take(self) -> str:
        """Return what was written since the last time."""
        content = bytes(self._head)
        if self._left_out:
            content += f"\n… {self._left_out} bytes left out …\n".encode()
        content += b"".join(self._tail)
        self._clear()
        return content.decode(errors="replace")
