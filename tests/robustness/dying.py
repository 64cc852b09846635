"""Run `tutor` in a process that signals itself at its n-th step.

    python dying.py SIGNAL N LOG ARGUMENTS…

A step is whatever can be seen from outside: a file opened for writing, renamed or deleted, a
folder made or deleted, a program started, a statement sent to PostgreSQL. The signal comes just
before it: SIGKILL as by `kill -9`, SIGINT as by Ctrl-C. With N = 0 none comes. LOG gets one line a
step: where in the tutor's code it was taken, from the inside out.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

import tutor
from tutor.cli import run
from tutor.state.home import home

if TYPE_CHECKING:
    from types import FrameType

EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "subprocess.Popen"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PACKAGE = str(Path(tutor.__file__).parent)


class Death:
    """Counts steps, and sends the signal at the one it was told."""

    def __init__(self, signal_: signal.Signals, at: int, log: int, places: tuple[str, ...]) -> None:
        self.signal = signal_
        self.left = at
        self.log = log
        self.places = places

    def step(self) -> None:
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - how one looks at the stack
        chain = []
        while frame is not None:
            if frame.f_code.co_filename.startswith(PACKAGE):
                name = Path(frame.f_code.co_filename).stem
                chain.append(f"{name}.{frame.f_code.co_name}:{frame.f_lineno}")
            frame = frame.f_back
        os.write(self.log, f"{' < '.join(chain)}\n".encode())
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), self.signal)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags & WRITING and str(path).startswith(self.places):
                self.step()
        elif event in EVENTS and (
            event == "subprocess.Popen" or str(arguments[0]).startswith(self.places)
        ):
            self.step()


def main() -> int:
    name, at, log, *arguments = sys.argv[1:]
    # As in a terminal; whoever starts the tests in the background lets them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    death = Death(signal.Signals[name], int(at), handle, (str(home()), str(Path.cwd())))
    execute = psycopg.Connection.execute

    def counted(self: Any, *arguments: Any, **options: Any) -> Any:
        death.step()
        return execute(self, *arguments, **options)

    psycopg.Connection.execute = counted  # type: ignore[method-assign]
    sys.addaudithook(death.hear)
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
