"""`tutor check`: judge the current step."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.cli.options import AsJson, verb_app

if TYPE_CHECKING:
    from tutor.course import Question
    from tutor.judge.verdict import Verdict

_NOT_YET = 1
_CANNOT_JUDGE = 3

app = verb_app()


@app.command()
def check(
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            "-a",
            metavar="ANSWER",
            help="An answer to the step's open questions; repeat it, in their order. An empty one "
            "leaves its question open.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Judge the current step, and change nothing.

    Questions are asked in the terminal, unless --answer has answered them; a right answer is kept.
    Until `tutor next` goes on, a step that has passed is judged again. With --json nothing is
    asked, and stdout is one object: the verdict, or {"error": ..., "next": ...} where there is
    none.

    Exit codes: 0 passed, 1 not yet, 2 wrong usage, 3 the tutor cannot judge.
    """
    from tutor.cli.ask import Answers, read_pasted
    from tutor.cli.options import at_terminal
    from tutor.cli.render.lesson import draw_part_end
    from tutor.cli.render.screen import draw_notices, screen
    from tutor.cli.render.verdict import draw_verdict
    from tutor.cli.work import open_here, say_way_in
    from tutor.cli.working import Working
    from tutor.session.check.answering import open_questions, questions
    from tutor.session.check.judging import check as judge, part_end, praise
    from tutor.session.opening import way_in_from_anywhere

    console = screen()
    in_terminal = at_terminal() and not as_json

    def hint(number: int) -> None:
        from tutor.cli.render.lesson import draw_hint
        from tutor.session.look.lesson import hint as next_hint

        draw_hint(console, next_hint(context, number), context.workspace.root, asked=True)

    def read(prompt: str) -> str:
        with context.waiting():  # `tutor psql` and others can be run in a second terminal
            return read_pasted(prompt)

    def asked(question: "Question", wrong: str | None) -> str | None:
        working.end()
        return ask(question, wrong)

    with open_here() as context:
        ask = Answers(
            answers or (),
            questions(context),
            tuple(open_questions(context)),
            console if in_terminal else None,
            hint,
            read,
            way_in=lambda: way_in_from_anywhere(context.workspace.root),
        )
        with Working(wanted=not as_json) as working:
            verdict = judge(context, asked, working.begin, right=ask.hear, in_terminal=in_terminal)
        if ask.left_over:
            draw_notices([f"Nothing asked for {ask.left_over} of the answers given."])
        if as_json:
            sys.stdout.write(json.dumps(verdict.as_json(), indent=1) + "\n")
        else:
            learnt, following = praise(context, verdict) if verdict.passed else ("", None)
            draw_verdict(console, verdict, learnt, following)
            ended = part_end(context, verdict)
            if ended is not None:
                draw_part_end(console, ended)
            say_way_in(context)
    return _exit_code(verdict)


def _exit_code(verdict: "Verdict") -> int:
    if verdict.passed:
        return 0
    return _NOT_YET if verdict.judged else _CANNOT_JUDGE
