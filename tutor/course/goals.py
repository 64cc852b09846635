"""What a step wants: of tables, of the rows that were there, of the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ColumnGoal:
    """A column to reach. `type` is a family of `compare.types`, or None where any will do.

    `default`, `onupdate`: whether models.py should fill it in for a new and for a changed row.
    `value`: what a plain default has to be; None where any will do.
    """

    name: str
    type: str | None = None
    nullable: bool | None = None
    default: bool = False
    onupdate: bool = False
    value: bool | None = None


@dataclass(frozen=True)
class ForeignKeyGoal:
    """`columns` of the table must point to `references` (columns) of `table`."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class IndexGoal:
    """An index that starts with exactly these columns; `where` is the SQL of a partial one."""

    columns: tuple[str, ...]
    where: str | None = None


@dataclass(frozen=True)
class ProbeGoal:
    """A probe insert that the table must accept, or must refuse with SQLSTATE `refused_with`.

    `row` holds the values that matter; the rest is filled in. `why` names the rule in words.
    """

    row: Mapping[str, Any]
    why: str
    refused_with: str | None = None


@dataclass(frozen=True)
class TableGoal:
    """What a table must be, as far as the step is concerned.

    Where `points_to` names tables, the learner chooses the table's name: it is the one with a
    foreign key to each of them. `name` is then its role, and a column name such as "@users" stands
    for the column that points to `users`. Columns in `optional`, which an earlier step asked for,
    may stay or go.
    """

    name: str
    points_to: tuple[str, ...] = ()
    columns: tuple[ColumnGoal, ...] = ()
    gone: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKeyGoal, ...] = ()
    indexes: tuple[IndexGoal, ...] = ()
    probes: tuple[ProbeGoal, ...] = ()


@dataclass(frozen=True)
class KeptAs:
    """An SQL expression that gives a dropped column's values, where the columns `needs` exist."""

    needs: tuple[str, ...]
    sql: str


@dataclass(frozen=True)
class RowsGoal:
    """What a step does to the rows of a table; all else in them must survive.

    `renamed` maps a column of the baseline to its name afterwards. `cast` maps a column of the
    baseline to the SQL type in which both sides are compared (a price, to the cent). `kept_as`
    maps a column to where its values may live on once it is gone. `values` maps a new column to
    the SQL expression, over the row as it is after the replay, that says what must stand in it.
    Before the replay, `many` rows are added to the copy, and `prepare` is run on it.
    """

    table: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    cast: Mapping[str, str] = field(default_factory=dict)
    kept_as: Mapping[str, KeptAs] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    many: int = 0
    prepare: str = ""


@dataclass(frozen=True)
class AppGoal:
    """A POST that the learner's app must answer with 2xx, and the table in which a row arrives.

    `body` gives the guide's values by field name; the rest is built from the app's openapi.json.
    `refused` are bodies, laid over the good one, that must be answered with 422. `shows` are
    fields that the answer should have. `delicate` are bodies, laid over the good one, to which the
    app may say yes or no, but should not answer 500. `fills` are columns of which the POST must
    give one a value: a body that has a field for none forgets what the step is about.
    """

    path: str = ""
    table: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[Mapping[str, Any], ...] = ()
    shows: tuple[str, ...] = ()
    delicate: tuple[Mapping[str, Any], ...] = ()
    fills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """All that a step wants of tables, rows and app."""

    tables: tuple[TableGoal, ...] = ()
    rows: tuple[RowsGoal, ...] = ()
    app: AppGoal | None = None
