"""Read a patch: a folder whose files are laid over the workspace, and `patch.toml` beside them."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tutor.course.step import Patch

if TYPE_CHECKING:
    from pathlib import Path

_MANIFEST = "patch.toml"
_KNOWN = {"about", "delete", "run", "answers", "expect", "restore_rows"}


def read_patch(folder: Path) -> Patch:
    """Return the patch of a folder; a missing manifest means files only.

    Raises ValueError for an unknown key (a typing error must not pass silently).
    """
    data: dict[str, Any] = {}
    manifest = folder / _MANIFEST
    if manifest.is_file():
        data = tomllib.loads(manifest.read_text(encoding="utf-8"))
    if unknown := set(data) - _KNOWN:
        raise ValueError(f"unknown key in {manifest}: {', '.join(sorted(unknown))}")
    return Patch(
        name=folder.name,
        about=data.get("about", ""),
        files=_files(folder),
        delete=tuple(data.get("delete", ())),
        run=tuple(data.get("run", ())),
        answers=tuple(data.get("answers", ())),
        expect=data.get("expect"),
        restore_rows=data.get("restore_rows", False),
    )


def read_patches(folder: Path) -> dict[str, Patch]:
    """Return the patches of a folder's subfolders by name, in order of name."""
    if not folder.is_dir():
        return {}
    return {child.name: read_patch(child) for child in sorted(folder.iterdir()) if child.is_dir()}


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MANIFEST and "__pycache__" not in path.parts
    }
