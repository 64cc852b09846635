"""A learner who does what a patch says: edits files, runs commands in a shell, asks for a check."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.course import Course
from tutor.session.change.goto import goto
from tutor.session.change.reset import reset
from tutor.session.check.judging import check as judge
from tutor.session.look.lesson import go_on
from tutor.session.opening import open_context
from tutor.workbench import Command, read_command
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner
from tutor.workspace.environment.venv import python
from tutor.workspace.folder import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tutor.course import Patch, Question
    from tutor.judge.verdict import Verdict
    from tutor.session.context import Context
    from tutor.state.progress import Progress

COURSE = Course()


class Learner:
    """Someone at work in the workspace `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._at: str | None = None
        self._kept: dict[str, Progress] = {}
        self._files: dict[str, dict[str, bytes]] = {}
        self._runner: Runner | None = None

    def go_to_start(self, step_id: str) -> None:
        """Stand at the start of a step: by `goto` the first time, then by `reset`.

        After a pass, which moves on, the step's start is first brought back from a clone: `goto`
        would build it anew from all the references.
        """
        with open_context(self.root) as context:
            if self._at == step_id:
                reset(context)
            elif step_id in self._kept:
                self._bring_back(context, step_id)
                reset(context)
            else:
                goto(context, step_id)
                self._keep(context, step_id)
        self._at = step_id

    def _keep(self, context: Context, step_id: str) -> None:
        """Clone a step's states to databases that the tutor does not take for its own."""
        progress, kept = context.progress, {}
        for number, state in enumerate(dict.fromkeys(progress.states)):
            database = f"kept {step_id} {number}"
            with context.server.maintenance() as connection:
                connection.execute(
                    f'CREATE DATABASE "{database}" TEMPLATE "{state.database}"'.encode()
                )
            self._files[database] = context.files_of(state)
            kept[state] = replace(state, database=database)
        self._kept[step_id] = replace(
            progress,
            reset_point=kept[progress.reset_point],
            baseline=kept[progress.baseline],
            done=(),
            hints={},
        )

    def _bring_back(self, context: Context, step_id: str) -> None:
        kept = self._kept[step_id]
        states = {
            state: context.keep(self._files[state.database], state.database)
            for state in dict.fromkeys(kept.states)
        }
        context.save(
            replace(kept, reset_point=states[kept.reset_point], baseline=states[kept.baseline])
        )

    def moved_on(self) -> None:
        """Say that a command may have moved on to the next step."""
        self._at = None

    def leave(self) -> None:
        """Forget where the learner stands, and all starts: the next one is built anew."""
        self._at = None
        with open_context(self.root) as context, context.server.maintenance() as connection:
            for database in self._files:
                connection.execute(f'DROP DATABASE "{database}"'.encode())
        self._files.clear()
        self._kept.clear()

    def do(self, patch: Patch) -> None:
        """Lay a patch's files and run its commands, as a person would."""
        self.lay(patch)
        for line in patch.run:
            self.run(line)

    def do_quickly(self, patch: Patch) -> None:
        """Do what a patch says, Alembic's commands in one process: a shell each costs 0.7 s."""
        self.lay(patch)
        for line in patch.run:
            command = read_command(line)
            if command.kind == "alembic":
                self._alembic(command)
            else:
                self.run(line)

    def lay(self, patch: Patch) -> None:
        """Lay a patch's files over the workspace."""
        workspace = Workspace.find(self.root)
        workspace.write(patch.change(workspace.managed_files()))

    def _alembic(self, command: Command) -> None:
        if self._runner is None:
            with open_context(self.root) as context:
                live = context.live
            self._runner = Runner(self.root, live, live, lifetime=3600)
        failed: LearnerCodeError | None = None
        try:
            self._runner.alembic(*command.arguments)
        except LearnerCodeError as error:
            failed = error
        assert (failed is not None) is command.fails, f"{command.line}: {failed}"

    def close(self) -> None:
        """End the process that ran Alembic's commands."""
        if self._runner is not None:
            self._runner.__exit__()

    def run(self, line: str) -> str:
        """Run a shell line in the activated environment; return what the screen shows."""
        fails = line.startswith("! ")
        result = self.shell(line.removeprefix("! "))
        assert (result.returncode != 0) is fails, f"{line}\n{result.stdout}"
        return result.stdout

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a shell line in the activated environment, output and errors together."""
        scripts = python(self.root).parent
        environment = {
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(scripts.parent),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "PAGER": "cat",
            "PYTHONUNBUFFERED": "1",  # errors and output in the order in which a terminal has them
        }
        return subprocess.run(
            line,
            shell=True,
            cwd=self.root,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,  # a terminal there would make Alembic wrap its lines
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )

    def check(self, answers: Sequence[str] = ()) -> Verdict:
        """Ask for a check of the current step; after a pass `tutor next` goes on."""
        waiting = list(answers)

        def ask(_: Question, wrong: str | None) -> str | None:
            return waiting.pop(0) if waiting and wrong is None else None

        with open_context(self.root) as context:
            verdict = judge(context, ask)
            if verdict.passed:
                go_on(context)
        if verdict.passed:
            self.moved_on()
        return verdict


def told(verdict: Verdict) -> str:
    """Return a verdict in lines, for the message of a failed assertion."""
    return "\n".join(
        f"{item.status} {item.layer} {item.code}: {item.summary} "
        f"[expected {item.expected}; actual {item.actual}]"
        for item in verdict.findings
        if item.status != "met"
    )
