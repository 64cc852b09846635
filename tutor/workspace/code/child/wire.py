"""The wire to the tutor: one JSON object a line, on descriptors that the learner's code never sees.

Requests come with `call` and `number`; each is answered by one object with the same number. The
call `where` is answered at once, from a thread: which line of the learner's code is being run.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

from .capture import Sink
from .failure import where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class Wire:
    """Takes the standard streams over: the wire keeps them, the learner's prints are captured."""

    def __init__(self) -> None:
        """Take the descriptors of the standard streams, and start to listen."""
        self.printed = Sink()
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        # Copies of the descriptors are not inherited by the learner's own subprocesses.
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        # Before alembic is imported: its Config binds sys.stdout as a default value.
        sys.stdout = self.printed.text_stream()
        sys.stderr = self.printed.text_stream()
        # What ends the child itself is for the parent, who reads the raw stream.
        sys.excepthook = _report
        threading.Thread(target=self._read, daemon=True).start()

    def ready(self) -> None:
        """Tell the parent that from now on the time is the learner's."""
        self.printed.take()
        self.send({"number": 0})

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yield what the parent asks for; ends with the process."""
        while True:
            yield self._requests.get()

    def send(self, message: dict[str, Any]) -> None:
        """Send one object to the parent."""
        line = json.dumps(message, default=str).encode() + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def _read(self) -> None:
        for line in self._in:
            request = json.loads(line)
            if request["call"] == "where":
                self.send({"number": request["number"], "value": where()})
            else:
                self._requests.put(request)
        # The parent is gone or done: end, also where the learner's code never would.
        os._exit(0)


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    traceback.print_exception(kind, error, trace, file=sys.__stderr__)
