"""What the next `alembic revision --autogenerate` would write, without writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import RevisionContext, render_op_text
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from .migrations import config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.runtime.migration import MigrationContext


def drift() -> list[dict[str, Any]]:
    """Return the operations of the next autogenerate, one by one.

    The same steps as `alembic check`, through the learner's env.py, so that its options count.
    Raises CommandError where the database is not at the head.
    """
    configuration = config()
    scripts = ScriptDirectory.from_config(configuration)
    arguments = dict.fromkeys(
        ("message", "branch_label", "version_path", "rev_id", "depends_on"), None
    )
    revision = RevisionContext(
        configuration,
        scripts,
        {**arguments, "autogenerate": True, "sql": False, "head": "head", "splice": False},
    )
    seen: list[MigrationContext] = []

    def compare(rev: Any, context: MigrationContext) -> list[Any]:
        seen.append(context)
        revision.run_autogenerate(rev, context)
        return []

    with EnvironmentContext(
        configuration,
        scripts,
        fn=compare,
        as_sql=False,
        template_args=revision.template_args,
        revision_context=revision,
    ):
        scripts.run_env()
    # A hook of the learner's may have emptied the list ("no empty migrations").
    return [
        difference
        for script in revision.generated_revisions
        for upgrade in script.upgrade_ops_list
        for operation in _leaves(upgrade.ops)
        for difference in _describe(operation, seen[-1])
    ]


def _leaves(operations: Iterable[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            yield from _leaves(operation.ops)
        else:
            yield operation


def _describe(operation: ops.MigrateOperation, context: MigrationContext) -> list[dict[str, Any]]:
    """Return an operation's differences; one that alters a column may have several."""
    difference: Any = operation.to_diff_tuple()
    parts = difference if isinstance(difference, list) else [difference]
    name = getattr(operation, "constraint_name", None) or getattr(operation, "index_name", None)
    common = {
        "schema": getattr(operation, "schema", None) or getattr(operation, "source_schema", None),
        "table": getattr(operation, "table_name", None) or getattr(operation, "source_table", None),
        "name": None if name is None else str(name),
        "columns": _columns(operation, parts[0]),
        "python": _python(operation, context),
    }
    return [common | {"kind": part[0]} | _change(part) for part in parts]


def _change(part: tuple[Any, ...]) -> dict[str, str | None]:
    """Return what an altered column has and what the models want; None for other differences."""
    altered = str(part[0]).startswith("modify_")
    before, after = part[-2:] if altered else (None, None)
    return {
        "before": str(before) if altered else None,
        "after": str(after) if altered else None,
    }


def _columns(operation: ops.MigrateOperation, part: tuple[Any, ...]) -> list[str]:
    """Return the names of the columns that an operation is about."""
    if isinstance(operation, ops.AddColumnOp):
        return [operation.column.name]
    if isinstance(operation, (ops.DropColumnOp, ops.AlterColumnOp)):
        return [operation.column_name]
    # A table, an index or a constraint; of an expression in an index, only its columns have names.
    return [column.name for column in getattr(part[1], "columns", ())]


def _python(operation: ops.MigrateOperation, context: MigrationContext) -> str:
    """Return the code that autogenerate would write for the operation."""
    return render_op_text(AutogenContext(context, autogenerate=False), operation)
