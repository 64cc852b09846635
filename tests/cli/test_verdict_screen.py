"""What a verdict's screen says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.cli.render.verdict import LAYER_NAMES, draw_verdict
from tutor.judge.findings import Finding, Layer, Status

if TYPE_CHECKING:
    import pytest

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
    assert "\nWorth knowing\n! revisions: the upgrade locks products" in text
    assert "Passes, but worth knowing\n! revisions" in drawn(samples, samples.passed)


def test_a_pass_says_what_was_learnt_and_what_comes_next(samples: type[Samples]) -> None:
    text = drawn(samples, samples.passed)
    assert text.startswith("✓ 3.5 Apply the migration: passed\n")
    assert "An upgrade is one transaction." in text
    assert " 9/36" in text
    assert text.endswith("To go on, type `tutor next`: step 3.6 Verify\n")
    assert "27 before it are open" in drawn(samples, samples.passed, None)
    last = replace(samples.passed, done=36)
    assert drawn(samples, last, None).endswith("through the whole course.\n")


def test_what_cannot_be_judged_is_neither(samples: type[Samples]) -> None:
    text = drawn(samples, samples.unjudged)
    assert text.startswith("? 3.5 Apply the migration: cannot be judged\n")


def unmet(summary: str, move: str, actual: str = "none") -> Finding:
    return Finding("column.exists", Status.UNMET, Layer.MODELS, summary, "it", actual, move)


def test_advice_that_several_findings_share_is_given_once(samples: type[Samples]) -> None:
    findings = [unmet(name, "Add it.") for name in ("sku", "price", "name")]
    findings += [unmet("id", "Drop it.", "one"), unmet("key", "Drop it.", "one")]
    text = drawn(samples, samples.verdict(*findings))
    assert text.count("Add it.") == text.count("Drop it.") == 1
    *_, listed = text.partition("Also not yet\n")
    told = ["price", "name", "id", "key"]
    lines = [*(f"✗ models.py: {name}" for name in told), "  one", "  Drop it."]
    assert listed.splitlines() == lines


def test_the_next_move_stands_out(samples: type[Samples], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = samples.screen(80, terminal=True)
    draw_verdict(screen.console, samples.verdict(unmet("sku", "Add it.")), "", None)
    (line,) = [line for line in screen.lines if "Add it." in line]
    assert line == "\x1b[1m  next      \x1b[0m\x1b[1mAdd it.\x1b[0m"


def test_files_that_have_not_changed_are_asked_for(samples: type[Samples]) -> None:
    again = replace(samples.verdict(unmet("sku", "Add it.")), unchanged=True)
    assert "did you save it in your editor?" in drawn(samples, again)
    answers = Finding("answers.given", Status.UNMET, Layer.ANSWERS, "one is open")
    assert "save" not in drawn(samples, replace(samples.verdict(answers), unchanged=True))


PROOFS = {
    "revision.upgrade": (Layer.REVISIONS, "it runs"),
    "revision.round_trip": (Layer.REVISIONS, "no trace"),
    "column.exists": (Layer.REVISIONS, "sku is there"),
    "rows.kept": (Layer.ROWS, "all 6 rows of products are kept, and 6 made for the check"),
    "version.applied": (Layer.VERSION, "the database is at 15bd20a4e6c1"),
}


def test_a_pass_says_what_was_proven(samples: type[Samples]) -> None:
    met = [Finding(code, Status.MET, layer, said) for code, (layer, said) in PROOFS.items()]
    assert " ".join(drawn(samples, samples.verdict(*met)).split()).startswith(
        "✓ 3.5 Apply the migration: passed ✓ Proven: your revision ran up, down and up again on a "
        "copy; your revisions build what the step wants; all 6 rows of products are kept; the "
        "database is at 15bd20a4e6c1."
    )


def test_a_draft_is_proven_on_empty_tables_only(samples: type[Samples]) -> None:
    met = [
        Finding("revision.exists", Status.MET, Layer.REVISIONS, "new"),
        Finding("column.exists", Status.MET, Layer.REVISIONS, "sku is there"),
    ]
    text = " ".join(drawn(samples, samples.verdict(*met)).split())
    assert "Proven: your revisions build what the step wants on empty tables." in text


def test_of_what_is_not_whole_only_the_part_is_told(samples: type[Samples]) -> None:
    half = [Finding("column.exists", Status.MET, Layer.MODELS, "id"), unmet("sku", "Add it.")]
    assert "1 of the 2 things that the tables need" in drawn(samples, samples.verdict(*half))


def test_every_layer_has_a_name() -> None:
    assert set(LAYER_NAMES) == set(Layer)
