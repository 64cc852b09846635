"""Which argument takes one revision back, also where there are branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tutor.workspace.code.runner import RevisionInfo


def downgrade_target(revision: RevisionInfo, others: Collection[str]) -> str:
    """Return the argument of `alembic downgrade` that takes back just this applied revision.

    `others` are the further heads that are applied beside it. A merge is taken back by going to one
    of the revisions that it joined; one branch by its relative identifier (Alembic documentation,
    "Working with Branches").
    """
    if len(revision.down) > 1:
        return revision.down[0]
    if not others:
        return revision.down[0] if revision.down else "base"
    return f"{revision.id}@-1" if revision.down else f"{revision.id}@base"
