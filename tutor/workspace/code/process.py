"""A child process in the learner's interpreter, spoken to in JSON lines, and its end."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tutor.errors import CannotActError
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from typing import IO

_CHILD = Path(__file__).resolve().parent / "child"
# Python's own settings would change how the learner's code runs; these two say where modules are.
_KEPT_SETTINGS = ("PYTHONPATH", "PYTHONHOME")
# Seconds given to import the libraries (on a slow disk, for the first time), to say where the
# code hangs, and to a killed process to be gone.
_START = 90
_GRACE = 0.5
_BURIAL = 5
# Bytes kept of what is written to the raw standard error, beside Python's streams.
_STRAY = 8_000


class ChildProcess:
    """One process that runs the learner's code. A context manager; left, the process is gone.

    A process that died or was killed is started anew by the next call.
    """

    def __init__(self, root: Path, mode: str, interpreter: Path | None = None) -> None:
        """Prepare a child for the workspace `root`; `mode` is a module of the child's folder.

        `interpreter` is that of the workspace's own `.venv`, where no other is named.
        """
        self.root = root
        self._interpreter = interpreter or python(root)
        self._mode = mode
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._stray = bytearray()
        self._number = 0
        self._ready = False

    def __enter__(self) -> Self:
        """Start the process: it gets ready while its parent does other things."""
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Kill the process and everything that it started."""
        self.kill()

    def start(self) -> None:
        """Start the process if none is running."""
        if self._process is not None:
            return
        own_group: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined, unused-ignore]
            if os.name == "nt"
            else {"start_new_session": True}
        )
        command = [str(self._interpreter), "-X", "utf8", str(_CHILD), self._mode]
        try:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **own_group,
            )
        except OSError as error:
            raise CannotActError(
                f"The workspace's Python cannot be started: {error}.",
                "Run `tutor next`, which repairs the workspace's .venv.",
            ) from error
        self._process = process
        self._answers = queue.SimpleQueue()
        self._stray = bytearray()
        self._ready = False
        assert process.stdout is not None  # noqa: S101 - asked for above
        assert process.stderr is not None  # noqa: S101 - as above
        self._stray_reader = threading.Thread(
            target=_read_stray, args=(process.stderr, self._stray), daemon=True
        )
        self._stray_reader.start()
        threading.Thread(
            target=_read_answers, args=(process.stdout, self._answers), daemon=True
        ).start()

    def call(self, name: str, timeout: float, **arguments: Any) -> dict[str, Any]:
        """Ask the child, and return its answer: `value` or `error`, and `output`.

        `timeout` is in seconds, without the child's own start; a child that needs longer is
        killed. Raises LearnerCodeError of the kinds hang, exit and crash where there is no
        answer, and CannotActError where the child cannot even start.
        """
        try:
            self._await_ready()
            deadline = time.monotonic() + timeout
            number = self._send(name, arguments)
            while (answer := self._next(deadline)) is not None:
                if answer["number"] == number:
                    return answer
        except queue.Empty:
            raise self.hang(timeout) from None
        except BaseException:
            self.kill()
            raise
        raise self.ended()

    def _await_ready(self) -> None:
        """Start the process if need be, and wait until the learner's code could run."""
        self.start()
        if self._ready:
            return
        try:
            self._ready = self._next(time.monotonic() + _START) is not None
        except queue.Empty:
            self._ready = False
        if not self._ready:
            said = self.ended().output.strip().rpartition("\n")[2]
            raise CannotActError(
                f"The workspace's Python cannot load what the tutor needs: {said or 'it hangs'}.",
                "Run `tutor doctor`; if you installed packages in .venv yourself, remove .venv and "
                "run `tutor next`, which makes it anew.",
            )

    def kill(self) -> None:
        """End the process and all that it started, now."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            _kill_group(process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_BURIAL)
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _send(self, name: str, arguments: dict[str, Any]) -> int:
        self._number += 1
        request = {"number": self._number, "call": name, **arguments}
        assert self._process is not None  # noqa: S101 - started
        assert self._process.stdin is not None  # noqa: S101 - asked for
        # A child that is dead already is noticed by the answer that does not come.
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        return self._number

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """Return the next answer, None where the process ended; raises queue.Empty at the end."""
        return self._answers.get(timeout=max(0.0, deadline - time.monotonic()))

    def hang(self, timeout: float) -> LearnerCodeError:
        """Ask which line is being run, kill the process, and return the error that says so."""
        place: dict[str, Any] = {}
        with contextlib.suppress(queue.Empty):
            number = self._send("where", {})
            deadline = time.monotonic() + _GRACE
            while (answer := self._next(deadline)) is not None:
                if answer["number"] == number:
                    place = answer["value"]
                    break
        self.kill()
        return LearnerCodeError(
            "hang", f"the code was still running after {timeout:.0f} s", **place
        )

    def ended(self) -> LearnerCodeError:
        """Return the error for a process that ended without an answer."""
        assert self._process is not None  # noqa: S101 - it was asked
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_BURIAL)
        code = self._process.returncode
        self.kill()
        self._stray_reader.join(_GRACE)
        stray = self._stray.decode(errors="replace")
        if code is None:
            return LearnerCodeError("crash", "there was no answer", output=stray)
        if code < 0:
            name = signal.Signals(-code).name
            return LearnerCodeError("crash", f"Python was killed by {name}", output=stray)
        message = f"the code ends the process, with exit code {code}"
        return LearnerCodeError("exit", message, output=stray)


def _environment() -> dict[str, str]:
    """Return the environment for the learner's code: as in their shell, but for Python's switches.

    ALEMBIC_CONFIG would make Alembic read another project's configuration.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name != "ALEMBIC_CONFIG" and (not name.startswith("PYTHON") or name in _KEPT_SETTINGS)
    }


def _read_answers(stream: IO[bytes], answers: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    with stream, contextlib.suppress(ValueError):
        for line in stream:
            answers.put(json.loads(line))
    answers.put(None)


def _read_stray(stream: IO[bytes], sink: bytearray) -> None:
    with stream:
        while chunk := os.read(stream.fileno(), 65_536):
            sink += chunk
            del sink[:-_STRAY]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and what it started; its group is its own."""
    if os.name != "nt":
        os.killpg(process.pid, signal.SIGKILL)
        return
    import psutil  # noqa: PLC0415 - Windows has no groups to kill

    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
    process.kill()
