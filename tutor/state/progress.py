"""What the tutor remembers of a learner's way through the course."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.state.home import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2


@dataclass(frozen=True)
class State:
    """Files, database and version of one moment, kept apart from what the learner works on.

    `database` is the name of a database that nobody works in; `files` the name of a folder under
    the workspace's state; `versions` what alembic_version holds in that database.
    """

    database: str
    files: str
    versions: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """The current step, whether `tutor next` has begun it, and what is done.

    `reset_point` is where the learner starts, and where `tutor reset` goes back to. `baseline` is
    what the learner's revisions are replayed from. They differ only in a step that begins with a
    fault: its baseline is the healthy state before the fault.

    `event` is the number of the journal's last event before the step began. `rows_differ` says
    whether the learner's database already held other rows than the baseline then, by their own
    doing. `unmanaged` are objects of the baseline that no revision builds: the learner may drop
    them. `hints` counts those seen of a step, or of one of its questions; `answers` holds the
    right answers of a step, by question.

    `just_passed` is the progress in the step that passed last, until `tutor next` goes on: so long
    a check judges that step again. `unmet_files` is the digest of the files that the last check
    did not pass.
    """

    current: str
    begun: bool
    reset_point: State
    baseline: State
    event: int
    rows_differ: bool = False
    unmanaged: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    hints: dict[str, int] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    just_passed: Progress | None = None
    unmet_files: str = ""

    @classmethod
    def begun_at(cls, step_id: str, state: State, event: int) -> Progress:
        """Return the progress of a learner with nothing done, in a step without a fault."""
        return cls(step_id, begun=True, reset_point=state, baseline=state, event=event)

    @property
    def states(self) -> tuple[State, State]:
        """The states of the current step."""
        return self.reset_point, self.baseline

    @property
    def needed(self) -> tuple[State, ...]:
        """The states that must be kept for this progress."""
        return (*self.states, *(self.just_passed.states if self.just_passed else ()))

    @property
    def judged(self) -> Progress:
        """The progress in the step that a check judges."""
        if self.just_passed is None:
            return self
        return replace(self.just_passed, done=self.done, hints=self.hints, answers=self.answers)

    def passed(self, step_id: str) -> bool:
        """Whether a step has been passed."""
        return step_id in self.done

    def with_done(self, step_id: str) -> Progress:
        """Return the progress with one step more done."""
        return self if self.passed(step_id) else replace(self, done=(*self.done, step_id))

    def with_hint(self, step_id: str, shown: int) -> Progress:
        """Return the progress with `shown` hints of a step seen."""
        return replace(self, hints={**self.hints, step_id: shown})

    def with_answer(self, step_id: str, question: str, given: str) -> Progress:
        """Return the progress with one right answer more."""
        known = self.answers.get(step_id, {})
        return replace(self, answers={**self.answers, step_id: {**known, question: given}})

    def anew(self, step_id: str) -> Progress:
        """Return the progress of somebody who does a step from its start, questions included."""
        answers = {step: known for step, known in self.answers.items() if step != step_id}
        return replace(self, answers=answers, just_passed=None, unmet_files="")

    def as_json(self) -> dict[str, Any]:
        """Return the value that the state file holds."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, value: Any) -> Progress:
        """Read what `as_json` gave; ValueError, KeyError or TypeError say that it is damaged."""
        if value["format"] > FORMAT:
            raise CannotActError(
                "This workspace was last used by a newer tutor.",
                "Upgrade the tutor: `pip install --upgrade alembic-tutor`.",
            )
        if value["format"] == 1:
            value = _from_format_1(value)
        return cls(
            current=str(value["current"]),
            begun=bool(value["begun"]),
            reset_point=_state(value["reset_point"]),
            baseline=_state(value["baseline"]),
            event=int(value["event"]),
            rows_differ=bool(value["rows_differ"]),
            unmanaged=tuple(value["unmanaged"]),
            done=tuple(value["done"]),
            hints={str(step): int(shown) for step, shown in value["hints"].items()},
            answers={str(step): dict(known) for step, known in value.get("answers", {}).items()},
            unmet_files=str(value.get("unmet_files", "")),
            just_passed=_just_passed(value.get("just_passed")),
        )


def _just_passed(value: Any) -> Progress | None:
    return Progress.from_json({"format": FORMAT, **value}) if value else None


def _state(value: Any) -> State:
    return State(str(value["database"]), str(value["files"]), tuple(value["versions"]))


def _from_format_1(value: Any) -> dict[str, Any]:
    """Return a value of format 1, whose one state was reset point and baseline, as format 2."""
    start = value["start"]
    return {
        **value,
        "reset_point": start,
        "baseline": start,
        "event": start["event"],
        "rows_differ": start.get("differs", False),
        "unmanaged": start.get("own", ()),
    }


class LostProgressError(CannotActError):
    """The record of the progress cannot be read, and neither can the one before it."""


class ProgressFile:
    """The progress on disk: written atomically, with the one before kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.previous = path.with_name(f"{path.stem}.previous{path.suffix}")

    def save(self, progress: Progress) -> None:
        """Write the progress; what was there, where it can be read, becomes the previous one."""
        before = _read(self.path)
        if before is not None:
            write_json(self.previous, before.as_json())
        write_json(self.path, progress.as_json())

    def readable(self) -> list[Progress]:
        """Return the progress and the one before it, as far as they can be read."""
        return [
            progress for path in (self.path, self.previous) if (progress := _read(path)) is not None
        ]

    def load(self) -> tuple[Progress, str | None]:
        """Return the progress, and a sentence where the previous one had to serve.

        Raises LostProgressError where neither can be read.
        """
        progress = _read(self.path)
        if progress is not None:
            return progress, None
        progress = _read(self.previous)
        if progress is None:
            raise LostProgressError(
                f"The tutor's record of your progress, {self.path}, is damaged or missing.",
                "Your files are untouched. `tutor goto STEP` writes a new record and builds that "
                "step's start; your present files and database are backed up first.",
            )
        return progress, (
            f"The record of your progress ({self.path.name}) was damaged; the one before it "
            f"serves, so your last command may have to be repeated."
        )


def _read(path: Path) -> Progress | None:
    try:
        return Progress.from_json(read_json(path))
    except (OSError, ValueError, KeyError, TypeError):
        return None
