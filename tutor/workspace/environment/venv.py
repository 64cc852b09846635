"""The workspace's own `.venv`: a plain shell runs `python -m alembic …` on the tutor's packages.

Nothing is downloaded or copied: a `.pth` file leads to the folders that the tutor itself runs from,
whatever installed it (pip, pipx, uvx), and what the learner installs with pip stays in `.venv`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import site
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import tutor
from tutor.errors import CannotActError

_MARK = "alembic-tutor.json"
_LINK = "_alembic_tutor.pth"
_SCRIPTS = (
    "alembic = alembic.config:main",
    "alembic-tutor = tutor.cli:main",
    "pip = pip._internal.cli.main:main",
    "tutor = tutor.cli:main",
    "uvicorn = uvicorn.main:main",
)
# Not distlib's own text: it would end in a traceback once the packages are gone.
_SCRIPT = """\
import sys

if __name__ == "__main__":  # and not where uvicorn's --reload imports this once more
    try:
        from %(module)s import %(import_name)s
    except ModuleNotFoundError as error:
        if error.name != "%(module)s".partition(".")[0]:
            raise
        print(
            "The packages that this environment leads to are gone: the tutor was uninstalled or"
            " moved, or uv's cache was cleaned. Install the tutor again, or call it as you did the"
            " first time (uvx): any `tutor` command from there, in this folder, repairs it.",
            file=sys.stderr,
        )
        sys.exit(3)
    sys.argv[0] = sys.argv[0].removesuffix(".exe")
    sys.exit(%(func)s())
"""


@dataclass(frozen=True)
class _Build:
    """What an environment was built for; another one is built where any of it has changed."""

    folder: str  # its own place: the activation scripts contain it
    python: str  # "3.11", with a "t" for the free-threaded build: packages fit one of them
    packages: list[str]  # the folders that the tutor's packages are in


def environment_folder(root: Path) -> Path:
    """Return the folder of the workspace's environment."""
    return root / ".venv"


def python(root: Path) -> Path:
    """Return the interpreter for the learner's code.

    It is `.venv`'s, so that packages which the learner installed there are found; or the tutor's
    own where `.venv` is of the learner's making and may hold nothing.
    """
    environment = environment_folder(root)
    return _interpreter(environment) if _is_ours(environment) else Path(sys.executable)


def ensure_environment(root: Path) -> list[str]:
    """Make the workspace's `.venv`, or repair it; return what the learner should know about that.

    Costs three small reads where nothing is to be done. A repaired environment keeps what the
    learner installed in it; one of the learner's own making is left alone. Raises CannotActError
    where the environment cannot be written.
    """
    environment = environment_folder(root)
    if not _is_ours(environment) and not _is_vacant(environment):
        return [
            (
                f"{environment} is not the tutor's, so it stays as it is. To get an environment "
                "that has all this project needs, rename that folder and run `tutor next`."
            )
        ]
    before = _read_mark(environment)
    wanted = _wanted_build(environment)
    if before == wanted and _is_alive(environment, wanted):
        return []
    try:
        _build(environment, wanted, prompt=root.name)
    except (OSError, ValueError) as error:  # ValueError: venv refuses the path, ":" for example
        raise CannotActError(
            f"The workspace's Python environment {environment} cannot be made: {error}.",
            "Fix that, or move the workspace to another folder, then run the command again.",
        ) from error
    return _tell(before, wanted)


def remove_environment(root: Path) -> None:
    """Delete the workspace's `.venv`; one of the learner's own making stays."""
    environment = environment_folder(root)
    if _is_ours(environment):
        shutil.rmtree(environment, ignore_errors=True)


def _tell(before: _Build | None, now: _Build) -> list[str]:
    if before is None:
        return []
    notice = "The workspace's .venv was repaired: it leads to the tutor's packages again."
    if before.folder != now.folder:
        notice += " The workspace has moved: activate it anew in shells that are open."
    if before.python != now.python:
        notice += (
            f" Its Python is {now.python} now and was {before.python}: what you installed there "
            "with pip has to be installed again."
        )
    return [notice]


def _build(environment: Path, wanted: _Build, *, prompt: str) -> None:
    """Lay the environment; also over one that is there, whose packages stay."""
    import venv  # noqa: PLC0415 - needed once in a workspace's life, or to repair it

    environment.mkdir(exist_ok=True)
    if _read_mark(environment) is None:
        # First of all: an interrupted build is known as the tutor's, and finished by the next.
        _write_mark(environment, None)
    if not _is_alive(environment, wanted):
        for link in _interpreter(environment).parent.glob("python*"):
            with contextlib.suppress(OSError):  # Windows: in use, and then it is alive
                link.unlink()
    # As `python -m venv` does: links, except on Windows, where they take a privilege.
    builder = venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False, prompt=prompt)
    builder.create(environment)
    _link_file(environment).write_text(_link_text(wanted), encoding="ascii")
    _write_scripts(environment)
    _write_mark(environment, wanted)


def _write_scripts(environment: Path) -> None:
    from distlib.scripts import (  # type: ignore[import-untyped]  # noqa: PLC0415 - as above
        ScriptMaker,
        enquote_executable,
    )

    maker = ScriptMaker(None, str(_interpreter(environment).parent))
    maker.executable = enquote_executable(str(_interpreter(environment)))
    maker.script_template = _SCRIPT
    maker.variants = {""}  # no pip3.11 beside pip
    maker.clobber = True
    maker.set_mode = True
    maker.make_multiple(_SCRIPTS)


def _wanted_build(environment: Path) -> _Build:
    version = f"{sys.version_info.major}.{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    return _Build(str(environment), version, _package_folders())


def _package_folders() -> list[str]:
    """Return the folders that this process has its packages from, the first wins."""
    # Run from a workspace's .venv, the packages are where that one leads, not in itself.
    if (ours := _read_mark(Path(sys.prefix))) is not None:
        return ours.packages
    # In Python's own order: what the user installed comes before the system's packages.
    folders = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    folders += site.getsitepackages()
    folders.append(str(Path(tutor.__file__).parent.parent))  # a checkout on PYTHONPATH
    return [folder for folder in dict.fromkeys(folders) if Path(folder).is_dir()]


def _link_file(environment: Path) -> Path:
    if os.name == "nt":
        return environment / "Lib" / "site-packages" / _LINK
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return environment / "lib" / version / "site-packages" / _LINK


def _link_text(wanted: _Build) -> str:
    """Return the `.pth` file: addsitedir, unlike a bare path, also honours editable installs."""
    # !a: before Python 3.13, a .pth file is read in the locale's encoding.
    return "".join(f"import site; site.addsitedir({folder!a})\n" for folder in wanted.packages)


def _interpreter(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _is_alive(environment: Path, wanted: _Build) -> bool:
    try:
        link = _link_file(environment).read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    return link == _link_text(wanted) and _interpreter(environment).exists()


def _is_ours(environment: Path) -> bool:
    return not environment.is_symlink() and (environment / _MARK).is_file()


def _is_vacant(environment: Path) -> bool:
    """Tell whether nothing, or an empty folder, stands where the environment should."""
    if environment.is_symlink():
        return False
    return not environment.exists() or (environment.is_dir() and not any(environment.iterdir()))


def _read_mark(environment: Path) -> _Build | None:
    """Return what the environment was built for; None where that is not known."""
    try:
        return _Build(**json.loads((environment / _MARK).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_mark(environment: Path, build: _Build | None) -> None:
    text = json.dumps(None if build is None else asdict(build), indent=1)
    (environment / _MARK).write_text(text + "\n", encoding="utf-8")
