"""What env.py hands to autogenerate, found without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.code.runner import Runner

if TYPE_CHECKING:
    from tests.workspace.site import Site

RIGHT = "target_metadata = Base.metadata"


@pytest.mark.parametrize(
    ("instead", "seen"),
    [
        (RIGHT, ["products"]),
        ("target_metadata = [Base.metadata]", ["products"]),
        ("from sqlalchemy import MetaData\ntarget_metadata = MetaData()", []),
        ("target_metadata = None", None),
    ],
)
def test_the_tables_that_env_hands_over(site: Site, instead: str, seen: list[str] | None) -> None:
    env = (site.root / "migrations" / "env.py").read_text()
    assert RIGHT in env
    site.write("migrations/env.py", env.replace(RIGHT, instead))
    with Runner(site.root, site.live, None) as runner:
        assert runner.seen_tables() == seen


def test_an_env_that_does_not_run_is_told(site: Site) -> None:
    site.write("migrations/env.py", "target_metadata = (\n")
    with Runner(site.root, site.live, None) as runner, pytest.raises(LearnerCodeError) as error:
        runner.seen_tables()
    assert (error.value.file, error.value.line) == ("migrations/env.py", 1)
