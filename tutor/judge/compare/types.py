"""Families of column types: what a step asks for, and which PostgreSQL types will do."""

from __future__ import annotations

import re

_FAMILIES = {
    "string": r"character varying(\(\d+\))?|text|citext",
    "boolean": r"boolean",
    "integer": r"smallint|integer|bigint",
    "float": r"double precision|real",
    "number": r"smallint|integer|bigint|numeric(\(\d+,\d+\))?|double precision|real",
    "timestamp": r"timestamp(\(\d\))? with(out)? time zone",
    "date": r"date",
    "any": r".*",
}

_WORDS = {
    "string": "VARCHAR or TEXT",
    "integer": "INTEGER",
    "float": "DOUBLE PRECISION",
    "number": "a numeric type",
    "timestamp": "TIMESTAMP, with or without time zone",
    "any": "any type",
}


def fits(family: str, actual: str) -> bool:
    """Whether a type, as `format_type` prints it, belongs to a family.

    What is no family's name must be the type itself: `numeric(10,2)`.
    """
    return re.fullmatch(_FAMILIES.get(family, re.escape(family)), actual) is not None


def words(family: str) -> str:
    """Return the family in the words of SQL."""
    return _WORDS.get(family, family.upper())
