"""Reading and replacing the managed files of one workspace; nothing else in it is touched."""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import CannotActError, DiskError
from tutor.workspace.template import ENV_FILE, VERSIONS, is_managed, template_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STAGED = "write-"
_PRIVATE = 0o600


class PathConflictError(CannotActError):
    """A link or something of another kind is where a managed file or its folder has to be."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem}, so the tutor cannot write the project's files there.",
            "Move it away, put a real folder or file in its place, then run the command again.",
        )


def read_managed(root: Path) -> dict[str, bytes]:
    """Return the managed files that exist, POSIX paths relative to `root` to contents.

    What is not a file is left out. Raises DiskError for a file that cannot be read.
    """
    try:
        return {
            name: (root / name).read_bytes()
            for name in _candidates(root)
            if (root / name).is_file()
        }
    except OSError as error:
        raise DiskError(error, root) from error


def write_managed(root: Path, files: Mapping[str, bytes], staging: Path) -> None:
    """Make the managed files exactly `files`: write what differs, remove what is not in it.

    Each file is replaced in one step: a reader, or a crash, sees its old content or its new one.
    `staging` is a folder on the same disk for half-written files; those of a crash are removed.

    Raises ValueError for a name that is not managed, PathConflictError before anything is changed,
    and DiskError.
    """
    if strangers := sorted(name for name in files if not is_managed(name)):
        raise ValueError(f"not managed by the tutor: {', '.join(strangers)}")
    try:
        present = {name for name in _candidates(root) if _exists(root / name)}
        changed = [
            name for name in sorted(present | set(files)) if _differs(root, name, files.get(name))
        ]
        _require_paths(root, changed)
        for leftover in staging.glob(f"{_STAGED}*"):
            leftover.unlink(missing_ok=True)
        for name in changed:
            if name in files:
                _replace(root / name, files[name], staging)
            else:
                (root / name).unlink(missing_ok=True)
            _forget_bytecode(root / name)
    except OSError as error:
        raise DiskError(error, root) from error


def require_writable(root: Path, staging: Path, *, files: bool) -> None:
    """Raise CannotActError where a file in `staging` or, with `files`, a managed one is refused.

    Asked before a change begins that could otherwise not be finished.
    """
    names = [f"{staging.name}/{_STAGED}", *(template_files() if files else ())]
    _require_paths(root, names)
    for folder in filter(Path.is_dir, sorted({root, *((root / name).parent for name in names)})):
        probe = folder / f"{_STAGED}{os.urandom(8).hex()}"
        try:
            probe.touch(exist_ok=False)
            probe.unlink()
        except OSError as error:
            raise DiskError(OSError(error.errno, error.strerror), folder) from error


def _candidates(root: Path) -> Iterable[str]:
    """Return the names that may be managed files here: the template's list and the revisions."""
    revisions = sorted(
        f"{Path(folder).relative_to(root).as_posix()}/{name}"
        for folder, _, names in os.walk(root / VERSIONS, onerror=_unless_absent)
        for name in names
    )
    return dict.fromkeys((ENV_FILE, *template_files(), *filter(is_managed, revisions)))


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise error


def _exists(path: Path) -> bool:
    """Tell whether a file or a link (also a dead one) stands at `path`."""
    return path.is_symlink() or path.is_file()


def _differs(root: Path, name: str, wanted: bytes | None) -> bool:
    """Tell whether a file has another content than the wanted one, or rights that it must not."""
    path = root / name
    if wanted is None or path.is_symlink() or not path.is_file():
        return True
    mode = stat.S_IMODE(path.stat().st_mode)
    too_open = name == ENV_FILE and os.name == "posix" and mode != _PRIVATE
    return too_open or path.read_bytes() != wanted


def _require_paths(root: Path, names: Iterable[str]) -> None:
    """Raise PathConflictError where a file cannot be written: writes must stay in `root`."""
    for name in names:
        folder = Path(os.path.realpath(root))
        for part in Path(name).parts[:-1]:
            folder /= part
            # realpath() and not is_symlink(): it knows Windows' junctions too.
            if Path(os.path.realpath(folder)) != folder:
                raise PathConflictError(f"The folder {folder} is a link that leads elsewhere")
            if folder.is_file():
                raise PathConflictError(f"{folder} is a file and not a folder")
        path = root / name
        if path.is_dir() and not path.is_symlink():
            raise PathConflictError(f"{path} is a folder and not a file")


def _replace(path: Path, content: bytes, staging: Path) -> None:
    """Write one file through `staging`, keeping the mode that it had; `.env` is private."""
    mode = _PRIVATE if path.name == ENV_FILE else 0o666
    keeps_mode = mode != _PRIVATE and path.is_file() and not path.is_symlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = staging / f"{_STAGED}{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(staged, flags, mode), "wb") as file:  # the umask restricts it
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if keeps_mode:
            staged.chmod(stat.S_IMODE(path.stat().st_mode))
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def _forget_bytecode(path: Path) -> None:
    """Delete what Python compiled from a file.

    Python trusts compiled code by the source's size and its time in whole seconds: a file
    replaced twice within one second could run as it was.
    """
    if path.suffix == ".py":
        for compiled in (path.parent / "__pycache__").glob(f"{glob.escape(path.stem)}.*.pyc"):
            compiled.unlink(missing_ok=True)
