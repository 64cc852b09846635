"""How two catalogs differ, in data and in words.

Expressions (CHECK, partial predicates, defaults, generated columns, view texts) are compared in a
normal form: PostgreSQL prints some of them otherwise after a dump and a restore.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from tutor.postgres.sqltext import normal_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tutor.postgres.catalog.catalog import Catalog, Sequence, Table

Kind = Literal[
    "table", "column", "constraint", "index", "trigger", "sequence", "enum", "view", "function"
]

# Compared as expressions; everything else must be equal to the letter.
EXPRESSIONS = frozenset({"default", "generated", "where", "definition"})


@dataclass(frozen=True)
class Difference:
    """One object that differs. `table` is None for what belongs to no table.

    `aspect`: "missing" (only the other has it), "extra" (only this one has it), else the property
    that differs: "type", "nullable", "default", "definition", "labels"… `here` and `there` are
    its two values as text, None where there is none.
    """

    kind: Kind
    table: str | None
    name: str
    aspect: str
    here: str | None
    there: str | None

    def describe(self, here: str = "before", there: str = "after") -> str:
        """Say it in one line; the two words name the two catalogs."""
        named = f"{self.table}.{self.name}" if self.table else self.name
        subject = f"{self.kind} {named}"
        if self.aspect == "missing":
            return f"{subject} is there only {there}: {self.there}"
        if self.aspect == "extra":
            return f"{subject} is there only {here}: {self.here}"
        if self.aspect == "nullable":
            words = {"true": "allows NULL", "false": "is NOT NULL"}
            return f"{subject} {words[str(self.here)]} {here}, {words[str(self.there)]} {there}"
        return (
            f"{self.aspect} of {subject} is {self.here or 'none'} {here}, "
            f"{self.there or 'none'} {there}"
        )


def compare(here: Catalog, there: Catalog) -> list[Difference]:
    """Return what differs between two catalogs, object by object, tables first.

    Column position, sequence values and names of NOT NULL constraints do not count; nor does how
    an expression is printed.
    """
    return list(_compare(here, there))


def _compare(here: Catalog, there: Catalog) -> Iterator[Difference]:
    for name in _names(here.tables, there.tables):
        ours, theirs = here.tables.get(name), there.tables.get(name)
        if ours is None or theirs is None:
            yield _only("table", None, name, _columns(ours), _columns(theirs))
        else:
            yield from _compare_tables(name, ours, theirs)
    shared = here.tables.keys() & there.tables.keys()
    for name in _names(here.sequences, there.sequences):
        one, two = here.sequences.get(name), there.sequences.get(name)
        if not _goes_with_table(one, two, shared):
            yield from _compare_objects("sequence", None, name, one, two)
    for name in _names(here.enums, there.enums):
        labels, others = here.enums.get(name), there.enums.get(name)
        if labels != others:
            if labels is None or others is None:
                yield _only("enum", None, name, _listed(labels), _listed(others))
            else:
                yield Difference("enum", None, name, "labels", _listed(labels), _listed(others))
    yield from _compare_texts("view", None, here.views, there.views)
    yield from _compare_texts("function", None, here.functions, there.functions)


def _goes_with_table(one: Sequence | None, two: Sequence | None, shared: Collection[str]) -> bool:
    """Tell whether a sequence came or went with the table that owns it: no news of its own."""
    only = one if two is None else two if one is None else None
    return bool(only and only.owner and only.owner.rpartition(".")[0] not in shared)


def _compare_tables(table: str, here: Table, there: Table) -> Iterator[Difference]:
    for name in _names(here.columns, there.columns):
        column, other = here.columns.get(name), there.columns.get(name)
        yield from _compare_objects("column", table, name, column, other)
    for name in _names(here.constraints, there.constraints):
        constraint, its = here.constraints.get(name), there.constraints.get(name)
        yield from _compare_objects("constraint", table, name, constraint, its)
    for name in _names(here.indexes, there.indexes):
        index, twin = here.indexes.get(name), there.indexes.get(name)
        # An index that exists for a constraint comes and goes with it.
        if not any(item and item.constraint for item in (index, twin)):
            yield from _compare_objects("index", table, name, index, twin)
    yield from _compare_texts("trigger", table, here.triggers, there.triggers)


def _compare_objects(
    kind: Kind, table: str | None, name: str, here: Any, there: Any
) -> Iterator[Difference]:
    """Compare two objects of the same dataclass, property by property; None: not there."""
    if here is None or there is None:
        yield _only(kind, table, name, _summary(here), _summary(there))
        return
    differing = [
        item.name
        for item in fields(here)
        if not _same(item.name, getattr(here, item.name), getattr(there, item.name))
    ]
    # A definition holds all the other properties: it speaks only where none of them does, and
    # in their place where several differ.
    if "definition" in differing:
        differing = ["definition"]
    for aspect in differing:
        values = (_text(getattr(here, aspect)), _text(getattr(there, aspect)))
        yield Difference(kind, table, name, aspect, *values)


def _compare_texts(
    kind: Kind, table: str | None, here: Mapping[str, str], there: Mapping[str, str]
) -> Iterator[Difference]:
    for name in _names(here, there):
        ours, theirs = here.get(name), there.get(name)
        if ours is None or theirs is None:
            yield _only(kind, table, name, ours, theirs)
        elif normal_form(ours) != normal_form(theirs):
            yield Difference(kind, table, name, "definition", ours, theirs)


def _only(
    kind: Kind, table: str | None, name: str, here: str | None, there: str | None
) -> Difference:
    return Difference(kind, table, name, "missing" if here is None else "extra", here, there)


def _same(aspect: str, here: Any, there: Any) -> bool:
    if here == there:
        return True
    if aspect in EXPRESSIONS and here is not None and there is not None:
        return normal_form(here) == normal_form(there)
    if aspect == "columns":  # of an index, expressions may be among them
        return [normal_form(item) for item in here] == [normal_form(item) for item in there]
    return False


def _names(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*here, *there]))


def _columns(table: Table | None) -> str | None:
    return None if table is None else _listed(table.columns)


def _listed(items: Any) -> str | None:
    return None if items is None else ", ".join(items)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def _summary(item: Any) -> str | None:
    """Say in a few words what an object is: its definition, or its type."""
    if item is None:
        return None
    return str(getattr(item, "definition", None) or item.type)
