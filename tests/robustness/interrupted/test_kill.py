"""kill -9 at any moment: after the next command everything is old, or everything is new."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.course.learner import COURSE
from tutor.postgres.catalog.catalog import read_catalog, read_versions
from tutor.session.change.undo import undo as bring_back
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from pathlib import Path

    from tests.robustness.conftest import Shell
    from tutor.session.context import Context

STRIDE = int(os.environ.get("EVERY_NTH_MOMENT", "9"))
"""How many moments are passed over between two that are tried; 1 tries each, in minutes."""

MODELS = b"# what the learner wrote\n"


def contents(context: Context, database: str) -> dict[str, Any]:
    with context.server.connect(database, read_only=True) as connection:
        catalog = read_catalog(connection)
        rows = {
            name: connection.execute(
                f'SELECT array_agg(t::text ORDER BY t::text) FROM "{name}" t'.encode()
            ).fetchone()
            for name in catalog.tables
        }
        return {"tables": catalog.tables, "rows": rows, "versions": read_versions(connection)}


def state(shell: Shell) -> dict[str, Any]:
    """Return all that moves together, as the next command finds it."""
    with open_context(shell.root) as context:
        progress = context.progress
        return {
            "files": context.workspace.managed_files(),
            "live": contents(context, context.server.live),
            "start files": context.files_of(context.progress.reset_point),
            "start": contents(context, progress.reset_point.database),
            "progress": (progress.current, progress.begun, progress.done, progress.hints),
        }


def undo(shell: Shell) -> None:
    with open_context(shell.root) as context:
        bring_back(context)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two states are one; columns' text may differ where pg_dump copied them."""
    return all(
        not one[name]["tables"].keys() ^ other[name]["tables"].keys()
        and one[name]["rows"] == other[name]["rows"]
        and one[name]["versions"] == other[name]["versions"]
        for name in ("live", "start")
    ) and all(one[name] == other[name] for name in ("files", "start files", "progress"))


def make_a_mess(shell: Shell) -> None:
    """Let files, schema, rows, version and progress all differ from the step's start."""
    models = shell.root / "models.py"
    models.write_bytes(models.read_bytes() + MODELS)
    (shell.root / "migrations/versions/extra.py").write_text("revision = 'abc'\n")
    shell.tutor("hint")
    shell.sql("DELETE FROM products WHERE id = 1")
    shell.sql("CREATE TABLE mine (x int)")
    shell.sql("UPDATE alembic_version SET version_num = 'abc'")


def moments(log: Path) -> list[int]:
    """Return the numbers of the steps to die at: of every place in the code the first, then each
    n-th of these; more thinly from before the decision, where nothing is at stake yet.
    """
    chains = log.read_text().splitlines()
    firsts = sorted(chains.index(chain) + 1 for chain in set(chains))
    decision = next(n for n, chain in enumerate(chains, 1) if "_carry_out" in chain)
    before = [moment for moment in firsts if moment < decision]
    after = [moment for moment in firsts if moment >= decision]
    return [*before[STRIDE - 1 :: STRIDE * (1 + 3 * (STRIDE > 1))], *after[STRIDE // 2 :: STRIDE]]


def try_all(shell: Shell, log: Path, *command: str) -> None:
    """Die at each moment of a command; `tutor undo` leads back from the new state each time."""
    old = state(shell)
    shell.signalled("SIGKILL", 0, log, *command)
    chosen = moments(log)
    new = state(shell)
    assert not same(old, new), "the command changes something"
    undo(shell)
    seen = set()
    for moment in chosen:
        assert same(old, state(shell)), f"before the moment {moment}"
        shell.signalled("SIGKILL", moment, log, *command)
        found = state(shell)
        is_new = same(new, found)
        assert is_new or same(old, found), f"moment {moment}: {log.read_text().splitlines()[-1]}"
        seen.add(is_new)
        if is_new:
            undo(shell)
    assert seen == {False, True}, "some moments come before the decision, some after it"


@pytest.mark.xdist_group("kill-reset")
@pytest.mark.parametrize("rows", [[], ["--rows"]], ids=["all", "rows"])
def test_reset(shell: Shell, tmp_path: Path, rows: list[str]) -> None:
    shell.tutor("goto", "2.1", "--yes")
    if rows:
        shell.sql("DELETE FROM products WHERE id = 1")
    else:
        make_a_mess(shell)
    try_all(shell, tmp_path / "log", "reset", "--yes", *rows)


@pytest.mark.xdist_group("kill-goto")
def test_goto(shell: Shell, tmp_path: Path) -> None:
    shell.tutor("goto", "2.1", "--yes")
    make_a_mess(shell)
    try_all(shell, tmp_path / "log", "goto", "3.3", "--yes")


@pytest.mark.xdist_group("kill-undo")
def test_undo(shell: Shell, tmp_path: Path) -> None:
    shell.tutor("goto", "2.1", "--yes")
    make_a_mess(shell)
    shell.tutor("reset", "--yes")
    try_all(shell, tmp_path / "log", "undo", "--yes")


@pytest.mark.xdist_group("kill-next")
def test_next_where_something_happens_first(shell: Shell, tmp_path: Path) -> None:
    step = next(step for step in COURSE.steps() if step.start is not None)
    earlier = COURSE.before(step.id)[-1]
    shell.tutor("goto", earlier, "--yes")
    solution = COURSE.step(earlier).solution
    shell.do(solution)
    assert shell.check(solution.answers).passed
    try_all(shell, tmp_path / "log", "next")
