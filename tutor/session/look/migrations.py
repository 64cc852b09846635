"""Look at what Alembic stands on: the version table, the revision files, what env.py shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.postgres.catalog.catalog import read_catalog
from tutor.postgres.catalog.difference import compare
from tutor.postgres.rows import versions_of
from tutor.session.look.diagnostic import Diagnostic
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner
from tutor.workspace.revision_files import read_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.postgres.catalog.catalog import Catalog
    from tutor.session.context import Context


def database(context: Context) -> Iterator[Diagnostic]:
    """Yield which revision the live database is at; nothing where the server is down."""
    if not context.server.is_running():
        return
    live = context.server.live
    versions = versions_of(context.server, live)
    if not versions:
        yield _at_base(context, versions)
        return
    at = ", ".join(versions)
    if set(versions) <= read_graph(context.workspace.managed_files()).by_id.keys():
        yield Diagnostic("database", "ok", f"{live} is at {at}")
        return
    stamp = _stamp(context, "--purge ")
    yield Diagnostic(
        "database",
        "error",
        f"{live} says that it is at {at}, and no revision file has that id: Alembic refuses every "
        f"command",
        f"Bring that file back; or, where no file is missing, record {stamp}",
    )


def autogenerate(context: Context) -> Iterator[Diagnostic]:
    """Yield whether autogenerate sees the models, as env.py hands them over; needs no server."""
    try:
        with Runner(context.workspace.root, context.live, None) as runner:
            models = [table.name for table in runner.create_models()]
            seen = runner.seen_tables()
    except LearnerCodeError as error:
        yield Diagnostic(
            "autogenerate",
            "error",
            f"your models or migrations/env.py cannot be run: {error}",
            "Fix that; `tutor check` says more.",
        )
        return
    unseen = [table for table in models if table not in (seen or ())]
    if not unseen:
        yield Diagnostic("autogenerate", "ok", f"sees {', '.join(models) or 'no table'}")
        return
    why = (
        "target_metadata is None in migrations/env.py: Alembic refuses to compare"
        if seen is None
        else f"migrations/env.py hands over a metadata without {', '.join(unseen)}, which "
        f"models.py describes: a draft would drop them"
    )
    yield Diagnostic(
        "autogenerate",
        "error",
        why,
        "Write `from models import Base` and `target_metadata = Base.metadata` there, and delete "
        "every draft that was made meanwhile.",
    )


def _at_base(context: Context, versions: tuple[str, ...] | None) -> Diagnostic:
    """Say whether a database in which no revision is recorded is really at base."""
    live = context.server.live
    why = "alembic_version has no row"
    if versions is None:
        why = "there is no table alembic_version"
    baseline = _catalog(context, context.progress.baseline.database)
    if _catalog(context, live).tables.keys().isdisjoint(baseline.tables):
        return Diagnostic("database", "ok", f"{live} is at base: no revision is applied")
    return Diagnostic(
        "database",
        "error",
        f"{live} has the tables that your revisions build, but {why}: Alembic would build them "
        f"again",
        f"Do not upgrade; record {_stamp(context)}",
    )


def _stamp(context: Context, option: str = "") -> str:
    """Return the command that records the revision whose schema is there, as "what: command"."""
    live = _catalog(context, context.server.live)
    baseline = context.progress.baseline
    same = not compare(_catalog(context, baseline.database), live)
    revision = " ".join(baseline.versions) if same else ""
    return (
        f"the one whose schema is there: `python -m alembic stamp {option}{revision}`."
        if revision
        else f"with `python -m alembic stamp {option}REVISION` the one whose schema is there."
    )


def _catalog(context: Context, database: str) -> Catalog:
    with context.server.connect(database, read_only=True) as connection:
        return read_catalog(connection)
