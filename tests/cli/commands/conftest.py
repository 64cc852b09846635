"""A workspace that answers with samples and remembers what it was asked.

It stands in for the session's functions, so that these tests are about the command line alone: what
it passes on, what it prints where, and its exit codes. What the functions do is tested for real in
tests/session, tests/course and tests/robustness.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Samples


class Scripted:
    """Stands where a context is opened: says what it was told to, remembers what it was asked."""

    def __init__(self, samples: type[Samples]) -> None:
        self.samples = samples
        self.calls: list[Any] = []
        self.notices: list[str] = []
        self.verdict = samples.verdict()
        self.questions: tuple[Any, ...] = ()
        self.commands: tuple[str, ...] = ("cd fastapi-learn", "source .venv/bin/activate")
        self.failure: BaseException | None = None
        self.workspace = type("Workspace", (), {"root": Path("/srv/ada/fastapi-learn")})()
        self.server = type("Server", (), {"stop": lambda _: True, "live": "fastapi_db"})()

    @contextmanager
    def open(
        self,
        folder: Path,
        *,
        reading: bool = False,
        renewing: bool = False,
        server: str = "needed",
        say: Callable[[str], None],
    ) -> Iterator[Scripted]:
        assert say is not None
        self.calls.append(("open", folder, reading, server, renewing))
        if self.failure is not None:
            raise self.failure
        yield self
        self.calls.append("closed")

    @contextmanager
    def start(self, target: Path, *, say: Callable[[str], None], **_: Any) -> Iterator[Scripted]:
        say("PostgreSQL starts.")
        self.calls.append(("start", target))
        yield self
        self.calls.append("closed")

    def check(
        self,
        _: object,
        ask: Callable[[Any, str | None], str | None],
        _working: object,
        **_others: object,
    ) -> Any:
        self.calls.append(("answers", [ask(question, None) for question in self.questions]))
        return self.verdict

    def way_in(self, _: Path, here: Path) -> tuple[str, ...]:
        self.calls.append(("way in", here))
        return self.commands

    def said(self, call: Any, value: Any) -> Any:
        self.calls.append(call)
        return value


@pytest.fixture
def session(samples: type[Samples], monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Put the stand-in where the verbs import the session's functions from."""
    made = Scripted(samples)
    change = samples.change
    functions: dict[str, Any] = {
        "opening.open_context": made.open,
        "opening.way_in": made.way_in,
        "make.starting.start_workspace": made.start,
        "make.removing.remove": lambda _, files: made.said(("remove", files), ("All is gone.",)),
        "check.judging.check": made.check,
        "check.answering.questions": lambda _: made.questions,
        "check.answering.open_questions": lambda _: dict(enumerate(made.questions, start=1)),
        "check.judging.praise": lambda *_: ("One transaction.", "3.6 Verify"),
        "check.judging.part_end": lambda _, verdict: made.samples.part if verdict.passed else None,
        "look.lesson.next_lesson": lambda _: made.samples.lesson(),
        "look.lesson.lesson": lambda _, step=None: made.samples.lesson(step_id=step or "3.1"),
        "look.lesson.hint": lambda _: made.samples.hint,
        "look.views.steps": lambda _: made.samples.steps,
        "look.views.where": lambda _: made.samples.where,
        "look.schema_view.schema": lambda *_: made.samples.schema,
        "look.history.history": lambda _: made.samples.history,
        "look.doctor.doctor": lambda _: made.samples.diagnostics,
        "look.doctor.fix_env": lambda _: made.said("fix env", "written"),
        "change.solution.solution": lambda _: made.samples.solution,
        "change.solution.apply_solution": lambda _: made.said("apply", change),
        "change.reset.reset": lambda _: made.said(("reset", False), change),
        "change.reset.reset_rows": lambda _: made.said(("reset", True), change),
        "change.goto.goto": lambda _, step: made.said(("goto", step), change),
        "change.undo.undo": lambda _, number: made.said(("undo", number), change),
        "change.undo.backups": lambda _: made.samples.backups,
        "change.undo.becomes_of_progress": lambda *_: "You will be in step 3.4.",
        "change.undo.described": lambda *_: "01 Mar 14:02, before `tutor reset`",
    }
    for place, function in functions.items():
        monkeypatch.setattr(f"tutor.session.{place}", function)
    monkeypatch.setattr(
        "tutor.postgres.databases.psql.psql_command", lambda *_: ([sys.executable], {})
    )
    return made
