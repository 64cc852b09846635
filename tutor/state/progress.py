"""What the tutor remembers of a learner's way through the course."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError
from tutor.state.home import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1


@dataclass(frozen=True)
class Start:
    """The state in which the current step began, and from which its revisions are replayed.

    `database` is the name of a database that nobody works in; `files` the name of a folder under
    the workspace's state; `versions` what alembic_version held; `event` the number of the
    journal's last event at that moment. `differs`: whether the learner's database held other rows
    than `database` already then, by their own doing. `own` are objects in `database` that no
    revision built: the learner's, who may drop them.
    """

    database: str
    files: str
    versions: tuple[str, ...]
    event: int
    differs: bool = False
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """The current step, whether `tutor next` has begun it, what is done, and where it started."""

    current: str
    begun: bool
    start: Start
    done: tuple[str, ...] = ()
    hints: dict[str, int] = field(default_factory=dict)

    def passed(self, step_id: str) -> bool:
        """Whether a step has been passed."""
        return step_id in self.done

    def with_done(self, step_id: str) -> Progress:
        """Return the progress with one step more done."""
        return self if self.passed(step_id) else replace(self, done=(*self.done, step_id))

    def with_hint(self, step_id: str, shown: int) -> Progress:
        """Return the progress with `shown` hints of a step seen."""
        return replace(self, hints={**self.hints, step_id: shown})

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
        start = value["start"]
        return cls(
            current=str(value["current"]),
            begun=bool(value["begun"]),
            start=Start(
                database=str(start["database"]),
                files=str(start["files"]),
                versions=tuple(start["versions"]),
                event=int(start["event"]),
                differs=bool(start.get("differs", False)),
                own=tuple(start.get("own", ())),
            ),
            done=tuple(value["done"]),
            hints={str(step): int(shown) for step, shown in value["hints"].items()},
        )


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
