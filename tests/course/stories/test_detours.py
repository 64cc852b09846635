"""Detours that real learners take: the finding names what went wrong, and its next move helps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told

if TYPE_CHECKING:
    from tests.course.learner import Learner


@pytest.mark.xdist_group("3.2")
def test_an_applied_revision_whose_file_was_deleted_is_named_while_drafting(
    learner: Learner,
) -> None:
    learner.go_to_start("3.2")
    learner.run('python -m alembic revision -m "nothing yet" --rev-id 0123456789ab')
    learner.run("python -m alembic upgrade head")
    for file in (learner.root / "migrations" / "versions").glob("*0123456789ab*"):
        file.unlink()
    learner.run("! python -m alembic revision --autogenerate -m again")

    finding = learner.check().first_unmet
    assert finding is not None
    assert finding.code == "version.known"
    assert "? 0123456789ab" in learner.run("tutor history")
    assert "no revision file has that id" in " ".join(learner.run("! tutor doctor").split())
    command = re.search(r"`(python -m alembic stamp .*?)`", finding.next)
    assert command, finding.next
    learner.run(command[1])
    learner.do(COURSE.step("3.2").solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("3.5")
def test_a_stamp_that_was_taken_back_is_forgotten(learner: Learner) -> None:
    learner.go_to_start("3.5")
    learner.run("python -m alembic stamp head")
    learner.run("python -m alembic stamp 955bb0742a21")
    learner.run("python -m alembic upgrade head")
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    text = file.read_text()
    assert "sa.String()" in text
    file.write_text(text.replace("sa.String()", "sa.String(50)"))

    finding = learner.check().first_unmet
    assert finding is not None
    assert finding.code == "revision.unedited", told(learner.check())
    learner.run("tutor reset --rows --yes")
    finding = learner.check().first_unmet
    assert finding is None or finding.code == "drift.none"  # models.py still says String


@pytest.mark.xdist_group("1.2")
def test_skipping_one_question_does_not_hide_the_others(learner: Learner) -> None:
    learner.go_to_start("2.1")
    right = COURSE.step("2.1").solution.answers
    verdict = learner.check(["", *right[1:]])
    assert [item.code for item in verdict.findings if item.unmet] == ["answers.given"]
    assert sum(item.code == "answers.right" for item in verdict.findings) == len(right) - 1


@pytest.mark.xdist_group("5.5")
def test_several_revisions_in_one_step_are_rolled_back_together(learner: Learner) -> None:
    learner.go_to_start("5.5")
    step = COURSE.step("5.5")
    learner.lay(step.solution)
    versions = learner.root / "migrations" / "versions"
    (whole,) = versions.glob("*48ac9e0d7f13*")
    tighten = "    op.alter_column('products', 'discount_percent', nullable=False)\n"
    text = whole.read_text()
    assert tighten in text
    whole.write_text(text.replace(tighten, ""))
    (versions / "5f1d2c3b4a69_tighten.py").write_text(
        '"""tighten"""\nfrom alembic import op\n'
        "revision = '5f1d2c3b4a69'\ndown_revision = '48ac9e0d7f13'\n\n\n"
        f"def upgrade() -> None:\n{tighten}\n\n"
        f"def downgrade() -> None:\n{tighten.replace('False', 'True')}"
    )
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)

    learner.run('tutor psql -c "UPDATE products SET discount_percent = 15 WHERE id = 1"')
    learner.run("python -m alembic downgrade -2")
    learner.run("python -m alembic upgrade head")
    verdict = learner.check(["e61f28a9b5c4", "a"])
    assert verdict.step == "6.1"
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("3.5")
def test_several_revisions_that_ran_are_taken_back_to_mend_one(learner: Learner) -> None:
    learner.go_to_start("3.5")
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    right = file.read_text()
    tighten = "    op.alter_column('products', 'sku', nullable=False)\n"
    assert tighten in right
    file.write_text(right.replace(tighten, ""))
    learner.run("python -m alembic revision -m 'and one more'")
    learner.run("python -m alembic upgrade head")
    finding = learner.check().first_unmet
    assert finding is not None
    assert finding.code == "column.nullable"
    command = "python -m alembic downgrade 955bb0742a21"
    assert f"`{command}`" in finding.next
    learner.run(command)
    file.write_text(right)
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("3.5")
def test_branches_that_were_merged_pass(learner: Learner) -> None:
    learner.go_to_start("3.5")
    for name in ("a1a1a1a1a1a1", "b2b2b2b2b2b2"):
        learner.run(f"python -m alembic revision --splice --head 15bd0c9e7a34 -m x --rev-id {name}")
    assert (finding := learner.check().first_unmet) is not None
    assert finding.code == "revision.heads"
    learner.run("python -m alembic merge heads -m merge --rev-id c3c3c3c3c3c3")
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("3.5")
def test_what_is_the_learner_s_own_stays_so_in_the_next_step(learner: Learner) -> None:
    learner.go_to_start("3.5")
    learner.do(COURSE.step("3.5").solution)
    learner.run("tutor psql -c \"UPDATE products SET name = 'Mine' WHERE id = 1\"")
    learner.run('tutor psql -c "CREATE TABLE scratch (id integer)"')
    assert learner.check().passed
    answers = COURSE.step("3.6").solution.answers
    learner.run('tutor psql -c "DROP TABLE scratch"')
    verdict = learner.check(answers)
    assert verdict.step == "3.6"
    assert verdict.passed, told(verdict)
    learner.run("python -m alembic revision --autogenerate -m nothing")
    learner.run("python -m alembic upgrade head")
    learner.lay(COURSE.step("3.7").solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)
    assert "rows.live" in {item.code for item in verdict.findings if item.status == "warning"}


@pytest.mark.xdist_group("3.5")
def test_playing_with_a_big_table_is_no_change_by_hand(learner: Learner) -> None:
    learner.go_to_start("3.5")
    learner.do(COURSE.step("3.5").solution)
    learner.run('tutor psql -c "CREATE TABLE big AS SELECT 1 AS n" -c "ALTER TABLE big ADD m int"')
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    file.write_text(file.read_text().replace("sa.String()", "sa.String(50)"))
    finding = learner.check().first_unmet
    assert finding is not None
    assert finding.code == "revision.unedited"
