"""The learner's workspace: a folder with `.tutor/` in it, and the state that belongs to it."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import TutorError, UsageError
from tutor.state import home as state_home
from tutor.workspace import identity, making
from tutor.workspace.environment.credentials import env_file
from tutor.workspace.environment.env_url import settings_in_url
from tutor.workspace.files import read_managed, require_writable, write_managed
from tutor.workspace.template import ENV_FILE, template_files, template_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.workspace.environment.target import Target

_LAST = "last.json"


@dataclass(frozen=True)
class Workspace:
    """One learner's folder: `root` is absolute and free of links, `id` is 8 hex digits."""

    root: Path
    id: str

    @property
    def home(self) -> Path:
        """The folder, outside the workspace, of the tutor's state for it."""
        return state_home.workspace_home(self.id)

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """Return the workspace that `start` lies in; one that was moved is known again.

        Raises UsageError where there is none, UnfinishedWorkspaceError for one that was left in
        the making, CopiedWorkspaceError for a copy, CannotActError where the mark is damaged or of
        a newer tutor, or the state belonging to it is missing.
        """
        root = enclosing(start)
        if root is None:
            below = sorted(path.parent for path in start.glob(f"*/{identity.FOLDER}"))
            making.refuse_without_mark(start.resolve())
            raise UsageError(
                f"{start} is not inside a workspace of the tutor.",
                f"Yours is the folder {below[0].name}: `cd {shlex.quote(below[0].name)}` first."
                if len(below) == 1
                else "Go into your workspace's folder, or make a new one with `tutor next`.",
            )
        workspace = cls(root, identity.read_id(root))
        identity.recognise(workspace.root, workspace.id)
        return workspace

    @classmethod
    def planned(cls, root: Path) -> Workspace:
        """Return the workspace, with a new id, that a folder becomes by `adopt`.

        The folder stays what it is until then: nothing yet, a copy, one that lost its state.
        """
        return cls(root.expanduser().resolve(), identity.new_id())

    def lay(self) -> None:
        """Lay the template into the folder, which must be empty or not exist.

        `.env` is left to `write_env`. Whatever was made is taken away again on a failure.
        Raises UsageError where the folder cannot become a workspace, CannotActError where the
        disk refuses.
        """
        made = _make_folder(self.root)
        try:
            making.begin(self.root, self.id)
            self.write(_template())
        except BaseException:
            # The folder was empty or is new: all that is in it came from here.
            shutil.rmtree(self.home, ignore_errors=True)
            for entry in self.root.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            _unmake(made)
            raise

    @classmethod
    def unfinished(cls, root: Path) -> Workspace | None:
        """Return what a start that was killed began to make of a folder; None where it did not."""
        left, workspace_id = making.unfinished(root.resolve())
        return cls(root.resolve(), workspace_id or identity.new_id()) if left else None

    @classmethod
    def abandoned(cls) -> list[Workspace]:
        """Return the workspaces whose state is there and whose folder was deleted or moved.

        Where the making was interrupted before the folder was noted, the root is the state home.
        """
        return [
            cls(root or state_home.workspace_home(workspace_id), workspace_id)
            for root, workspace_id in identity.abandoned()
        ]

    def adopt(self) -> None:
        """Make the folder this workspace, whichever it was before; its files stay."""
        making.finish(self.root, self.id)

    @classmethod
    def last_used(cls) -> Workspace | None:
        """Return the workspace of `remember_last`, or None where there is none any more."""
        try:
            record = state_home.read_json(state_home.home() / _LAST)
            return cls.find(Path(record["root"]))
        except (OSError, ValueError, KeyError, TypeError, TutorError):
            return None

    def remember_last(self) -> None:
        """Record this workspace as the one that commands outside of any workspace may read."""
        path = state_home.home() / _LAST
        record = {"root": str(self.root)}
        with contextlib.suppress(OSError, ValueError):
            if state_home.read_json(path) == record:
                return
        state_home.write_json(path, record)

    def managed_files(self) -> dict[str, bytes]:
        """Return the managed files that exist: POSIX paths relative to `root`, and contents."""
        return read_managed(self.root)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Make the managed files exactly `files`, one by one; see `files.write_managed`."""
        write_managed(self.root, files, self.root / identity.FOLDER)

    def require_writable(self, *, files: bool = True) -> None:
        """Raise CannotActError where `write`, or without `files` `remove`, would be refused."""
        require_writable(self.root, self.root / identity.FOLDER, files=files)

    def write_env(self, target: Target) -> None:
        """Write the credentials into `.env`, readable by its owner only."""
        self.write({**self.managed_files(), ENV_FILE: env_file(target)})

    def env_values(self) -> dict[str, str]:
        """Return what `.env` says, names to values; empty where there is no readable file."""
        from dotenv import dotenv_values  # noqa: PLC0415 - few commands read the settings

        try:
            values = dotenv_values(self.root / ENV_FILE, encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return {}
        return {name: value for name, value in values.items() if value is not None}

    def database_settings(self) -> dict[str, str]:
        """Return where `.env` leads, as DB_HOST and so on: said so, or in one database URL."""
        said = self.env_values()
        return {**settings_in_url(said), **said}

    def clear_unfinished(self) -> None:
        """Take away what a start that was killed laid into the folder, which stays.

        Files that somebody changed since stay as well.
        """
        laid = _template()
        files = self.managed_files()
        ours = {name for name in files if name == ENV_FILE or files[name] == laid.get(name)}
        self.write({name: files[name] for name in files.keys() - ours})
        for folder in ("migrations/versions", "migrations"):
            with contextlib.suppress(OSError):  # not empty, or not there
                (self.root / folder).rmdir()
        identity.unmark(self.root)

    def remove(self, *, files: bool) -> None:
        """Take the tutor's mark away and, with `files`, the managed files too.

        What the learner added stays; the folder goes only where nothing is left in it. The
        state home is not touched.
        """
        if files:
            self.write({})
            for folder in ("migrations/versions", "migrations", "."):
                shutil.rmtree(self.root / folder / "__pycache__", ignore_errors=True)
        identity.unmark(self.root)
        if files:
            for folder in ("migrations/versions", "migrations", "."):
                with contextlib.suppress(OSError):  # not empty, or not there
                    (self.root / folder).rmdir()


def _template() -> dict[str, bytes]:
    template = template_folder()
    return {name: (template / name).read_bytes() for name in template_files()}


def is_workspace(folder: Path) -> bool:
    """Tell whether a folder itself is a workspace, copied or broken ones included."""
    return identity.is_marked(folder)


def enclosing(start: Path) -> Path | None:
    """Return the root of the workspace that `start` lies in, or None."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if identity.is_marked(folder)), None)


def _make_folder(root: Path) -> list[Path]:
    """Make the folder of a new workspace; return the folders that did not exist, deepest first."""
    if (outer := enclosing(root)) is not None:
        raise UsageError(
            f"{root} {'is' if outer == root else 'lies inside'} a workspace already: {outer}.",
            "Choose a folder outside of it.",
        )
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()):
            raise UsageError(
                f"{root} exists and is not empty.",
                "Choose another folder, or move what is in it elsewhere.",
            )
        (root / identity.FOLDER).mkdir()
        (root / identity.FOLDER).rmdir()
    except OSError as error:
        _unmake(made)
        raise UsageError(
            f"A workspace cannot be made in {root}: {error.strerror}.",
            "Choose a folder that you may write to.",
        ) from error
    return made


def _unmake(made: list[Path]) -> None:
    for folder in made:
        with contextlib.suppress(OSError):
            folder.rmdir()
