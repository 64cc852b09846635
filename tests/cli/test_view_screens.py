"""What the other screens say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Samples


def drawn(samples: type[Samples], view: str) -> str:
    screen = samples.screen(80)
    samples.views()[view](screen.console)
    return screen.text


def test_the_list_marks_done_here_and_to_come_in_words(samples: type[Samples]) -> None:
    text = drawn(samples, "list")
    assert "2/3" in text.splitlines()[0]
    assert " ✓ 1.1 A tour" in text
    assert " ▸ 1.2 Where the database is (done, you are here)" in text
    assert " · 2.1 Read it" in text


def test_the_graph_gives_each_open_branch_a_lane(samples: type[Samples]) -> None:
    lines = drawn(samples, "history").splitlines()
    assert lines[0] == "○ ee11 (head)"
    assert lines[3] == "● │ aa22 ▸ you are here"
    assert lines[6] == "│ ○ bb33"
    assert lines[9] == "● 955b"
    assert lines[10] == "  create products"


def test_the_schema_says_what_the_step_still_wants(samples: type[Samples]) -> None:
    text = drawn(samples, "schema")
    assert "missing; wanted: character varying NOT NULL" in text
    assert "double precision (differs); wanted: numeric(10,2)" in text
    assert "text (to drop); wanted: (gone)" not in text
    assert "text (to drop)" in text
    assert "✗ missing       UNIQUE (sku)" in text
    assert "? a price of 0  to be refused" in text
    assert "categories  not there yet" in text


def test_the_doctor_says_each_state_in_words(samples: type[Samples]) -> None:
    text = drawn(samples, "doctor")
    assert "! shell (warning): DATABASE_URL is exported" in text
    assert "✗ locks (error): psql (pid 4711) holds products" in text
    assert text.endswith("1 to fix, 1 to look at.\n")


def test_the_solution_says_how_to_have_it_done(samples: type[Samples]) -> None:
    text = drawn(samples, "solution")
    assert "-    sku = Column(String)\n+    sku = 1\n" in text
    assert "Run\n  python -m alembic upgrade head" in text
    assert "tutor solution --apply" in text
