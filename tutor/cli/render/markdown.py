"""Lesson text: Markdown for the terminal, with file links, highlighted code and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it.token import Token
from rich.cells import cell_len
from rich.markdown import Markdown
from rich.text import Text

from tutor.cli.render.screen import (
    BLUE,
    GREEN,
    GREY,
    VIOLET,
    draw_hanging,
    inline,
    is_plain,
    marks_code,
    trimmed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console
    from rich.syntax import ANSISyntaxTheme

_INDENT = 2
_CONTINUED = 4
"""Columns by which the rest of a wrapped line of code is indented further."""
_PROMPT = "$ "
NOW = "now"
"""Marks the block at a lesson's end: what to do now, one move a line, commands behind a prompt."""


def draw_markdown(console: Console, text: str, folder: Path) -> None:
    """Draw Markdown; relative links lead to files of `folder`."""
    parsed = Markdown(text).parsed
    for number, (fence, tokens) in enumerate(_blocks(parsed)):
        if number:
            console.print()
        if fence is None:
            for line in trimmed(console, _prose(console, tokens, folder)):
                console.print(line, overflow="fold")
        elif fence.info == NOW:
            _draw_now(console, fence.content)
        elif fence.info.split(" ")[0] == "console":
            _draw_session(console, fence.content)
        elif fence.info == "bash":
            for command in fence.content.rstrip().splitlines():
                _draw_command(console, Text(" " * _INDENT), command)
        else:
            _draw_code(console, fence)


def _blocks(tokens: list[Token]) -> Iterator[tuple[Token | None, list[Token]]]:
    """Yield code blocks one by one, and what stands between them as lists of tokens."""
    prose: list[Token] = []
    for token in tokens:
        if token.type == "fence" and token.level == 0:
            if prose:
                yield None, prose
            yield token, []
            prose = []
        else:
            prose.append(token)
    if prose:
        yield None, prose


def _prose(console: Console, tokens: list[Token], folder: Path) -> Markdown:
    plain = is_plain(console)
    for token in tokens:
        if token.children is not None:
            marked = _marked(token.children) if marks_code(console) else token.children
            token.children = list(_inline(marked, folder, plain=plain))
    prose = Markdown("", justify="default", hyperlinks=not plain)
    prose.parsed = tokens
    return prose


def _marked(tokens: list[Token]) -> list[Token]:
    """Return a paragraph's tokens with backquotes around code."""
    for token in tokens:
        if token.type == "code_inline":
            token.content = f"`{token.content}`"
    return tokens


def _inline(tokens: list[Token], folder: Path, *, plain: bool) -> Iterator[Token]:
    """Yield a paragraph's tokens with links to files made absolute, or left out where plain.

    Not every terminal follows links: a link whose text does not name its file has the path behind.
    """
    target = said = ""
    for token in tokens:
        if token.type == "link_open":
            target, said = _file_of(token), ""
            if target:
                token.attrs["href"] = (folder / target).absolute().as_uri()
        said += token.content
        if not (plain and target and token.type in {"link_open", "link_close"}):
            yield token
        if token.type == "link_close":
            if target and said.strip("`") not in target:
                yield Token("text", "", 0, content=f" ({target})")
            target = ""


def _file_of(link: Token) -> str:
    """Return the path that a link leads to within the workspace; "" where it leads elsewhere."""
    target = unquote(str(link.attrs.get("href", "")))
    elsewhere = "://" in target or target.startswith(("#", "mailto:"))
    return "" if elsewhere else target


def _draw_session(console: Console, content: str) -> None:
    """Draw commands, marked by the prompt, and what they print."""
    indent = " " * _INDENT
    for line in content.rstrip().splitlines():
        if line.startswith(_PROMPT):
            _draw_command(console, Text(indent + _PROMPT), line.removeprefix(_PROMPT))
        else:
            draw_hanging(console, Text(indent), Text(line, "quiet"))


def _draw_now(console: Console, content: str) -> None:
    """Draw the moves of a lesson's end, numbered."""
    console.print(Text("Now", "title"))
    for number, line in enumerate(content.rstrip().splitlines(), start=1):
        label = Text(f"{number}. ".rjust(_INDENT + len("1. ")))
        if line.startswith(_PROMPT):
            _draw_command(console, label.append(_PROMPT), line.removeprefix(_PROMPT))
        else:
            draw_hanging(console, label, inline(console, line))


def _draw_command(console: Console, label: Text, command: str) -> None:
    """Draw a command to type behind a label.

    In a terminal a long one is left to the terminal to wrap: so it is copied as one line.
    """
    if console.is_terminal:
        console.print(Text.assemble(label, (command, "bold")), soft_wrap=True)
    else:
        draw_hanging(console, label, Text(command))


def _draw_code(console: Console, fence: Token) -> None:
    """Draw code, highlighted where there are colours; long lines go on below their own start."""
    code = fence.content.rstrip()
    lexer = fence.info.split(" ")[0]
    text = Text(code)
    if lexer and not is_plain(console):
        from rich.syntax import Syntax

        text = Syntax("", lexer, theme=_code_theme()).highlight(code)
        text.rstrip()
    for line in text.split("\n", allow_blank=True):
        lead = cell_len(line.plain) - cell_len(line.plain.lstrip())
        lead = min(lead, console.width // 2)
        draw_hanging(console, Text(" " * (_INDENT + lead)), line[lead:], _CONTINUED)


def _code_theme() -> ANSISyntaxTheme:
    """Return the screen's colours for code, without a background."""
    from pygments.token import Comment, Keyword, Name, Number, String  # type: ignore[import-untyped]
    from rich.style import Style
    from rich.syntax import ANSISyntaxTheme

    return ANSISyntaxTheme(
        {
            Comment: Style(color=GREY, italic=True),
            Keyword: Style(color=VIOLET),
            Name.Class: Style(bold=True),
            Name.Function: Style(bold=True),
            Name.Decorator: Style(color=BLUE),
            Number: Style(color=BLUE),
            String: Style(color=GREEN),
        }
    )
