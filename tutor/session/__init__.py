"""One learner's session: the pieces of their workspace, opened together, and what verbs ask of it.

Verbs of the command line call `Session` and show what it returns; nothing here draws.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from tutor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tutor.judge.evidence.case import Ask
    from tutor.judge.verdict import Verdict
    from tutor.results.change import Change, Solution
    from tutor.results.lesson import Hint, Lesson
    from tutor.results.views import Ailment, RevisionLine, SchemaView, StepLine, Where
    from tutor.session.context import Pieces
    from tutor.session.opening import ServerUse
    from tutor.workspace.folder import Workspace


class Session:
    """An open workspace. Use it as a context manager: it holds the workspace's lock.

    `notices` are sentences that the learner should see first.
    """

    def __init__(self, pieces: Pieces, held: ExitStack) -> None:
        self.pieces = pieces
        self._held = held
        self.notices = pieces.notices

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._held.close()

    @property
    def workspace(self) -> Workspace:
        """The learner's folder."""
        return self.pieces.workspace

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        reading: bool = False,
        renewing: bool = False,
        server: ServerUse = "needed",
        say: Callable[[str], None] = lambda _: None,
    ) -> Session:
        """Open the workspace that `folder` lies in.

        A reading session takes no lock, and falls back to the last workspace used. With
        `renewing`, a lost record of the progress is begun anew. With a server "as it is" nothing is
        started, and nothing that is broken stands in the way until it is asked for; with one "to
        go", not even a workspace of which only the folder is left. `say` gets a sentence where
        another command has to be waited for. Raises UsageError where there is no workspace,
        CannotActError where its state or server fails.
        """
        from tutor.session.opening import open_pieces  # noqa: PLC0415 - see `start`

        held = ExitStack()
        try:
            pieces = open_pieces(
                folder, held, reading=reading, renewing=renewing, server=server, say=say
            )
            return cls(pieces, held)
        except BaseException:
            held.close()
            raise

    @classmethod
    def start(
        cls, target: Path, *, postgres: str = "embedded", say: Callable[[str], None]
    ) -> Session:
        """Make a workspace in `target`; `say` gets a sentence for each stage.

        Raises UsageError where `target` cannot become one, or for another server than "embedded".
        """
        from tutor.session.starting import start_pieces  # noqa: PLC0415 - once in a lifetime

        if postgres != "embedded":
            raise UsageError(
                f"The tutor cannot use the server {postgres!r} yet: only its own, `embedded`.",
                "Leave --postgres out.",
            )
        held = ExitStack()
        try:
            return cls(start_pieces(target, held, say), held)
        except BaseException:
            held.close()
            raise

    def way_in(self, here: Path) -> tuple[str, ...]:
        """Return the commands that lead a shell whose folder is `here` into the workspace.

        Nothing where it is there and the workspace's environment is active.
        """
        from tutor.session.opening import way_in  # noqa: PLC0415

        return way_in(self.workspace.root, here)

    def lesson(self, step_id: str | None = None) -> Lesson:
        """Return a step's lesson: the current one's where none is named."""
        from tutor.session.lesson import lesson  # noqa: PLC0415 - each verb loads its own

        return lesson(self.pieces, step_id or self.pieces.progress.current)

    def next(self) -> Lesson:
        """Begin the current step where it has not begun; return its lesson."""
        from tutor.session.lesson import lesson  # noqa: PLC0415

        news: list[str] = []
        if not self.pieces.progress.begun:
            from tutor.session.changes import begin  # noqa: PLC0415

            news = begin(self.pieces)
        return lesson(self.pieces, self.pieces.progress.current, tuple(news))

    def check(self, ask: Ask, working: Callable[[str], None] = lambda _: None) -> Verdict:
        """Judge the current step; on a pass the next one becomes the current.

        `working` gets a sentence before what takes seconds.
        """
        from tutor.session.judging import check  # noqa: PLC0415

        return check(self.pieces, ask, working)

    def praise(self, verdict: Verdict) -> tuple[str, str | None]:
        """Return what a passed step taught, and "3.6 Title" of the one that follows, if any."""
        course = self.pieces.course
        following = course.after(verdict.step)
        title = f"{following} {course.step(following).title}" if following else None
        return course.step(verdict.step).learnt, title

    def hint(self) -> Hint:
        """Return the next hint of the current step; the last one again where all were seen."""
        from tutor.session.help import hint  # noqa: PLC0415

        return hint(self.pieces)

    def solution(self) -> Solution:
        """Return the reference solution of the current step against the learner's files."""
        from tutor.session.help import solution  # noqa: PLC0415

        return solution(self.pieces)

    def apply_solution(self) -> Change:
        """Go to the current step's end, built from the references."""
        from tutor.session.changes import apply_solution  # noqa: PLC0415

        return apply_solution(self.pieces)

    def reset(self, *, rows_only: bool) -> Change:
        """Put the current step, or only the rows, back to its start."""
        from tutor.session.changes import reset, reset_rows  # noqa: PLC0415

        return reset_rows(self.pieces) if rows_only else reset(self.pieces)

    def goto(self, step_id: str) -> Change:
        """Go to a step's start, built from the references."""
        from tutor.session.changes import goto  # noqa: PLC0415

        return goto(self.pieces, step_id)

    def last_change(self) -> str:
        """Return what `undo` would take back: "reset of step 3.4"; UsageError for nothing."""
        return self.pieces.snapshots.newest().reason

    def undo(self) -> Change:
        """Bring back what the last change put aside."""
        from tutor.session.changes import undo  # noqa: PLC0415

        return undo(self.pieces)

    def steps(self) -> list[StepLine]:
        """Return all steps of the course."""
        from tutor.session.views import steps  # noqa: PLC0415

        return steps(self.pieces)

    def where(self) -> Where:
        """Return where the learner is."""
        from tutor.session.views import where  # noqa: PLC0415

        return where(self.pieces)

    def schema(self, table: str | None) -> SchemaView:
        """Return the live schema beside the step's goal."""
        from tutor.session.schema_view import schema  # noqa: PLC0415

        return schema(self.pieces, table)

    def history(self) -> list[RevisionLine]:
        """Return the learner's revisions, newest first."""
        from tutor.session.views import history  # noqa: PLC0415

        return history(self.pieces)

    def doctor(self) -> list[Ailment]:
        """Look at everything that the tutor stands on."""
        from tutor.session.doctor import doctor  # noqa: PLC0415

        return doctor(self.pieces)

    def psql(self) -> tuple[list[str], dict[str, str]]:
        """Return the command line and environment of a psql on the learner's database."""
        from tutor.postgres.databases.psql import psql_command  # noqa: PLC0415

        return psql_command(self.pieces.server, self.pieces.server.live)

    def stop(self) -> bool:
        """Stop the server; return False where it was not running."""
        return self.pieces.server.stop()

    @staticmethod
    def abandoned() -> list[Workspace]:
        """Return the workspaces whose folder was deleted or moved, and whose state is there."""
        from tutor.workspace.folder import Workspace  # noqa: PLC0415 - only `remove` asks

        return Workspace.abandoned()

    @staticmethod
    def remove_abandoned(workspace: Workspace) -> str:
        """Take away the server and the state of a workspace without a folder."""
        from tutor.session.starting import remove_abandoned  # noqa: PLC0415

        return remove_abandoned(workspace)

    def remove(self, *, files: bool) -> tuple[str, ...]:
        """Take away the server and the tutor's state, and with `files` the learner's files too."""
        from tutor.session.starting import remove  # noqa: PLC0415

        return remove(self.workspace, files=files)
