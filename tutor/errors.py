"""What the tutor says when it cannot continue: a sentence and an exit code, never a traceback."""

from __future__ import annotations


class TutorError(Exception):
    """A sentence for the learner.

    `message` says what is wrong and what was expected; `next_move` says what to do about it.
    `exit_code` is the process's: 2 wrong usage, 3 the tutor cannot judge or act.
    """

    exit_code = 3

    def __init__(self, message: str, next_move: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_move = next_move

    def __str__(self) -> str:
        return f"{self.message} {self.next_move}".strip()


class UsageError(TutorError):
    """The learner asked for something that does not exist or cannot be meant."""

    exit_code = 2


class CannotActError(TutorError):
    """The tutor's own server, state or disk stands in the way; the learner's work is not judged."""

    exit_code = 3


class DiskError(CannotActError):
    """The operating system refuses access to a file or a folder, or the disk is full."""

    def __init__(self, error: OSError, path: object) -> None:
        super().__init__(
            f"The tutor cannot use {error.filename or path}: {error.strerror or error}.",
            "Free some disk space or fix the permissions, then run the command again.",
        )


class StateLostError(CannotActError):
    """What the tutor keeps of a workspace is missing or damaged; `tutor start .` makes it anew."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "`tutor start .` in the workspace makes a new database for it; your files stay.",
        )
