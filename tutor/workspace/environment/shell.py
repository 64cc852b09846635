"""The words that make the workspace's `.venv` the active one in the learner's own shell."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from tutor.workspace.environment.venv import environment_folder

# A shell's program name (without .exe) -> the family whose syntax it speaks.
_FAMILIES = {
    "bash": "bash",
    "zsh": "bash",
    "ksh": "bash",
    "sh": "sh",
    "dash": "sh",
    "ash": "sh",
    "fish": "fish",
    "csh": "csh",
    "tcsh": "csh",
    "powershell": "powershell",
    "pwsh": "powershell",
    "cmd": "cmd",
}
_POSIX_LIKE = {"bash", "sh", "fish", "csh"}
# How many processes may stand between the shell and the tutor: launchers such as uvx, a script.
_DEPTH = 6


def is_active(root: Path) -> bool:
    """Tell whether the shell that started this process has the workspace's `.venv` active."""
    active = os.environ.get("VIRTUAL_ENV")
    try:
        return bool(active) and Path(active or "").samefile(environment_folder(root))
    except OSError:
        return False


def activation_command(root: Path, cwd: Path, shell: str | None = None) -> str:
    """Return the command to type in `cwd`; `shell` is a family, by default the learner's own."""
    shell = detect_shell() if shell is None else shell
    folder = environment_folder(root) / ("Scripts" if os.name == "nt" else "bin")
    try:
        path = Path(os.path.relpath(folder, cwd))
    except ValueError:  # another drive
        path = folder
    if shell == "powershell":
        script = str(path / "Activate.ps1")
        word = _quoted(script, shell)
        return word if word == script else f"& {word}"
    if shell == "cmd":
        return _quoted(str(path / "activate.bat"), shell)
    script = path.as_posix() + {"fish": "/activate.fish", "csh": "/activate.csh"}.get(
        shell, "/activate"
    )
    return f"{'.' if shell == 'sh' else 'source'} {_quoted(script, shell)}"


def change_folder_command(folder: Path, cwd: Path, shell: str | None = None) -> str:
    """Return the command that leads from `cwd` to a folder; `shell` as above."""
    shell = detect_shell() if shell is None else shell
    path = folder.relative_to(cwd) if folder.is_relative_to(cwd) else folder
    word = path.as_posix() if shell in _POSIX_LIKE else str(path)
    if word.startswith("-"):  # else taken for an option
        word = f"./{word}"
    return f"{'cd /d' if shell == 'cmd' else 'cd'} {_quoted(word, shell)}"


def detect_shell() -> str:
    """Return the family of the shell that the learner types in, by this process's ancestors."""
    import psutil  # noqa: PLC0415 - only where the environment is not active yet

    try:
        ancestors = psutil.Process().parents()[:_DEPTH]
        names = [process.name() for process in ancestors]
    except (psutil.Error, OSError):
        names = []
    names.append(Path(os.environ.get("SHELL", "")).name)
    for name in names:
        if family := _FAMILIES.get(name.lower().removesuffix(".exe").lstrip("-")):
            return family
    return "powershell" if os.name == "nt" else "bash"


def _quoted(word: str, shell: str) -> str:
    """Return a word as it is typed in a shell; in quotes only where it needs them."""
    if shell in {"powershell", "cmd", "fish"}:
        if all(letter.isalnum() or letter in "._-/\\:" for letter in word):
            return word
        if shell == "powershell":
            return "'" + word.replace("'", "''") + "'"
        if shell == "cmd":
            return f'"{word}"'
        return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"
    quoted = shlex.quote(word)
    return quoted.replace("!", "\\!") if shell == "csh" else quoted
