"""What SQLAlchemy fills in where a row is made or changed without a value, column by column."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import DateTime

if TYPE_CHECKING:
    from sqlalchemy import Column

# Values that should differ from row to row: one of them as the default is one for all rows.
_PLAIN = (bool, int, float, str)
_MOMENTS = (datetime, date, time, UUID)


def fills(column: Column[Any]) -> dict[str, Any]:
    """Return how a column is filled in.

    `default`, `onupdate`: whether there is one. `once`: which of the two hold a moment or an id
    that was computed when models.py was imported. `zone`: "aware" or "naive" where a default makes
    a datetime of that kind and the column holds the other. `value`: a `default=` that is a number,
    a text, True or False; else None.
    """
    own = {"default": column.default, "onupdate": column.onupdate}
    zones = [_other_zone(column, value) for value in own.values()]
    return {
        "default": column.default is not None or column.server_default is not None,
        "onupdate": column.onupdate is not None or column.server_onupdate is not None,
        "once": [name for name, value in own.items() if isinstance(_fixed(value), _MOMENTS)],
        "zone": zones[0] or zones[1],
        "value": value if isinstance(value := _fixed(column.default), _PLAIN) else None,
    }


def _fixed(default: Any) -> object:
    """Return the value of a default that is the same for every row; else None."""
    return default.arg if getattr(default, "is_scalar", False) else None


def _other_zone(column: Column[Any], default: Any) -> str | None:
    """Return "aware" or "naive" where the default's datetime is not of the column's kind."""
    if not isinstance(column.type, DateTime) or default is None:
        return None  # a TypeDecorator may convert the value
    with_zone = column.type.timezone
    value = _fixed(default)
    if getattr(default, "is_callable", False):
        try:
            value = default.arg(None)  # SQLAlchemy lets every callable take its context
        except Exception:  # noqa: BLE001 - the learner's function may want a real one
            return None
    if not isinstance(value, datetime):
        return None
    aware = value.tzinfo is not None
    return None if aware == with_zone else "aware" if aware else "naive"
