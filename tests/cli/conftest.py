"""Values to draw, and a screen to draw them on."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tutor.cli.render.change import draw_backups, draw_change, draw_solution
from tutor.cli.render.history import draw_history
from tutor.cli.render.lesson import draw_hint, draw_lesson, draw_part_end
from tutor.cli.render.screen import draw_error, make_screen
from tutor.cli.render.verdict import draw_verdict
from tutor.cli.render.views import draw_diagnostics, draw_schema, draw_status, draw_steps
from tutor.course import Part
from tutor.judge.findings import Finding, Layer, Status
from tutor.judge.verdict import Verdict
from tutor.session.change.solution import Answer, FileDiff, Solution
from tutor.session.change.swap import Change
from tutor.session.change.undo import BackupLine
from tutor.session.look.diagnostic import Diagnostic
from tutor.session.look.history import RevisionLine
from tutor.session.look.lesson import Hint, Lesson
from tutor.session.look.schema_view import SchemaRow, SchemaView, TableView
from tutor.session.look.views import StepLine, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

TEXT = """\
Open [models.py](models.py): each row of `products` needs a **stock-keeping unit**.
More in [Alembic's pages](https://alembic.sqlalchemy.org/).

```python
class Product(Base):
    sku: Mapped[str] = mapped_column(String, unique=True, nullable=False)  # a key of its own — yes
```

```console
$ python -m alembic revision --autogenerate -m "add sku, is_active, timestamps, and category"
INFO  [alembic.autogenerate.compare] Detected added column 'products.sku'
```

- one → two
- `three`

| column | NULL |
|---|---|
| sku | no |
"""

FINDINGS = (
    Finding("models.syntax", Status.MET, Layer.MODELS, "models.py is valid Python"),
    Finding(
        "revision.upgrade",
        Status.WARNING,
        Layer.REVISIONS,
        "the upgrade locks products while it fills in the rows",
        next="Fill in big tables in steps.",
    ),
    Finding(
        "version.applied",
        Status.UNMET,
        Layer.VERSION,
        "revision 15bd20a4e6c1 adds products.sku, but the database is still at 955bb0742a21",
        "15bd20a4e6c1 (head)",
        "955bb0742a21",
        "Run `python -m alembic upgrade head`.",
    ),
    Finding("column.exists", Status.UNMET, Layer.SCHEMA, "products.sku is missing"),
    Finding("rows.kept", Status.UNKNOWN, Layer.ROWS, "the rows could not be compared"),
)


def lesson(**changes: Any) -> Lesson:
    values: dict[str, Any] = {
        "step_id": "3.1",
        "title": "Say what you want in models.py",
        "part_number": 3,
        "part_title": "Your first real migration",
        "minutes": 5,
        "text": TEXT,
        "questions": 2,
        "done": 5,
        "total": 36,
        "passed": False,
        "to_come": "3.1",
        "workspace": Path("/srv/ada/my work/fastapi-learn").absolute(),
        "news": ("The rows that step 2.2 threw away are back.",),
    }
    return Lesson(**{**values, **changes})


def verdict(*findings: Finding) -> Verdict:
    return Verdict("3.5", "Apply the migration", findings or FINDINGS, 9, 36)


PASSED = verdict(FINDINGS[0], FINDINGS[1])
UNJUDGED = verdict(FINDINGS[0], FINDINGS[4])
PART = Part(
    number=3,
    title="Your first real migration",
    about="",
    can=("read a draft", "fill a new column"),
    then="Part 4 splits a table.",
    step_ids=("3.1",),
    chains=(),
    folder=Path("lessons"),
)
HINT = Hint(1, 3, "Look at `nullable`.")
CHANGE = Change("3.1", ("Step 3.1 is back at its start.", "`tutor undo` brings back what was."))
STEPS = [
    StepLine(
        "1.1",
        "A tour of the workspace",
        1,
        "Understanding what you have",
        3,
        done=True,
        current=False,
    ),
    StepLine(
        "1.2", "Where the database is", 1, "Understanding what you have", 3, done=True, current=True
    ),
    StepLine(
        "2.1",
        "Read it, in a title long enough to wrap",
        2,
        "The start",
        3,
        done=False,
        current=False,
    ),
]
WHERE = Where(
    workspace=Path("/srv/ada/my work/fastapi-learn"),
    step="3.5",
    title="Apply the migration",
    passed=False,
    done=9,
    total=36,
    server="embedded PostgreSQL 18 on 127.0.0.1:54329",
    running=True,
    database="fastapi_db",
    database_versions=("955bb0742a21",),
    heads=("15bd20a4e6c1",),
    backups=3,
    next_move="Run `python -m alembic upgrade head`.",
)
SOLUTION = Solution(
    "3.4",
    (
        FileDiff(
            "models.py", "--- a\n+++ b\n@@ -1 +1 @@\n-    sku = Column(String)\n+    sku = 1\n"
        ),
    ),
    ("python -m alembic upgrade head",),
    (Answer("Which revision does `current` print?", "955bb0742a21"),),
)
SCHEMA = SchemaView(
    "3.5",
    ("955bb0742a21",),
    (
        TableView(
            name="products",
            exists=True,
            rows=6,
            lines=(
                SchemaRow("column", "id", "integer NOT NULL", "", ""),
                SchemaRow("column", "sku", "", "character varying NOT NULL", "missing"),
                SchemaRow("column", "price", "double precision", "numeric(10,2)", "differs"),
                SchemaRow("column", "old", "text", "", "to drop"),
                SchemaRow("constraint", "pk", "PRIMARY KEY (id)", "", "as wanted"),
                SchemaRow("constraint", "", "", "UNIQUE (sku)", "missing"),
                SchemaRow("probe insert", "a price of 0", "", "to be refused", "untried"),
            ),
        ),
        TableView(
            name="categories",
            exists=False,
            rows=0,
            lines=(SchemaRow("column", "id", "", "integer", "missing"),),
        ),
    ),
)
HISTORY = [
    RevisionLine(
        "ee11",
        "merge",
        ("aa22", "bb33"),
        "versions/ee11_merge.py",
        head=True,
        here=False,
        applied=False,
    ),
    RevisionLine(
        "aa22",
        "add sku",
        ("955b",),
        "versions/aa22_add_sku.py",
        head=False,
        here=True,
        applied=True,
    ),
    RevisionLine(
        "bb33", "add category", ("955b",), "versions/bb33.py", head=False, here=False, applied=False
    ),
    RevisionLine(
        "955b",
        "create products",
        (),
        "versions/955b_initial.py",
        head=False,
        here=False,
        applied=True,
    ),
]
BACKUPS = [
    BackupLine(
        7, datetime(2026, 3, 1, 14, 2, tzinfo=UTC), "`tutor goto 5.1`", "3.4", ("1a2b add sku",)
    ),
    BackupLine(6, datetime(2026, 3, 1, 13, 58, tzinfo=UTC), "`tutor reset`", "3.2", ()),
]
DIAGNOSTICS = [
    Diagnostic("server", "ok", "PostgreSQL 18.4 on 127.0.0.1:54329"),
    Diagnostic("shell", "warning", "DATABASE_URL is exported", "`unset DATABASE_URL`"),
    Diagnostic("locks", "error", "psql (pid 4711) holds products", "Close it."),
]


class Screen:
    """A console of a given width and kind, with what was drawn on it."""

    def __init__(self, width: int = 80, *, terminal: bool = False) -> None:
        self.stream = io.StringIO()
        self.console: Console = make_screen(self.stream, width, terminal=terminal)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


class Samples:
    """What tests draw: a fixture hands it over, as tests are no package to import from."""

    findings = FINDINGS
    passed = PASSED
    unjudged = UNJUDGED
    part = PART
    hint = HINT
    change = CHANGE
    steps = STEPS
    where = WHERE
    solution = SOLUTION
    schema = SCHEMA
    history = HISTORY
    diagnostics = DIAGNOSTICS
    backups = BACKUPS
    lesson = staticmethod(lesson)
    verdict = staticmethod(verdict)
    screen = Screen

    @staticmethod
    def views() -> dict[str, Callable[[Console], None]]:
        """Every screen there is, by name, with something to show."""
        return {
            "lesson": lambda console: draw_lesson(console, lesson()),
            "read again": lambda console: draw_lesson(console, lesson(), current=False),
            "part end": lambda console: draw_part_end(console, PART),
            "hint": lambda console: draw_hint(console, HINT, WHERE.workspace),
            "not yet": lambda console: draw_verdict(console, verdict(), "", None),
            "passed": lambda console: draw_verdict(console, PASSED, "Learnt.", "3.6 Verify"),
            "unjudged": lambda console: draw_verdict(console, UNJUDGED, "", None),
            "list": lambda console: draw_steps(console, STEPS),
            "status": lambda console: draw_status(console, WHERE),
            "schema": lambda console: draw_schema(console, SCHEMA),
            "history": lambda console: draw_history(console, HISTORY),
            "doctor": lambda console: draw_diagnostics(console, DIAGNOSTICS),
            "solution": lambda console: draw_solution(console, SOLUTION),
            "backups": lambda console: draw_backups(console, BACKUPS),
            "change": lambda console: draw_change(console, CHANGE),
            "error": lambda console: draw_error(console, "There is no workspace here.", "Go on."),
        }


@pytest.fixture(autouse=True)
def _one_kind_of_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set one palette for all tests: Rich remembers a style as it was first written."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)


@pytest.fixture
def samples() -> type[Samples]:
    return Samples
