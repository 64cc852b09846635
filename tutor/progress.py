"""What the tutor remembers of a learner's way through the course."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tutor.errors import CannotActError, StateLostError
from tutor.home import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1


@dataclass(frozen=True)
class Start:
    """The state in which the current step began, and from which its revisions are replayed.

    `database` is the name of a database that nobody works in; `files` the name of a folder under
    the workspace's state; `versions` what alembic_version held; `event` the number of the
    journal's last event at that moment.
    """

    database: str
    files: str
    versions: tuple[str, ...]
    event: int


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
            ),
            done=tuple(value["done"]),
            hints={str(step): int(shown) for step, shown in value["hints"].items()},
        )


class ProgressFile:
    """The progress on disk: written atomically, with the one before kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.previous = path.with_name(f"{path.stem}.previous{path.suffix}")

    def save(self, progress: Progress) -> None:
        """Write the progress; what was there, where it can be read, becomes the previous one."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            write_json(self.previous, Progress.from_json(read_json(self.path)).as_json())
        write_json(self.path, progress.as_json())

    def load(self) -> tuple[Progress, str | None]:
        """Return the progress, and a sentence where the previous one had to serve.

        Raises StateLostError where neither can be read.
        """
        try:
            return Progress.from_json(read_json(self.path)), None
        except (OSError, ValueError, KeyError, TypeError):
            pass
        try:
            progress = Progress.from_json(read_json(self.previous))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StateLostError(
                f"The tutor's record of your progress, {self.path}, is damaged or missing."
            ) from error
        return progress, (
            f"The record of your progress ({self.path.name}) was damaged; the one before it "
            f"serves, so your last command may have to be repeated."
        )
