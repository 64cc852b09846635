"""Read one step's folder: `step.md` with TOML front matter, and its patches."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tutor.course.patch_folder import read_patch, read_patches
from tutor.course.step import (
    AppGoal,
    ColumnGoal,
    ForeignKeyGoal,
    IndexGoal,
    KeptAs,
    Level,
    Question,
    RowsGoal,
    Step,
    TableGoal,
    TrialGoal,
)
from tutor.errors import CannotActError

if TYPE_CHECKING:
    from pathlib import Path

_FENCE = "+++\n"
_KNOWN = {
    "title",
    "minutes",
    "hints",
    "learnt",
    "level",
    "serves",
    "goal",
    "rows",
    "app",
    "journal",
    "question",
}


def read_step(step_id: str, part_title: str, folder: Path) -> Step:
    """Return the step of a folder. Raises CannotActError that names the file and its fault."""
    source = folder / "step.md"
    try:
        header, text = _split(source.read_text(encoding="utf-8"))
        data = tomllib.loads(header)
        if unknown := set(data) - _KNOWN:
            raise ValueError(f"unknown front matter: {', '.join(sorted(unknown))}")
        return _step(step_id, part_title, folder, data, text)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotActError(
            f"The lesson file {source} cannot be read: {error}.", "Install the tutor again."
        ) from error


def _split(source: str) -> tuple[str, str]:
    opening, header, text = source.split(_FENCE, 2)
    if opening:
        raise ValueError("the file must begin with front matter between +++ lines")
    return header, text.strip() + "\n"


def _step(step_id: str, part_title: str, folder: Path, data: dict[str, Any], text: str) -> Step:
    check_file = folder / "check.py"
    return Step(
        id=step_id,
        slug=folder.name,
        part_title=part_title,
        title=data["title"],
        minutes=data["minutes"],
        text=text,
        hints=tuple(data["hints"]),
        learnt=data["learnt"],
        level=Level[data.get("level", "nothing").upper()],
        serves=data.get("serves", False),
        tables=tuple(_table(name, goal) for name, goal in data.get("goal", {}).items()),
        rows=tuple(_rows(name, goal) for name, goal in data.get("rows", {}).items()),
        app=_app(data["app"]) if "app" in data else None,
        journal=tuple(data.get("journal", ())),
        questions=tuple(_question(item) for item in data.get("question", ())),
        check_file=check_file if check_file.is_file() else None,
        start=read_patch(folder / "start") if (folder / "start").is_dir() else None,
        solution=read_patch(folder / "solution"),
        mistakes=read_patches(folder / "mistakes"),
        alternatives=read_patches(folder / "alternatives"),
        folder=folder,
    )


def _table(name: str, data: dict[str, Any]) -> TableGoal:
    return TableGoal(
        name=name,
        columns=tuple(
            ColumnGoal(column, **goal) for column, goal in data.get("columns", {}).items()
        ),
        gone=tuple(data.get("gone", ())),
        primary_key=tuple(data.get("primary_key", ())),
        unique=tuple(tuple(columns) for columns in data.get("unique", ())),
        foreign_keys=tuple(
            ForeignKeyGoal(tuple(key["columns"]), key["table"], tuple(key["references"]))
            for key in data.get("foreign_keys", ())
        ),
        indexes=tuple(
            IndexGoal(tuple(index["columns"]), index.get("where"))
            for index in data.get("indexes", ())
        ),
        trials=tuple(
            TrialGoal(trial["row"], trial["why"], trial.get("refused_with"))
            for trial in data.get("trials", ())
        ),
    )


def _rows(table: str, data: dict[str, Any]) -> RowsGoal:
    return RowsGoal(
        table=table,
        renamed=data.get("renamed", {}),
        cast=data.get("cast", {}),
        kept_as={
            column: KeptAs(tuple(where["needs"]), where["sql"])
            for column, where in data.get("kept_as", {}).items()
        },
        values=data.get("values", {}),
        many=data.get("many", 0),
        prepare=data.get("prepare", ""),
    )


def _app(data: dict[str, Any]) -> AppGoal:
    return AppGoal(
        path=data["path"],
        table=data["table"],
        body=data["body"],
        refused=tuple(data.get("refused", ())),
        shows=tuple(data.get("shows", ())),
        delicate=tuple(data.get("delicate", ())),
    )


def _question(data: dict[str, Any]) -> Question:
    return Question(
        ask=data["ask"],
        answers=tuple(data.get("answers", ())),
        fact=data.get("fact"),
        argument=data.get("argument"),
        choices=data.get("choices", {}),
        wrong=data.get("wrong", {}),
        why=data.get("why", ""),
    )
