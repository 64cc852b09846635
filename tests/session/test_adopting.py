"""`tutor start DIR` on a copied workspace, and on one whose state was lost."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.session.conftest import alembic
from tutor.postgres import providers
from tutor.session.context import server_folder
from tutor.session.opening import open_context
from tutor.state.home import home
from tutor.workspace.folder import Workspace
from tutor.workspace.identity import read_id

if TYPE_CHECKING:
    from pathlib import Path

    from tests.session.conftest import Tutor

pytestmark = pytest.mark.xdist_group("adopting")
"""The tests tell one story of one workspace and its copy, so one process runs them in order."""

REVISION = '''\
"""add a note"""
from alembic import op

revision = "0123456789ab"
down_revision = "955bb0742a21"


def upgrade() -> None:
    op.execute("ALTER TABLE products ADD note text")
    {more}


def downgrade() -> None:
    op.execute("ALTER TABLE products DROP note")
'''


def sql(root: Path, statement: str) -> object:
    """Run a statement as the learner's role; return the first value that comes back, if any."""
    with (
        open_context(root) as context,
        context.server.connect("fastapi_db", role="learner") as connection,
    ):
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def products(root: Path) -> object:
    return sql(root, "SELECT count(*) FROM products")


def files_of(root: Path) -> dict[str, bytes]:
    """Return the learner's files, but for the one that says where the database is."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not {".env", ".tutor", ".venv", "__pycache__"}.intersection(path.parts)
    }


def state(root: Path) -> Path:
    return Workspace(root, read_id(root)).home


def revise(root: Path, more: str = "pass") -> None:
    """Write a revision of the learner's own."""
    (root / "migrations" / "versions" / "0001_note.py").write_text(REVISION.format(more=more))


@pytest.fixture(scope="module")
def copy(original: Path, folder: Path) -> Path:
    """Return a copy of the workspace; the original's database has changed meanwhile."""
    root = folder / "a copy"
    shutil.copytree(original, root, symlinks=True)
    (root / ".env").write_bytes(b"# mine\n" + (root / ".env").read_bytes())
    sql(original, "DELETE FROM products WHERE id > 4")
    return root


def test_a_copy_is_refused_with_the_way_out(copy: Path, tutor: Tutor) -> None:
    said = tutor(copy, "check")
    assert said.code == 3
    assert "is a copy of the workspace" in said.err
    assert "`tutor start .`" in said.err


def test_a_copy_gets_what_the_original_has_and_shares_nothing(
    original: Path, copy: Path, tutor: Tutor
) -> None:
    tutor(original, "hint")
    before, env = files_of(copy), (copy / ".env").read_bytes()
    mark = (original / ".env").read_bytes()
    said = tutor(copy, "start", ".")
    assert said.code == 0
    assert "step 1.1" in said.err
    assert files_of(copy) == before
    assert (copy / ".env").read_bytes() != env
    assert (copy / ".env").read_bytes().startswith(b"# mine\n")
    assert (original / ".env").read_bytes() == mark
    assert products(copy) == 4
    assert "hint 2" in tutor(copy, "hint").out
    sql(copy, "DELETE FROM products")
    assert products(original) == 4
    assert "955bb0742a21 (head)" in alembic(copy, "current")


def test_a_copy_with_a_database_of_its_own_can_be_reset(copy: Path, tutor: Tutor) -> None:
    assert tutor(copy, "reset", "--yes").code == 0
    assert products(copy) == 6
    assert "955bb0742a21 (head)" in alembic(copy, "current")
    assert tutor(copy, "start", ".").code == 2


def test_a_copy_that_is_older_than_the_database_is_told_so(
    original: Path, folder: Path, tutor: Tutor
) -> None:
    older = folder / "older"
    shutil.copytree(original, older, symlinks=True)
    revise(original)
    alembic(original, "upgrade", "head")
    said = tutor(older, "start", ".")
    assert said.code == 0
    assert "The database is at 0123456789ab, which is not among" in said.err
    assert tutor(older, "reset", "--yes").code == 0
    assert "955bb0742a21 (head)" in alembic(older, "current")


def test_with_the_progress_lost_the_database_stays(original: Path, tutor: Tutor) -> None:
    rows, kept = products(original), state(original)
    for name in ("progress.json", "progress.previous.json"):
        (kept / name).unlink(missing_ok=True)
    assert tutor(original, "next").code == 3
    before = files_of(original)
    said = tutor(original, "start", ".")
    assert said.code == 0
    assert "The record of your progress was lost." in said.err
    assert files_of(original) == before
    assert state(original) == kept
    assert products(original) == rows
    assert "1.1" in tutor(original, "next").out


def test_a_server_that_does_not_start_any_more_is_replaced(original: Path, tutor: Tutor) -> None:
    with open_context(original) as context:
        data = context.server.folders[0]
        context.server.stop()
    (data / "global" / "pg_control").unlink()
    before = files_of(original)
    assert tutor(original, "next").code == 3
    said = tutor(original, "doctor")
    assert said.code == 3
    assert "pg_control" in said.out
    assert "`tutor start .`" in said.out
    said = tutor(original, "start", ".")
    assert said.code == 0
    assert not data.exists()
    assert files_of(original) == before
    assert products(original) == 6


def test_with_all_state_lost_the_learner_s_revisions_build_the_database(
    original: Path, tutor: Tutor
) -> None:
    lose_state(original)
    assert tutor(original, "check").code == 3
    before = files_of(original)
    said = tutor(original, "start", ".")
    assert said.code == 0
    assert "has the rows of the beginning" in said.err
    assert files_of(original) == before
    assert products(original) == 6
    assert sql(original, "SELECT count(note) FROM products") == 0
    assert "0123456789ab (head)" in alembic(original, "current")


def test_revisions_that_take_no_rows_build_it_without(original: Path, tutor: Tutor) -> None:
    lose_state(original)
    revise(original, 'op.execute("ALTER TABLE products ADD must text NOT NULL")')
    said = tutor(original, "start", ".")
    assert said.code == 0
    assert "has no rows" in said.err
    assert products(original) == 0


def test_revisions_that_do_not_run_are_named_and_nothing_changes(
    original: Path, tutor: Tutor
) -> None:
    lose_state(original)
    revise(original, 'op.execute("ALTER TABLE produce ADD must text")')
    before, env = files_of(original), (original / ".env").read_bytes()
    kept = set(home().glob("workspaces/*"))
    said = tutor(original, "start", ".")
    assert said.code == 3
    assert "0001_note.py" in said.err
    assert '"produce" does not exist' in said.err
    assert (files_of(original), (original / ".env").read_bytes()) == (before, env)
    assert set(home().glob("workspaces/*")) == kept
    revise(original)
    assert tutor(original, "start", ".").code == 0


def lose_state(root: Path) -> None:
    """Delete all that the tutor keeps of a workspace, its server included."""
    with open_context(root) as context:
        providers.discard(server_folder(context.workspace))
    shutil.rmtree(state(root))
