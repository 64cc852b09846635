"""What a verdict's screen says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.cli.render.verdict import LAYER_NAMES, draw_verdict
from tutor.judge.findings import Finding, Layer, Status

if TYPE_CHECKING:
    from tests.cli.conftest import Samples
    from tutor.judge.verdict import Verdict


def drawn(samples: type[Samples], verdict: Verdict, following: str | None = "3.6 Verify") -> str:
    screen = samples.screen(80)
    draw_verdict(screen.console, verdict, "An upgrade is one transaction.", following)
    return screen.text


def test_not_yet_tells_the_first_break_in_full(samples: type[Samples]) -> None:
    text = drawn(samples, samples.verdict())
    assert text.startswith("✗ 3.5 Apply the migration: not yet\n")
    assert "✗ alembic_version: revision 15bd20a4e6c1 adds" in text
    assert "expected  15bd20a4e6c1 (head)" in text
    assert "actual    955bb0742a21" in text
    assert "next      Run `python -m alembic upgrade head`." in text
    assert text.index("alembic_version: ") < text.index("Also not yet") < text.index("live schema:")
    assert "one transaction" not in text


def test_the_chain_marks_every_link(samples: type[Samples]) -> None:
    chain = "".join(drawn(samples, samples.verdict()).splitlines()[2:4])
    words = "✓ models.py → ✓ revisions → ✗ alembic_version → ✗ live schema → ? rows → · app"
    assert " ".join(chain.split()) == words


def test_a_wrong_answer_has_no_chain(samples: type[Samples]) -> None:
    wrong = Finding("answers.right", Status.UNMET, Layer.ANSWERS, "`7` is not what it printed")
    text = drawn(samples, samples.verdict(wrong))
    assert "→" not in text
    assert "✗ your answers: `7` is not what it printed" in text


def test_warnings_and_what_could_not_be_judged_stand_apart(samples: type[Samples]) -> None:
    text = drawn(samples, samples.verdict())
    assert "Could not be judged\n? rows: the rows could not be compared" in text
    assert "Passes, but worth knowing\n! revisions: the upgrade locks products" in text
    assert text.rstrip().endswith("✓ 1 met: models.py 1")


def test_a_pass_says_what_was_learnt_and_what_comes_next(samples: type[Samples]) -> None:
    text = drawn(samples, samples.passed)
    assert text.startswith("✓ 3.5 Apply the migration: passed\n")
    assert "An upgrade is one transaction." in text
    assert " 9/36" in text
    assert text.endswith("`tutor next` goes on: 3.6 Verify\n")
    assert "27 before it are open" in drawn(samples, samples.passed, None)
    last = replace(samples.passed, done=36)
    assert drawn(samples, last, None).endswith("through the whole course.\n")


def test_what_cannot_be_judged_is_neither(samples: type[Samples]) -> None:
    text = drawn(samples, samples.unjudged)
    assert text.startswith("? 3.5 Apply the migration: cannot be judged\n")


def test_every_layer_has_a_name() -> None:
    assert set(LAYER_NAMES) == set(Layer)
