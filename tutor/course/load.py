"""Read the course from its folders.

`lessons/pNN_name/sNN_name/` is step N.N. Folder names give the order, so that a listing needs no
file at all and a step is parsed only when it is asked for.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.course.front_matter import read_step
from tutor.course.step import Part
from tutor.errors import CannotActError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course.step import Step

_FOLDER = re.compile(r"^([ps])(\d\d)_([a-z0-9_]+)$")


def lessons_folder() -> Path:
    """Return the folder of the lessons: inside the installed package, or beside it in a clone."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_data" / "lessons"
    return installed if installed.is_dir() else package.parent / "lessons"


class Course:
    """All parts and steps, in order."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or lessons_folder()
        self._steps: dict[str, Step] = {}

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts in order. Raises CannotActError where the lessons are missing."""
        folders = _numbered(self.folder, "p")
        if not folders:
            raise CannotActError(
                f"There are no lessons in {self.folder}.", "Install the tutor again."
            )
        return tuple(_read_part(number, folder) for number, folder in folders)

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        """The ids of all steps in order: "1.1", "1.2" …"""
        return tuple(step_id for part in self.parts for step_id in part.step_ids)

    def step(self, step_id: str) -> Step:
        """Return one step. Raises UsageError for an unknown id, naming the ids there are."""
        if step_id not in self._steps:
            part, folder = self._locate(step_id)
            before = self.before(step_id)[-1:]
            self._steps[step_id] = read_step(
                step_id, part.title, folder, lambda: self.step(before[0]) if before else None
            )
        return self._steps[step_id]

    def steps(self) -> Iterator[Step]:
        """Yield every step in order."""
        return (self.step(step_id) for step_id in self.step_ids)

    def part_of(self, step_id: str) -> Part:
        """Return the part that a step belongs to."""
        return self._locate(step_id)[0]

    def after(self, step_id: str) -> str | None:
        """Return the id of the step that follows, or None after the last."""
        position = self.step_ids.index(step_id) + 1
        return self.step_ids[position] if position < len(self.step_ids) else None

    def later(self, step_id: str) -> tuple[Step, ...]:
        """Return all steps after one."""
        return tuple(map(self.step, self.step_ids[self.step_ids.index(step_id) + 1 :]))

    def before(self, step_id: str) -> tuple[str, ...]:
        """Return the ids of all steps before one."""
        return self.step_ids[: self.step_ids.index(step_id)]

    def _locate(self, step_id: str) -> tuple[Part, Path]:
        for part in self.parts:
            for (_, folder), known in zip(_numbered(part.folder, "s"), part.step_ids, strict=True):
                if known == step_id:
                    return part, folder
        raise UsageError(
            f"There is no step {step_id}; they run from {self.step_ids[0]} to {self.step_ids[-1]}.",
            "`tutor list` shows them all.",
        )


def _numbered(folder: Path, kind: str) -> list[tuple[int, Path]]:
    """Return the subfolders named `<kind>NN_name` with their numbers, in order."""
    if not folder.is_dir():
        return []
    found = [
        (int(match[2]), child)
        for child in folder.iterdir()
        if (match := _FOLDER.match(child.name)) and match[1] == kind and child.is_dir()
    ]
    return sorted(found)


def _read_part(number: int, folder: Path) -> Part:
    with (folder / "part.toml").open("rb") as file:
        data: dict[str, Any] = tomllib.load(file)
    return Part(
        number=number,
        title=data["title"],
        about=data.get("about", ""),
        can=tuple(data.get("can", ())),
        then=data.get("then", ""),
        step_ids=tuple(f"{number}.{step}" for step, _ in _numbered(folder, "s")),
        chains=tuple(data.get("chains", ())),
        folder=folder,
    )
