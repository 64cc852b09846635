"""Read a step's answer key, `answers.toml`: mistakes and alternatives, each one a patch.

Only tests and authors need it. A patch is an edit of the solution, unless it says
`base = "start"`; the files of mistakes/NAME/ or alternatives/NAME/, if any, come before its edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tutor.course.patch import Patch, read_edits, read_files, read_toml, require_known
from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FILE = "answers.toml"
_MISTAKES, _ALTERNATIVES = "mistakes", "alternatives"
_KEYS = {"about", "base", "delete", "edit", "run", "answers"}


@dataclass(frozen=True)
class AnswerKey:
    """The patches of a step by name: mistakes must be turned away, alternatives must pass."""

    mistakes: Mapping[str, Patch]
    alternatives: Mapping[str, Patch]


def read_answer_key(folder: Path, solution: Patch) -> AnswerKey:
    """Return the answer key of a step's folder.

    Raises CannotActError that names the file, the patch and its fault.
    """
    name = ""
    try:
        data = read_toml(folder / _FILE)
        require_known(data, (_MISTAKES, _ALTERNATIVES), _FILE)
        found: dict[str, dict[str, Patch]] = {_MISTAKES: {}, _ALTERNATIVES: {}}
        for kind, patches in found.items():
            entries = data.get(kind, {})
            require_known(_subfolders(folder / kind), entries, f"the folder {kind}, not in {_FILE}")
            for name in entries:
                patches[name] = _patch(folder / kind / name, entries[name], solution)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotActError(
            f"The answer key {folder / _FILE} cannot be read: {name}: {error}.",
            "Fix the entry.",
        ) from error
    return AnswerKey(found[_MISTAKES], found[_ALTERNATIVES])


def _subfolders(folder: Path) -> list[str]:
    return [child.name for child in folder.iterdir() if child.is_dir()] if folder.is_dir() else []


def _patch(folder: Path, data: dict[str, Any], solution: Patch) -> Patch:
    mistake = folder.parent.name == _MISTAKES
    require_known(data, _KEYS | {"expect"} if mistake else _KEYS, folder.name)
    base = data.get("base", "solution")
    if base not in {"solution", "start"}:
        raise ValueError(f'base is "solution" or "start", not {base!r}')
    laid = solution if base == "solution" else Patch("start")
    delete = tuple(data.get("delete", ()))
    own_files = read_files(folder)
    replaced = (*delete, *own_files)
    patch = Patch(
        name=folder.name,
        about=data["about"],
        files={name: file for name, file in laid.files.items() if name not in delete} | own_files,
        delete=laid.delete + delete,
        edits=tuple(
            edit
            for edit in laid.edits
            if not any(fnmatchcase(name, edit.file) for name in replaced)
        )
        + read_edits(data),
        run=tuple(data.get("run", laid.run)),
        answers=tuple(data.get("answers", solution.answers)),
        expect=data["expect"] if mistake else None,
    )
    _try_edits(patch)
    return patch


def _try_edits(patch: Patch) -> None:
    """Make the edits of the files that the course itself holds. The others wait for a workspace."""
    files = {name: file.read_bytes() for name, file in patch.files.items()}
    for edit in patch.edits:
        if any(fnmatchcase(name, edit.file) for name in files):
            files = edit.apply(files)
