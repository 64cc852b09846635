"""The app is served on what the revisions, as they are now, make of the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told

if TYPE_CHECKING:
    from tests.course.learner import Learner


@pytest.mark.xdist_group("3.7")
def test_an_app_that_needs_what_an_older_revision_now_builds_is_served(learner: Learner) -> None:
    learner.go_to_start("3.7")
    learner.run("python -m alembic downgrade -1")
    (file,) = (learner.root / "migrations" / "versions").glob("*15bd0c9e7a34*")
    up = "    op.add_column('products', sa.Column('sku', sa.String(), nullable=True))\n"
    down = "    op.drop_column('products', 'sku')\n"
    text = file.read_text()
    assert up in text
    assert down in text
    text = text.replace(up, up + up.replace("sku", "colour"))
    file.write_text(text.replace(down, down + down.replace("sku", "colour")))
    models = learner.root / "models.py"
    category = "    category = Column(String, nullable=True)\n"
    assert category in models.read_text()
    models.write_text(
        models.read_text().replace(category, category + category.replace("category", "colour"))
    )
    learner.run("python -m alembic upgrade head")
    learner.lay(COURSE.step("3.7").solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)
