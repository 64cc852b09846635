"""A revision that was applied and edited afterwards: the file is right, the database is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told
from tutor.judge.findings import Status

if TYPE_CHECKING:
    from tests.course.learner import Learner

CASES = [
    pytest.param(step, wrong, id=f"{step}-{wrong}", marks=pytest.mark.xdist_group(step))
    for step, wrong in (("4.3", "values_lost"), ("5.5", "all_zero"))
]


@pytest.mark.parametrize(("step_id", "wrong"), CASES)
def test_mending_only_the_file_does_not_mend_the_rows(
    step_id: str, wrong: str, learner: Learner
) -> None:
    step = COURSE.step(step_id)
    learner.go_to_start(step_id)
    learner.do_quickly(step.mistakes[wrong])
    learner.lay(step.solution)
    verdict = learner.check()
    assert verdict.first_unmet, "accepted, with rows that the wrong revision left"
    assert verdict.first_unmet.code == "rows.live", told(verdict)
    assert "reset --rows" in verdict.first_unmet.next

    learner.run("tutor reset --rows --yes")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("5.5")
def test_rows_that_the_learner_changed_are_theirs(learner: Learner) -> None:
    step = COURSE.step("5.5")
    learner.go_to_start("5.5")
    learner.do_quickly(step.solution)
    learner.run('tutor psql -c "UPDATE products SET discount_percent = 50 WHERE id = 1"')
    verdict = learner.check()
    assert verdict.passed, told(verdict)
    warnings = [item.code for item in verdict.findings if item.status is Status.WARNING]
    assert warnings == ["rows.live"]


def edit_older(learner: Learner, old: str, new: str) -> None:
    """Edit the revision of 3.4, which was applied long ago."""
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


ADDED = "    op.add_column('products', sa.Column('sku', sa.String(), nullable=True))\n"


@pytest.mark.parametrize("step_id", ["4.3", "5.3", "6.1"])
def test_an_older_revision_that_still_builds_the_same_is_no_fault(
    step_id: str, learner: Learner
) -> None:
    step = COURSE.step(step_id)
    learner.go_to_start(step_id)
    edit_older(learner, ADDED, f"    op.execute(\"SET LOCAL lock_timeout = '5s'\")\n{ADDED}")
    learner.do_quickly(step.solution)
    verdict = learner.check(step.solution.answers)
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("5.3")
@pytest.mark.parametrize(
    ("added", "told_as"),
    [
        ("    op.execute('DELETE FROM products')\n", "loses rows now"),
        ("    op.execute('SELECT no_such_column FROM products')\n", "does not run any more"),
    ],
)
def test_an_older_revision_that_no_longer_works_is_named(
    added: str, told_as: str, learner: Learner
) -> None:
    learner.go_to_start("5.3")
    edit_older(learner, ADDED, added + ADDED)
    learner.do_quickly(COURSE.step("5.3").solution)
    finding = learner.check().first_unmet
    assert finding is not None
    assert finding.code == "revision.unedited", finding
    assert told_as in finding.summary
    assert "15bd0c9e7a34" in finding.summary


@pytest.mark.xdist_group("5.1")
def test_an_older_revision_fixed_on_the_way_down_and_up_is_the_new_baseline(
    learner: Learner,
) -> None:
    learner.go_to_start("5.1")
    learner.run("python -m alembic downgrade 955bb0742a21")
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    file.write_text(file.read_text().replace("uq_products_sku", "products_sku_once"))
    models = learner.root / "models.py"
    models.write_text(models.read_text().replace("uq_products_sku", "products_sku_once"))
    learner.run("python -m alembic upgrade head")
    step = COURSE.step("5.1")
    learner.lay(step.solution)
    models.write_text(models.read_text().replace("uq_products_sku", "products_sku_once"))
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)
