"""A check that only one step has: the `check.py` in its folder."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from tutor.course import Requirement
from tutor.judge.findings import Layer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.judge.evidence.evidence import Evidence
    from tutor.judge.findings import Finding

FOR = frozenset[Requirement]()
ORDER = (Layer.JOURNAL, 20)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what the step's own `judge(evidence)` yields."""
    file = evidence.step.check_file
    if file is None:
        return
    spec = importlib.util.spec_from_file_location(f"check_{evidence.step.slug}", file)
    if spec is None or spec.loader is None:
        raise ImportError(file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield from module.judge(evidence)
