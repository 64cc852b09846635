"""Reading and replacing the managed files of one workspace; nothing else in it is touched."""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.workspace.template import ENV_FILE, VERSIONS, is_managed, template_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STAGED = "write-"
_PRIVATE = 0o600


def read_managed(root: Path) -> dict[str, bytes]:
    """Return the managed files that exist, POSIX paths relative to `root` to contents.

    Folders that are missing, and folders standing where a file should, are passed over.
    Raises CannotActError for a file that exists and cannot be read.
    """
    files: dict[str, bytes] = {}
    for name in _candidates(root):
        path = root / name
        try:
            if path.is_file():
                files[name] = path.read_bytes()
        except OSError as error:
            raise CannotActError(
                f"The tutor cannot read {path}: {error.strerror}.",
                "Mend the file's permissions, then run the command again.",
            ) from error
    return files


def write_managed(root: Path, files: Mapping[str, bytes], staging: Path) -> None:
    """Make the managed files exactly `files`: write what differs, remove what is not in it.

    Each file is replaced in one step: a reader, or a crash, sees its old content or its new one.
    `staging` is a folder on the same disk for the halves; what a crash left in it is swept.

    Raises ValueError for a name that is not managed, and CannotActError where a folder is a link
    that leads elsewhere or the disk refuses.
    """
    if strangers := sorted(name for name in files if not is_managed(name)):
        raise ValueError(f"not managed by the tutor: {', '.join(strangers)}")
    names = {name for name in _candidates(root) if _exists(root / name)} | set(files)
    try:
        for leftover in staging.glob(f"{_STAGED}*"):
            leftover.unlink(missing_ok=True)
        for name in sorted(names):
            _refuse_linked_folders(root, name)
            if name in files:
                _replace(root / name, files[name], staging, private=name == ENV_FILE)
            else:
                _remove(root / name)
    except OSError as error:
        raise _cannot_write(error, error.filename or root) from error


def require_writable(root: Path, staging: Path) -> None:
    """Raise CannotActError where the folders of the managed files take no new file.

    Asked before a change begins that could otherwise not be finished.
    """
    folders = {staging, *((root / name).parent for name in template_files())}
    for folder in filter(Path.is_dir, sorted(folders)):
        probe = folder / f"{_STAGED}{os.urandom(8).hex()}"
        try:
            probe.touch(exist_ok=False)
            probe.unlink()
        except OSError as error:
            raise _cannot_write(error, folder) from error


def _cannot_write(error: OSError, place: str | Path) -> CannotActError:
    return CannotActError(
        f"The tutor cannot write {place}: {error.strerror}.",
        "Free some disk space or mend the permissions, then run the command again.",
    )


def _candidates(root: Path) -> Iterable[str]:
    """Return the names that may be managed files here: the template's list and the revisions."""
    try:
        revisions = sorted(f"{VERSIONS}/{path.name}" for path in (root / VERSIONS).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        revisions = []
    return dict.fromkeys((ENV_FILE, *template_files(), *filter(is_managed, revisions)))


def _exists(path: Path) -> bool:
    """Tell whether a file or a link (also a dead one) stands at `path`."""
    return path.is_symlink() or path.is_file()


def _refuse_linked_folders(root: Path, name: str) -> None:
    """Raise CannotActError where a folder on the way to a file is a link: writes must stay here."""
    folder = root.resolve()
    for part in Path(name).parts[:-1]:
        folder /= part
        # resolve() and not is_symlink(): it knows Windows' junctions too
        if folder.resolve() != folder:
            raise CannotActError(
                f"The folder {folder} is a link that leads elsewhere; "
                "the tutor writes inside the workspace only.",
                "Put a real folder in its place, then run the command again.",
            )


def _replace(path: Path, content: bytes, staging: Path, *, private: bool) -> None:
    """Write one file through `staging` where it differs, keeping the mode that it had."""
    before = None if path.is_symlink() or not path.is_file() else path.stat()
    if before is None or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = _stage(content, staging, private=private)
        try:
            if before is not None and not private:
                staged.chmod(stat.S_IMODE(before.st_mode))
            staged.replace(path)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        _forget_bytecode(path)
    elif private and os.name == "posix" and stat.S_IMODE(before.st_mode) != _PRIVATE:
        path.chmod(_PRIVATE)


def _stage(content: bytes, staging: Path, *, private: bool) -> Path:
    """Write a new file beside the workspace's own; the umask decides unless it is private."""
    staged = staging / f"{_STAGED}{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(staged, flags, _PRIVATE if private else 0o666), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return staged


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _forget_bytecode(path)


def _forget_bytecode(path: Path) -> None:
    """Delete what Python compiled from a file.

    Python trusts compiled code by the source's size and its time in whole seconds: a file
    replaced twice within one second could go on running as it was.
    """
    if path.suffix == ".py":
        for compiled in (path.parent / "__pycache__").glob(f"{glob.escape(path.stem)}.*.pyc"):
            compiled.unlink(missing_ok=True)
