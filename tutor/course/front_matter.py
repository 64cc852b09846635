"""Read one step's folder: `step.md` with TOML front matter, and its patches."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tutor.course.goals import (
    AppGoal,
    ColumnGoal,
    ForeignKeyGoal,
    Goal,
    IndexGoal,
    KeptAs,
    ProbeGoal,
    RowsGoal,
    TableGoal,
)
from tutor.course.patch import read_patch, require_known
from tutor.course.step import CommandGoal, Question, Requirement, Step
from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FENCE = "+++\n"
_IMPLIED = {
    "question": Requirement.ANSWERS,
    "journal": Requirement.JOURNAL,
    "app": Requirement.APP,
    "command": Requirement.COMMANDS,
}
_KNOWN = {"title", "minutes", "hints", "learnt", "requires", "goal", "rows", *_IMPLIED}


def read_step(
    step_id: str, part_title: str, folder: Path, previous: Callable[[], Step | None]
) -> Step:
    """Return the step of a folder. Raises CannotActError that names the file and its fault."""
    source = folder / "step.md"
    try:
        header, text = _split(source.read_text(encoding="utf-8"))
        data = tomllib.loads(header)
        require_known(data, _KNOWN, "the front matter")
        solution = read_patch(folder / "solution")
        if solution is None:
            raise ValueError("there is no folder solution beside it")
        check_file = folder / "check.py"
        return Step(
            id=step_id,
            slug=folder.name,
            part_title=part_title,
            title=data["title"],
            minutes=data["minutes"],
            text=text,
            hints=tuple(data.get("hints", ())),
            learnt=data["learnt"],
            requires=frozenset(map(Requirement, data.get("requires", ())))
            | {requirement for table, requirement in _IMPLIED.items() if table in data},
            own=_goal(data),
            previous=previous,
            journal=tuple(data.get("journal", ())),
            questions=tuple(_question(item) for item in data.get("question", ())),
            commands=tuple(CommandGoal(**item) for item in data.get("command", ())),
            check_file=check_file if check_file.is_file() else None,
            start=read_patch(folder / "start"),
            fault=read_patch(folder / "fault"),
            solution=solution,
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotActError(
            f"The lesson file {source} cannot be read: {error}.", "Install the tutor again."
        ) from error


def _split(source: str) -> tuple[str, str]:
    opening, header, text = source.split(_FENCE, 2)
    if opening:
        raise ValueError("the file must begin with front matter between +++ lines")
    return header, text.strip() + "\n"


def _goal(data: dict[str, Any]) -> Goal:
    return Goal(
        tuple(_table(name, goal) for name, goal in data.get("goal", {}).items()),
        tuple(_rows(name, goal) for name, goal in data.get("rows", {}).items()),
        AppGoal(**_frozen(data["app"])) if "app" in data else None,
    )


def _frozen(data: dict[str, Any]) -> dict[str, Any]:
    """Return a TOML table with its lists, also those in lists, as tuples."""
    return {key: _tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _tuple(items: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(item) if isinstance(item, list) else item for item in items)


def _table(name: str, data: dict[str, Any]) -> TableGoal:
    built = {
        "columns": tuple(
            ColumnGoal(column, **goal) for column, goal in data.get("columns", {}).items()
        ),
        "foreign_keys": tuple(
            ForeignKeyGoal(**_frozen(key)) for key in data.get("foreign_keys", ())
        ),
        "indexes": tuple(IndexGoal(**_frozen(index)) for index in data.get("indexes", ())),
        "probes": tuple(map(_probe, data.get("probes", ()))),
    }
    return TableGoal(name, **(_frozen(data) | built))


def _probe(data: dict[str, Any]) -> ProbeGoal:
    """Build a probe; `null` names its columns that are NULL, for which TOML has no value."""
    row = {**data.get("row", {}), **dict.fromkeys(data.get("null", ()))}
    rest = {name: value for name, value in data.items() if name != "null"}
    return ProbeGoal(**{**rest, "row": row})


def _rows(table: str, data: dict[str, Any]) -> RowsGoal:
    kept_as = {
        column: KeptAs(**_frozen(where)) for column, where in data.get("kept_as", {}).items()
    }
    return RowsGoal(table, **(_frozen(data) | {"kept_as": kept_as}))


def _question(data: dict[str, Any]) -> Question:
    return Question(**_frozen(data))
