"""What each verb passes on, prints where, and exits with."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tutor.cli import run
from tutor.cli.commands import VERBS
from tutor.course import Question
from tutor.errors import CannotActError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.commands.conftest import Scripted
    from tests.cli.conftest import Samples

ALL_VERBS = [verb for verbs in VERBS.values() for verb in verbs]
READING = ("show", "list", "status", "schema", "history", "doctor")
QUESTION = Question("Which revision?", choices={"a": "955bb0742a21", "b": "none"})


def opened(session: Scripted) -> Any:
    return next(call for call in session.calls if call[0] == "open")


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_every_verb_has_help_and_takes_debug(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Usage: tutor {verb}")
    assert "--debug" in out


def test_what_a_verb_takes_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["goto", "--help"]) == 0
    assert re.search(r"STEP +A step's number", capsys.readouterr().out)


def test_the_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    listed = re.findall(r"^  ([a-z]+) +[A-Z]", capsys.readouterr().out, re.MULTILINE)
    assert [verb for verb in listed if verb in ALL_VERBS] == ALL_VERBS


@pytest.mark.parametrize("verb", READING)
def test_what_only_reads_may_fall_back_to_the_last_workspace(verb: str, session: Scripted) -> None:
    run([verb])
    assert opened(session)[2] is True


@pytest.mark.parametrize("verb", ["check", "hint", "solution", "stop", "reset", "undo", "remove"])
def test_the_others_never_do(verb: str, session: Scripted) -> None:
    run([verb])
    assert opened(session)[2] is False


@pytest.mark.parametrize(
    ("verb", "server"), [("doctor", "if running"), ("stop", "if running"), ("remove", "removing")]
)
def test_what_must_work_with_a_broken_server_starts_none(
    verb: str, server: str, session: Scripted
) -> None:
    run([verb])
    assert opened(session)[3] == server


@pytest.mark.parametrize("line", ["check", "hint", "reset --yes", "goto 1.1 --yes", "undo --yes"])
def test_the_way_in_is_said_last_and_to_a_terminal_only(
    line: str,
    session: Scripted,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(line.split())
    assert "activate" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    run(line.split())
    told = capsys.readouterr().err.splitlines()
    assert told[-2:] == ["    cd fastapi-learn", "    source .venv/bin/activate"]
    assert session.calls[-1] == "closed"


def test_next_and_start_say_the_way_in_always(
    session: Scripted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in ("next", "start"):
        run([verb])
        assert capsys.readouterr().err.endswith("source .venv/bin/activate\n")
    session.commands = ()
    run(["next"])
    assert "Type this first" not in capsys.readouterr().err


@pytest.mark.parametrize("verb", [*READING, "hint", "solution", "stop"])
def test_answers_go_to_stdout_and_notices_to_stderr(
    verb: str, session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.notices = ["The server was started again."]
    run([verb])
    captured = capsys.readouterr()
    assert captured.out.strip()
    assert "started again" not in captured.out
    assert "The server was started again." in captured.err
    assert session.calls[-1] == "closed"


def test_exit_codes_follow_the_verdict(session: Scripted, samples: type[Samples]) -> None:
    assert run(["check"]) == 1
    session.verdict = samples.passed
    assert run(["check"]) == 0
    session.verdict = samples.unjudged
    assert run(["check"]) == 3


def test_a_pass_says_what_was_learnt(
    session: Scripted, samples: type[Samples], capsys: pytest.CaptureFixture[str]
) -> None:
    session.verdict = samples.passed
    run(["check"])
    out = capsys.readouterr().out
    assert "One transaction." in out
    assert out.index("One transaction.") < out.index("You can now")


def test_json_is_one_object_and_nothing_else(
    session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.notices = ["The server was started again."]
    session.questions = (QUESTION,)
    assert run(["check", "--json", "--answer", "a", "-a", "left over"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told == session.verdict.as_json()
    assert told["findings"][2]["status"] == "unmet"


def test_status_and_list_have_json_too(
    session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["step"] == session.samples.where.step
    assert run(["list", "--json"]) == 0
    listing = json.loads(capsys.readouterr().out)
    assert listing["progress"] == {"done": 2, "total": 3}
    assert listing["steps"][1]["current"] is True


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (UsageError("There is no workspace here.", "Run `tutor next`."), 2),
        (CannotActError("The server does not answer.", "Run `tutor doctor`."), 3),
        (KeyError("a bug"), 3),
    ],
)
def test_an_error_is_a_sentence_and_an_exit_code(
    failure: Exception, code: int, session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.failure = failure
    assert run(["check"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("✗ ")
    assert "Traceback" not in captured.err
    assert run(["check", "--json"]) == code
    captured = capsys.readouterr()
    assert set(json.loads(captured.out)) == {"error", "next"}
    assert captured.err == ""


@pytest.mark.parametrize("arguments", [["--debug", "check"], ["check", "--debug"]])
def test_debug_shows_the_traceback(
    arguments: list[str], session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.failure = KeyError("a bug")
    assert run(arguments) == 3
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_exits_with_130(
    session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.failure = KeyboardInterrupt()
    assert run(["check"]) == 130
    assert capsys.readouterr().err.strip() == "Interrupted."
    assert run(["check", "--json"]) == 130
    assert json.loads(capsys.readouterr().out)["error"] == "Interrupted."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "There is no command `chek`. Did you mean `check`"),
        (["check", "--nonsense"], "No such option"),
        (["show", "9.9"], "There is no step 9.9"),
        (["goto"], "Missing argument"),
    ],
)
def test_wrong_usage_exits_with_2(
    arguments: list[str],
    said: str,
    session: Scripted,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(arguments) == 2
    assert said in capsys.readouterr().err
    assert session.calls == []


def test_wrong_usage_is_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--json", "--nonsense"]) == 2
    assert "No such option" in json.loads(capsys.readouterr().out)["error"]


CHANGES = {
    "reset": ("reset", False),
    "reset --rows": ("reset", True),
    "undo": ("undo", None),
    "undo 3": ("undo", 3),
    "goto 1.1": ("goto", "1.1"),
    "solution --apply": "apply",
    "remove": ("remove", False),
    "remove --files": ("remove", True),
}


@pytest.mark.parametrize("line", CHANGES)
def test_a_change_needs_yes_where_nobody_can_be_asked(
    line: str, session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line.split()) == 2
    assert CHANGES[line] not in session.calls
    assert "--yes" in capsys.readouterr().err
    assert run([*line.split(), "--yes"]) == 0
    assert CHANGES[line] in session.calls


@pytest.mark.parametrize(("typed", "changed"), [("y", True), ("n", False), ("", False)])
def test_a_change_is_asked_for_in_a_terminal(
    typed: str,
    changed: bool,  # noqa: FBT001 - a parameter of the test
    session: Scripted,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tutor.cli.options.at_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert run(["reset"]) == 0
    assert (("reset", False) in session.calls) is changed
    assert "tutor undo" in capsys.readouterr().out


def test_undo_says_what_becomes_of_the_progress(
    session: Scripted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.cli.options.at_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    run(["undo"])
    assert "You will be in step 3.4." in " ".join(capsys.readouterr().out.split())
    assert not [call for call in session.calls if call[0] == "undo"]


@pytest.mark.parametrize("stopped", [True, False])
def test_stop_says_what_starts_the_server_again(
    stopped: bool,  # noqa: FBT001 - a parameter of the test
    session: Scripted,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session.server = type("Server", (), {"stop": lambda _: stopped})()
    run(["stop"])
    told = " ".join(capsys.readouterr().out.split())
    assert told.endswith("needs it, such as `tutor check`, starts it again.")


def test_backups_are_listed_and_have_json(
    session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["undo", "--list"]) == 0
    text = capsys.readouterr().out
    assert "7  01 Mar 14:02, step 3.4, before `tutor goto 5.1`" in text
    assert "your revision 1a2b add sku" in text
    assert run(["undo", "--list", "--json"]) == 0
    (newest, _) = json.loads(capsys.readouterr().out)["backups"]
    assert (newest["number"], newest["step"]) == (7, "3.4")
    assert run(["undo", "--json"]) == 2
    assert not [call for call in session.calls if call[0] == "undo"]


def test_the_doctor_writes_env_only_where_it_is_asked_to(session: Scripted) -> None:
    run(["doctor"])
    assert "fix env" not in session.calls
    run(["doctor", "--fix-env"])
    assert "fix env" in session.calls


def test_answers_come_from_the_command_line_and_none_is_made_up(
    session: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    session.questions = (QUESTION, replace(QUESTION, ask="Why?"), replace(QUESTION, ask="How?"))
    run(["check", "--answer", "b", "-a", ""])
    assert ("answers", ["b", None, None]) in session.calls
    run(["check", "-a", "1", "-a", "2", "-a", "3", "-a", "4"])
    assert "Nothing asked for 1 of the answers given." in capsys.readouterr().err


def test_the_doctor_s_exit_code_says_whether_something_is_wrong(session: Scripted) -> None:
    assert run(["doctor"]) == 3
    session.samples = type("Well", (session.samples,), {"diagnostics": []})
    assert run(["doctor"]) == 0
