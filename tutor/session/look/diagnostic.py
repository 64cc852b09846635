"""One line of `tutor doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnostic:
    """What was looked at, how it is, and the fix where it is not ok.

    `state` is "ok", "warning" or "error".
    """

    what: str
    state: str
    detail: str
    fix: str = ""
