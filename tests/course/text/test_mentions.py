"""Law 5: every command, option and step that a text names exists (DESIGN, section 4)."""

from __future__ import annotations

import contextlib
import io
import re
import shlex

import click
import pytest
from alembic.config import CommandLine
from typer.main import get_group

from tests.course.learner import COURSE
from tests.course.text.texts import UNSAID, Said, everything, short_texts
from tutor.cli.commands import app

SAID = everything()

PARTS = {1: 2, 2: 2, 3: 7, 4: 3, 5: 5, 6: 3, 7: 4, 8: 3, 9: 2, 10: 5}
"""How many steps each part has, as planned (DESIGN, section 1)."""

_AND = r"(?:, | and | or | to |\u2013)"
_STEPS = re.compile(rf"\b[Ss]teps? (\d+\.\d+(?:{_AND}\d+\.\d+)*)")
_PARTS = re.compile(rf"\bParts? (\d+(?:{_AND}\d+)*)")
_VERB = re.compile(r"(?:\S*/)?(?:alembic-)?tutor (?=[a-z-])(.+)")
_ALEMBIC = re.compile(r"(?:python3? -m )?alembic (?=[a-z-])(.+)")


def failing(check: str, problems: list[str]) -> str:
    return "\n".join([check, *sorted(set(problems))])


def named(pattern: re.Pattern[str]) -> list[tuple[str, list[str]]]:
    """Return the commands of one program that texts name: where, and the arguments."""
    return [
        (said.where, shlex.split(match[1], comments=True))
        for said in SAID
        for command in said.commands
        if (match := pattern.fullmatch(command.strip()))
    ]


def test_every_verb_of_the_tutor_that_is_named_exists() -> None:
    problems = [
        f"{where}: tutor {shlex.join(arguments)}: {problem}"
        for where, arguments in named(_VERB)
        if (problem := wrong_with_verb(arguments))
    ]
    assert not problems, failing("named, but not the tutor's:", problems)


def wrong_with_verb(arguments: list[str]) -> str | None:
    """Return what is wrong with `tutor ARGUMENTS`, or None."""
    group = get_group(app)
    context = click.Context(group)
    verb, *rest = arguments
    command: click.Command | None = group
    if not verb.startswith("-"):
        command = group.get_command(context, verb)
    if command is None:
        return "no such verb"
    if command.context_settings.get("ignore_unknown_options"):
        return None
    known = {option for item in command.get_params(context) for option in item.opts}
    given = {item.split("=")[0] for item in [verb, *rest] if item.startswith("-")}
    return f"no option {', '.join(given - known)}" if given - known else None


def test_every_command_of_alembic_that_is_named_exists() -> None:
    problems = [
        f"{where}: alembic {shlex.join(arguments)}: {problem}"
        for where, arguments in named(_ALEMBIC)
        if UNSAID not in arguments[0] and (problem := wrong_with_alembic(arguments))
    ]
    assert not problems, failing("named, but not Alembic's:", problems)


def wrong_with_alembic(arguments: list[str]) -> str | None:
    """Return what Alembic's own parser says of the arguments; a revision may be left out."""
    for added in ([], ["head"]):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            try:
                CommandLine(prog="alembic").parser.parse_args([*arguments, *added])
            except SystemExit as end:
                if end.code == 0:
                    return None
                continue
        return None
    return said.getvalue().strip().splitlines()[-1]


@pytest.mark.parametrize(("pattern", "kind"), [(_STEPS, "step"), (_PARTS, "part")])
def test_every_step_and_part_that_is_named_exists(pattern: re.Pattern[str], kind: str) -> None:
    parts = {str(part) for part in PARTS}
    steps = {f"{part}.{step}" for part, count in PARTS.items() for step in range(1, count + 1)}
    known = steps if kind == "step" else parts
    problems = [
        f"{said.where}: {kind} {number}"
        for said in SAID
        for match in pattern.finditer(said.prose)
        for number in re.findall(r"\d+(?:\.\d+)?", match[1])
        if number not in known
    ]
    assert not problems, failing("named, but not in the course:", problems)


def test_the_course_has_no_step_that_is_not_planned() -> None:
    for part in COURSE.parts:
        assert len(part.step_ids) == PARTS[part.number]


def test_what_is_drawn_as_prose_has_no_code_blocks() -> None:
    """A hint is drawn as a lesson is; all else that is short is not."""
    fenced = [
        said.where
        for step in COURSE.steps()
        for said in short_texts(step)
        if "```" in said.text and f"{step.id} hint" not in said.where
    ]
    assert not fenced


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "Run `tutor check`, then\n`python -m\nalembic heads`.",
            ["tutor check", "python -m alembic heads"],
        ),
        ("```console\n$ tutor next\nRead on\n```\n", ["tutor next"]),
        ("```python\n`tutor next`\n```\n", []),
    ],
)
def test_commands_are_found_in_spans_and_in_blocks(text: str, commands: list[str]) -> None:
    assert Said("here", text).commands == commands


@pytest.mark.parametrize("arguments", [["chekc"], ["check", "--jsno"], ["--versoin"]])
def test_a_verb_that_does_not_exist_is_found(arguments: list[str]) -> None:
    assert wrong_with_verb(arguments)


@pytest.mark.parametrize("arguments", [["upgarde", "head"], ["revision", "--automatic"]])
def test_a_command_of_alembic_that_does_not_exist_is_found(arguments: list[str]) -> None:
    assert wrong_with_alembic(arguments)
