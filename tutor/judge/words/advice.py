"""What to do next, where that depends on whether the revision has run on the learner's database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.judge.evidence.evidence import Evidence


def drop_index(table: str, name: str) -> str:
    """Return the command that drops an index of a table, named as in the catalog."""
    schema, dot, _ = table.rpartition(".")
    quoted = name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'\\"{name}\\"'
    return f'`tutor psql -c "DROP INDEX {schema}{dot}{quoted}"`'


def has_run(evidence: Evidence) -> bool:
    """Whether the learner's database has been through all of the new revisions."""
    applied = evidence.history.graph.lineage(evidence.live.versions or ())
    return bool(evidence.new) and all(revision.id in applied for revision in evidence.new)


def loses_rows(evidence: Evidence) -> bool:
    """Whether the new revisions lose values on the way up, or give wrong ones."""
    return any(
        finding.unmet and finding.code != "rows.brought_back" for finding in evidence.preservation
    )


def take_back(evidence: Evidence) -> str:
    """Return the command that takes the new revisions back; Alembic takes one target only."""
    versions = evidence.baseline.versions
    if len(evidence.new) == 1:
        return "`python -m alembic downgrade -1`"
    if len(versions) > 1:
        return f"`python -m alembic downgrade -1`, {len(evidence.new)} times"
    return f"`python -m alembic downgrade {versions[0] if versions else 'base'}`"


def fix_and_run_again(evidence: Evidence, fix: str) -> str:
    """Return how to fix upgrade(), with what else it takes where it has run already.

    Editing alone would leave a database that no file describes. Going back is what Alembic is for;
    where that does not work or values are gone, the rows come back with `tutor reset --rows`.
    """
    if not has_run(evidence):
        return fix
    replayed = evidence.replay
    if not loses_rows(evidence) and replayed is not None and replayed.downgrade is None:
        back = take_back(evidence)
        return f"It has run already: take it back first ({back}). {fix} Then upgrade again."
    return f"{fix} It has run already: `tutor reset --rows` then runs it anew, on the old rows."
