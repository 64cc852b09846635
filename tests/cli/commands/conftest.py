"""A session that answers with samples and remembers what it was asked.

It stands in for the real one, so that these tests are about the command line alone: what it passes
on, what it prints where, and its exit codes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Samples
    from tutor.judge.verdict import Verdict
    from tutor.results.change import Change, Solution
    from tutor.results.lesson import Hint, Lesson
    from tutor.results.views import Ailment, RevisionLine, SchemaView, StepLine, Where


class ScriptedSession:
    """Stands where a session is opened: says what it was told to, remembers what it was asked."""

    def __init__(self, samples: type[Samples]) -> None:
        self.samples = samples
        self.calls: list[Any] = []
        self.notices: list[str] = []
        self.verdict = samples.verdict()
        self.questions: tuple[Any, ...] = ()
        self.commands: tuple[str, ...] = ("cd fastapi-learn", "source .venv/bin/activate")
        self.failure: BaseException | None = None
        self.workspace = type("Workspace", (), {"root": Path("/srv/ada/fastapi-learn")})()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.calls.append("closed")

    def open(
        self,
        folder: Path,
        *,
        reading: bool = False,
        renewing: bool = False,
        server: str = "needed",
        say: Callable[[str], None],
    ) -> ScriptedSession:
        assert say is not None
        self.calls.append(("open", folder, reading, server, renewing))
        if self.failure is not None:
            raise self.failure
        return self

    def start(self, target: Path, *, say: Callable[[str], None], **_: Any) -> ScriptedSession:
        say("PostgreSQL starts.")
        self.calls.append(("start", target))
        return self

    def way_in(self, here: Path) -> tuple[str, ...]:
        self.calls.append(("way in", here))
        return self.commands

    def check(self, ask: Callable[[Any, str | None], str | None], _working: object) -> Verdict:
        self.calls.append(("answers", [ask(question, None) for question in self.questions]))
        return self.verdict

    def praise(self, _: Verdict) -> tuple[str, str | None]:
        return "One transaction.", "3.6 Verify"

    def next(self) -> Lesson:
        return self.samples.lesson()

    def lesson(self, step_id: str | None = None) -> Lesson:
        return self.samples.lesson(step_id=step_id or "3.1")

    def hint(self) -> Hint:
        return self.samples.hint

    def solution(self) -> Solution:
        return self.samples.solution

    def steps(self) -> list[StepLine]:
        return self.samples.steps

    def where(self) -> Where:
        return self.samples.where

    def schema(self, _: str | None) -> SchemaView:
        return self.samples.schema

    def history(self) -> list[RevisionLine]:
        return self.samples.history

    def doctor(self) -> list[Ailment]:
        return self.samples.ailments

    def reset(self, *, rows_only: bool) -> Change:
        self.calls.append(("reset", rows_only))
        return self.samples.change

    def goto(self, step_id: str) -> Change:
        self.calls.append(("goto", step_id))
        return self.samples.change

    def last_change(self) -> str:
        return "reset of step 3.4"

    def undo(self) -> Change:
        self.calls.append("undo")
        return self.samples.change

    def apply_solution(self) -> Change:
        self.calls.append("apply")
        return self.samples.change

    def stop(self) -> bool:
        return True

    def remove(self, *, files: bool) -> tuple[str, ...]:
        self.calls.append(("remove", files))
        return ("Everything is gone.",)

    def psql(self) -> tuple[list[str], dict[str, str]]:
        return [sys.executable], {}


@pytest.fixture
def session(samples: type[Samples], monkeypatch: pytest.MonkeyPatch) -> ScriptedSession:
    """Put a scripted session where the verbs import theirs from."""
    scripted = ScriptedSession(samples)
    module = ModuleType("tutor.session")
    module.Session = scripted  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tutor.session", module)
    return scripted
