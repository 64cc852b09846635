"""What ends a command early, turned into a sentence and an exit code.

0 done or passed, 1 not yet, 2 wrong usage, 3 cannot judge, 130 interrupted.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tutor.errors import DiskError, TutorError

if TYPE_CHECKING:
    from collections.abc import Callable

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}
WRONG_USAGE = 2
CANNOT_JUDGE = 3
INTERRUPTED = 130
_READER_GONE = 141
"""128 + SIGPIPE: what a shell reports of a program whose reader went away (`tutor list | head`)."""


@dataclass
class Invocation:
    """One call of the program. `debug` is set by `--debug`, before or after the verb."""

    arguments: tuple[str, ...]
    program: str
    debug: bool = False

    @property
    def json(self) -> bool:
        """Whether stdout must hold one JSON object, even where the command line is wrong."""
        return "--json" in self.arguments and "psql" not in self.arguments


def run_to_exit_code(command: Callable[[], Any], invocation: Invocation) -> int:
    """Call a command and return the exit code; say on stderr (or as JSON) why it failed."""
    try:
        code = command()
        sys.stdout.flush()
    except SystemExit as end:  # Typer's way out of the shell's completion
        code = end.code
    except TutorError as error:
        _tell(error.message, error.next_move, invocation, error)
        return error.exit_code
    except click.ClickException as error:
        _tell_usage(error, invocation)
        return WRONG_USAGE
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return _READER_GONE
    except OSError as error:
        _tell_disk(error, invocation)
        return CANNOT_JUDGE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence, no traceback
        _tell_own_fault(error, invocation)
        return CANNOT_JUDGE
    if code == INTERRUPTED:  # also what Typer makes of Ctrl-C
        _tell_interrupted(invocation)
    return code if isinstance(code, int) else 0


def _tell(message: str, next_move: str, invocation: Invocation, error: Exception) -> None:
    if invocation.debug:
        import traceback

        traceback.print_exception(error)
    if invocation.json:
        _tell_json(message, next_move)
        return
    from tutor.cli.render.screen import draw_error, screen

    draw_error(screen(errors=True), message, next_move)


def _tell_own_fault(error: Exception, invocation: Invocation) -> None:
    _tell(
        f"The tutor itself failed ({type(error).__name__}: {error}); "
        "this says nothing about your work.",
        "" if invocation.debug else "Run it again with `--debug` behind it to see where.",
        invocation,
        error,
    )


def _tell_disk(error: OSError, invocation: Invocation) -> None:
    """Say what the disk refused, wherever it did; any other such error is the tutor's own."""
    if error.errno not in _DISK:
        _tell_own_fault(error, invocation)
        return
    refused = DiskError(error, "the disk")
    _tell(refused.message, refused.next_move, invocation, error)


def _tell_usage(error: click.ClickException, invocation: Invocation) -> None:
    if invocation.json:
        _tell_json(error.format_message(), f"`{invocation.program} --help` shows what there is.")
    else:
        error.show()


def _tell_interrupted(invocation: Invocation) -> None:
    if invocation.json:
        _tell_json("Interrupted.", "")
    else:
        sys.stderr.write("\nInterrupted.\n")


def _tell_json(message: str, next_move: str) -> None:
    sys.stdout.write(json.dumps({"error": message, "next": next_move}, indent=1) + "\n")


def _silence_stdout() -> None:
    """Let the interpreter's own flush at exit succeed: there is nobody left to read it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
