"""Whatever replaces a learner's work keeps it, and every backup can be had back by its number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tutor.session.backups import KEPT_BACKUPS

if TYPE_CHECKING:
    from tests.robustness.conftest import Shell

pytestmark = pytest.mark.xdist_group("undo")

OWN = '''"""mine"""

from alembic import op

revision = "0123456789ab"
down_revision = "15bd0c9e7a34"


def upgrade() -> None:
    op.execute("COMMENT ON TABLE products IS 'mine'")


def downgrade() -> None:
    op.execute("COMMENT ON TABLE products IS NULL")
'''


def backups(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shell.tutor("undo", "--list", "--json").lines)[
        "backups"
    ]
    return found


def own_work(shell: Shell) -> bool:
    return bool(list((shell.root / "migrations" / "versions").glob("*0123456789ab*")))


def with_own_work(shell: Shell) -> None:
    assert shell.tutor("goto", "3.5", "--yes").code == 0
    (shell.root / "migrations" / "versions" / "0123456789ab_mine.py").write_text(OWN)


def holding_own_work(shell: Shell) -> list[int]:
    return [item["number"] for item in backups(shell) if item["revisions"] == ["0123456789ab mine"]]


def test_after_two_gotos_the_own_work_is_listed_and_comes_back(shell: Shell) -> None:
    with_own_work(shell)
    assert shell.tutor("goto", "5.1", "--yes").code == 0
    assert shell.tutor("goto", "6.1", "--yes").code == 0
    listed = shell.tutor("undo", "--list").lines
    assert "your revision 0123456789ab mine" in listed
    (number,) = holding_own_work(shell)
    newest = backups(shell)[0]
    assert (newest["step"], newest["before"]) == ("5.1", "`tutor goto 6.1`")
    others = {item["number"] for item in backups(shell)} - {number}
    assert shell.tutor("undo", str(number), "--yes").code == 0
    assert own_work(shell)
    assert others <= {item["number"] for item in backups(shell)}, "undo takes no other backup away"
    assert shell.tutor("undo", "--yes").code == 0
    assert not own_work(shell), "undo is itself undoable"
    assert "6.1" in shell.tutor("status").text


def test_after_goto_reset_and_any_number_of_undos_the_own_work_is_within_reach(
    shell: Shell,
) -> None:
    with_own_work(shell)
    shell.tutor("goto", "5.1", "--yes")
    shell.tutor("reset", "--yes")
    for _ in range(3):
        shell.tutor("undo", "--yes")
    assert own_work(shell) or holding_own_work(shell)
    if not own_work(shell):
        assert shell.tutor("undo", str(holding_own_work(shell)[0]), "--yes").code == 0
    assert own_work(shell)


def test_the_only_backup_with_the_own_work_outlives_many_newer_ones(shell: Shell) -> None:
    with_own_work(shell)
    shell.tutor("goto", "1.1", "--yes")
    for _ in range(KEPT_BACKUPS + 2):
        shell.tutor("reset", "--yes")
    assert holding_own_work(shell)
    assert len(backups(shell)) <= KEPT_BACKUPS + 3


def test_status_says_that_there_are_backups_and_a_wrong_number_is_a_sentence(shell: Shell) -> None:
    shell.tutor("reset", "--yes")
    assert "`tutor undo --list` shows them" in shell.tutor("status").text
    said = shell.tutor("undo", "999", "--yes")
    assert (said.code, "no backup 999" in said.text) == (2, True)
