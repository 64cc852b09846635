"""An upgrade that fails in an autocommit block leaves an INVALID index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told
from tutor.session.look.doctor import doctor
from tutor.session.look.schema_view import schema
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from tests.course.learner import Learner

pytestmark = pytest.mark.xdist_group("5.4")

STEP = COURSE.step("5.4")
NAME = "ix_products_category_active"
UPGRADE = "python -m alembic upgrade head"
CONCURRENTLY = f"""
    with op.get_context().autocommit_block():
        op.create_index('{NAME}', 'products', ['category_id', 'is_active'], unique=True,
                        postgresql_concurrently=True)
    op.create_index('ix_products_active_only', 'products', ['id'],
                    postgresql_where=sa.text('is_active'))


"""


def test_what_next_says_clears_it(learner: Learner) -> None:
    learner.go_to_start("5.4")
    learner.lay(STEP.solution)
    (file,) = (learner.root / "migrations" / "versions").glob("*product_indexes.py")
    text = file.read_text()
    broken = re.sub(
        r"(?s)    op\.create_index\(.*?(?=def downgrade)", CONCURRENTLY.lstrip("\n"), text
    )
    file.write_text(broken)
    assert "could not create unique index" in learner.run(f"! {UPGRADE}")

    verdict = learner.check()
    assert verdict.first_unmet, told(verdict)
    assert verdict.first_unmet.code == "revision.upgrade", told(verdict)
    assert "version.interrupted" in {item.code for item in verdict.findings if item.unmet}
    with open_context(learner.root, reading=True) as context:
        (found,) = (item for item in doctor(context) if item.what == "indexes")
        (table,) = schema(context, "products").tables
    assert NAME in found.detail
    assert [line.live[:8] for line in table.lines if line.name == NAME] == ["INVALID:"]

    file.write_text(broken.replace("unique=True,\n", "\n"))
    verdict = learner.check()
    assert verdict.first_unmet, told(verdict)
    assert verdict.first_unmet.code == "version.interrupted", told(verdict)
    commands = re.findall(r"`([^`]+)`", verdict.first_unmet.next)
    assert len(commands) == 2
    for command in commands:
        learner.run(command)
    verdict = learner.check()
    assert verdict.passed, told(verdict)
