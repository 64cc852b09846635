"""The words that make the workspace's `.venv` the active one in the learner's own shell."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from tutor.workspace.venv import environment_folder

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
    windows = os.name == "nt"
    folder = environment_folder(root) / ("Scripts" if windows else "bin")
    try:
        path = os.path.relpath(folder, cwd)
    except ValueError:  # another drive
        path = str(folder)
    if shell == "powershell":
        script = str(Path(path) / "Activate.ps1")
        return f"& '{script.replace(chr(39), chr(39) * 2)}'" if _needs_quotes(script) else script
    if shell == "cmd":
        script = str(Path(path) / "activate.bat")
        return f'"{script}"' if _needs_quotes(script) else script
    script = Path(path).as_posix() + "/activate"
    if shell == "fish":
        script += ".fish"
        escaped = script.replace("\\", "\\\\").replace("'", "\\'")
        return f"source '{escaped}'" if _needs_quotes(script) else f"source {script}"
    if shell == "csh":
        return "source " + shlex.quote(script + ".csh").replace("!", "\\!")
    return f"{'.' if shell == 'sh' else 'source'} {shlex.quote(script)}"


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


def _needs_quotes(path: str) -> bool:
    return any(not (letter.isalnum() or letter in "._-/\\:") for letter in path)
