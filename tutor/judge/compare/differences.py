"""Differences of two schemas, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.postgres.catalog.difference import Difference

_TOLD = 4


def listed(differences: Sequence[Difference], here: str, there: str) -> str:
    """Say the first few, and how many more there are; the two words name the two schemas."""
    said = "; ".join(item.describe(here, there) for item in differences[:_TOLD])
    more = len(differences) - _TOLD
    return f"{said}; and {more} more" if more > 0 else said
