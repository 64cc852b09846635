"""How long the tutor's commands take, beside `python -m alembic current` in the same workspace.

Run by hand on a quiet machine: `python -m tests.benchmark [RUNS]`. Each command is measured in turn
with Alembic's, so that a busy moment hits both; what is judged is the ratio of the medians, so that
it does not depend on the machine. Exit code 1 where a target is missed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.course.learner import COURSE, Learner
from tutor.session.make.removing import remove
from tutor.session.make.starting import start_workspace
from tutor.session.opening import open_context
from tutor.state.home import VARIABLE
from tutor.workspace.environment.venv import python

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 10
FIRST_SECONDS = 6.0


@dataclass(frozen=True)
class Case:
    """A command to measure, `step` being where the learner stands; `most` is a ratio."""

    name: str
    arguments: tuple[str, ...]
    most: float
    step: str = "1.1"
    solved: bool = False
    code: int = 0


def cases() -> list[Case]:
    """Return the commands and their targets, in the order of the steps."""
    return [
        Case("tutor --help", ("--help",), 0.3),
        check("1.2", 0.7, "the live version alone"),
        Case("tutor next, shown again (3.5)", ("next",), 0.5, "3.5"),
        Case("tutor check, nothing applied yet (3.5)", ("check",), 4, "3.5", code=1),
        check("3.5", 4, "all of it"),
        Case("tutor reset (3.5)", ("reset", "--yes"), 1.5, "3.5"),
        *(check(step, 5) for step in COURSE.step_ids if step[0] in "456"),
    ]


def check(step: str, most: float, about: str = "passed") -> Case:
    """Return the case of a step's reference, checked and accepted."""
    answers = [part for answer in COURSE.step(step).solution.answers for part in ("-a", answer)]
    return Case(f"tutor check, {about} ({step})", ("check", *answers), most, step, solved=True)


def main(arguments: Sequence[str]) -> int:
    """Measure everything, print the table, and return the exit code."""
    runs = int(arguments[0]) if arguments else RUNS
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) >= 1:
        print(f"The machine is busy (load {load:.1f}): the ratios say little.")
    folder = Path(tempfile.mkdtemp(prefix="tutor-"))
    os.environ |= {VARIABLE: str(folder / "state"), "NO_COLOR": "1", "COLUMNS": "80"}
    try:
        missed = measure_first(folder, runs)
        with start_workspace(folder / "work" / "fastapi-learn") as context:
            root = context.workspace.root
        try:
            learner = Learner(root)
            missed += sum(measure(case, learner, runs) for case in cases())
            learner.close()
        finally:
            take_away(root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if missed else 0


def measure_first(folder: Path, runs: int) -> int:
    """Measure the first `tutor next`, which makes everything; return 1 where it is too slow."""
    times = []
    for number in range(runs):
        (here := folder / f"first-{number}").mkdir()
        times.append(seconds([sys.executable, "-m", "tutor", "next"], here))
        take_away(here / "fastapi-learn")
    return tell("tutor next, the very first", median(times), "", median(times), FIRST_SECONDS, " s")


def measure(case: Case, learner: Learner, runs: int) -> int:
    """Measure a command in turn with Alembic's; return 1 where it is too slow."""
    root = learner.root
    alembic = [str(python(root)), "-m", "alembic", "current"]
    program = str(python(root).with_name("tutor"))
    prepare(case, learner)
    seconds([program, *case.arguments], root, case.code)  # compiled, and in the disk's cache
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        if case.solved:  # a check that passes moves on to the next step
            prepare(case, learner)
        times[0].append(seconds(alembic, root))
        times[1].append(seconds([program, *case.arguments], root, case.code))
    base, taken = map(median, times)
    return tell(case.name, taken, f"{base:.2f} s", taken / base, case.most, "")


def prepare(case: Case, learner: Learner) -> None:
    """Stand at the start of the case's step, or where its reference solution leads."""
    learner.moved_on()
    learner.go_to_start(case.step)
    if case.solved:
        learner.do_quickly(COURSE.step(case.step).solution)


def seconds(command: Sequence[str], folder: Path, code: int = 0) -> float:
    """Run a command that must end with this exit code; return the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
    taken = time.perf_counter() - start
    if done.returncode != code:
        raise SystemExit(f"{command}: {done.returncode}\n{(done.stdout + done.stderr).decode()}")
    return taken


def take_away(root: Path) -> None:
    """Take a workspace away, with its server."""
    with open_context(root) as context:
        remove(context.workspace, files=True)


def tell(name: str, taken: float, base: str, judged: float, most: float, unit: str) -> int:
    """Print a line of the table; return 1 where the target is missed."""
    missed = judged > most
    verdict = "MISSED" if missed else "ok"
    print(
        f"{name:<44} {taken:6.2f} s  {base:>7}  {judged:5.2f}{unit or '  '} ≤ {most:.1f}  {verdict}"
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
