"""Values to judge: small catalogs, histories and replays, and evidence that holds them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from tutor.course import Requirement, RowsGoal, TableGoal
from tutor.judge.compare.goal import compare_goal
from tutor.judge.evidence.evidence import Evidence
from tutor.judge.findings import Layer
from tutor.judge.values.database import Baseline, Live
from tutor.judge.values.history import History
from tutor.judge.values.observation import Observation
from tutor.judge.values.replay import Replay, Stage
from tutor.judge.values.rows import FollowedTable, Rows
from tutor.postgres.catalog.catalog import Catalog, Column, Constraint, Index, Reference, Table
from tutor.postgres.journal.journal import Event
from tutor.workspace.code.runner import RevisionInfo
from tutor.workspace.revision_files import RevisionFile
from tutor.workspace.revision_graph import RevisionGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BASE, HEAD = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


def table(**columns: str) -> Table:
    """Return a table with an id: `name="text not null"`, `price="numeric(10,2)"`."""
    made = {"id": Column("integer", nullable=False)}
    for name, told in columns.items():
        made[name] = Column(told.removesuffix(" not null"), not told.endswith(" not null"))
    key = Constraint("primary key", ("id",), "PRIMARY KEY (id)")
    return Table(columns=made, constraints={"pkey": key})


def with_index(made: Table, name: str, *columns: str, where: str | None = None) -> Table:
    index = Index(columns, unique=False, where=where, method="btree", definition=name)
    return Table(made.columns, made.constraints, {**made.indexes, name: index})


def pointing(made: Table, column: str, target: str, *, validated: bool = True) -> Table:
    """Return a table whose column has a foreign key to another table's id."""
    reference = Reference(target, ("id",), "NO ACTION", "NO ACTION")
    key = Constraint("foreign key", (column,), f"FOREIGN KEY ({column})", validated, reference)
    return Table(made.columns, {**made.constraints, f"fk_{column}": key}, made.indexes)


def catalog(**tables: Table) -> Catalog:
    return Catalog(tables=tables)


def revision(name: str, *down: str, **facts: Any) -> RevisionInfo:
    path = f"migrations/versions/{name}.py"
    return RevisionInfo(name, down, (), path, name, **{"is_head": False, **facts})


def file(name: str, *down: str, **facts: Any) -> RevisionFile:
    facts = {"digest": name, **facts}
    return RevisionFile(
        f"migrations/versions/{name}.py", revision=name, down=down, message=name, **facts
    )


def history(*revisions: RevisionInfo, **facts: Any) -> History:
    """Return a history, by default BASE and HEAD, with a file for each revision."""
    known = revisions or (revision(BASE), revision(HEAD, BASE))
    files = tuple(file(item.id, *item.down) for item in known)
    return History(**{"files": files, "graph": RevisionGraph.of(known), **facts})


def stage(
    name: str | None,
    applied: Iterable[str],
    schema: Catalog,
    goals: tuple[TableGoal, ...] = (),
    rows: Rows | None = None,
) -> Stage:
    """Return a stage, its findings those of the goals."""
    seen = Observation(schema, goals)
    found = compare_goal(seen, Layer.REVISIONS)
    return Stage(name, frozenset(applied), seen, rows or {}, found)


def event(kind: str, *statements: str, session: str = "s", changes: Any = ()) -> Event:
    return Event(1, "", "psql", session, cast("Any", kind), tuple(changes), statements)


def followed(
    *columns: str, goal: RowsGoal | None = None, managed: bool = True, name: str = "products"
) -> FollowedTable:
    return FollowedTable(goal or RowsGoal(name), ("id",), columns, managed)


def evidence(*requires: Requirement, values: Mapping[str, Any] | None = None) -> Evidence:
    """Return evidence that holds these values, and fails where any other is asked for."""
    made = Evidence.__new__(Evidence)
    held: dict[str, Any] = {
        "step": SimpleNamespace(
            requires=frozenset(requires), journal=(), questions=(), commands=(), app=None
        ),
        "case": SimpleNamespace(unmanaged=frozenset(), rows_differ=False, since=0),
        "history": history(),
        "baseline": Baseline("baseline", (BASE,)),
        "unknown_version": None,
        "unseen": (),
        "events": [],
        "transitions": (),
        "preservation": (),
        "idle_clients": [],
        "upgrade_of_live_rows": None,
        **(values or {}),
    }
    held.setdefault("new", held["history"].graph.after(held["baseline"].versions))
    made.__dict__.update(held)
    return made


def live(schema: Catalog, *versions: str, rows: Rows | None = None) -> Live:
    return Live(versions, schema, rows or {})


def replayed(*stages: Stage, **facts: Any) -> Replay:
    return Replay(stages=list(stages), **{"drift": [], **facts})
