"""Everything that the tutor says: lessons, hints, patches, README, the sentences in its code."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tutor
from tests.course.learner import COURSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.course import Part, Step

PACKAGE = Path(tutor.__file__).parent
CLONE = PACKAGE.parent
UNSAID = "…"
"""Stands where code fills in a value that is not known here."""

_FENCE = re.compile(r"^```(?P<info>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_SHELLS = {"console", "bash", "now"}
_PROMPTED = {"console", "now"}


@dataclass(frozen=True)
class Said:
    """A text and where it stands."""

    where: str
    text: str

    @property
    def prose(self) -> str:
        """The text without its code blocks."""
        return _FENCE.sub("", self.text)

    @property
    def commands(self) -> list[str]:
        """What may be a command: code spans, and the lines to type in blocks for a shell."""
        spans = [" ".join(span.split()) for span in _SPAN.findall(self.prose)]
        return spans + [line for block in _FENCE.finditer(self.text) for line in _typed(block)]


def _typed(block: re.Match[str]) -> list[str]:
    language = block["info"].split(" ")[0]
    if language not in _SHELLS:
        return []
    lines = block["body"].splitlines()
    if language in _PROMPTED:
        return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    return lines


def everything() -> list[Said]:
    """Return all texts that a learner can come to read."""
    course = [said for part in COURSE.parts for said in of_part(part)]
    readmes = [CLONE / "README.md", CLONE / "workspace_template" / "README.md"]
    documents = [Said(file.name, file.read_text(encoding="utf-8")) for file in readmes]
    return [*course, *documents, *of_code(PACKAGE)]


def of_part(part: Part) -> Iterator[Said]:
    """Yield what a part and its steps say."""
    yield Said(f"Part {part.number}", "\n".join([part.title, part.about, *part.can, part.then]))
    for step_id in part.step_ids:
        step = COURSE.step(step_id)
        yield Said(f"{step_id} text", step.text)
        yield from short_texts(step)


def short_texts(step: Step) -> Iterator[Said]:
    """Yield what a step says outside its text: all of it is shown as prose."""
    for number, hint in enumerate(step.hints, start=1):
        yield Said(f"{step.id} hint {number}", hint)
    yield Said(f"{step.id} learnt", step.learnt)
    for number, question in enumerate(step.questions, start=1):
        said = [question.ask, *question.choices.values(), *question.wrong.values(), question.why]
        said += question.hints
        yield Said(f"{step.id} question {number}", "\n".join(said))
    named = {"solution": step.solution, **step.mistakes, **step.alternatives}
    if step.start is not None:
        named["start"] = step.start
    for name, patch in named.items():
        yield Said(f"{step.id} {name}", patch.about)


def of_code(folder: Path, name: str = "*.py") -> Iterator[Said]:
    """Yield the strings in the Python files of this name below a folder."""
    for file in sorted(folder.rglob(name)):
        where = file.relative_to(folder).as_posix()
        for text in strings(ast.parse(file.read_text(encoding="utf-8"))):
            yield Said(where, text)


def strings(node: ast.AST) -> Iterator[str]:
    """Yield the string constants below a node; a formatted one as a whole, its values unsaid."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(piece.value) if isinstance(piece, ast.Constant) else UNSAID for piece in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or isinstance(child, ast.FormattedValue):
            yield from strings(child)
