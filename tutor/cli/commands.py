"""The verbs, and the group that imports a verb's module only when that verb is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

from tutor.cli.failure import Invocation

if TYPE_CHECKING:
    from click.formatting import HelpFormatter

VERBS = {
    "Learn": ("next", "check", "hint", "solution"),
    "Look": ("show", "list", "status", "schema", "history", "psql"),
    "Go back, go on": ("reset", "undo", "goto"),
    "Workspace": ("start", "doctor", "stop", "remove"),
}
"""Every verb, under the heading it has in `tutor --help`. Each is a module of tutor.cli.verbs."""


def _set_debug(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    invocation = context.find_object(Invocation)
    if value and invocation is not None:
        invocation.debug = True


def _debug_option() -> TyperOption:
    """Return `--debug`, which the program and every verb take."""
    return TyperOption(
        param_decls=["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_set_debug,
        help="Show the traceback where the tutor itself fails.",
    )


class Verbs(TyperGroup):
    """A group that knows its verbs by name only, until one is called or all are listed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.params.append(_debug_option())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Return the verbs in the order of the help."""
        return [verb for verbs in VERBS.values() for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb's module and return its command; None for an unknown verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = get_command(import_module(f"tutor.cli.verbs.{cmd_name}").app)
        command.params.append(_debug_option())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is called. Raises click.UsageError, naming the nearest ones."""
        verbs = self.list_commands(ctx)
        typed = args[0]
        if typed in verbs or typed.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = " or ".join(f"`{verb}`" for verb in get_close_matches(typed, verbs))
        meant = f" Did you mean {near}?" if near else ""
        raise click.UsageError(f"There is no command `{typed}`.{meant}", ctx)

    def format_commands(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Write the verbs under their headings."""
        for heading, verbs in VERBS.items():
            commands = [(verb, self.get_command(ctx, verb)) for verb in verbs]
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (verb, command.get_short_help_str(90))
                        for verb, command in commands
                        if command
                    ]
                )


def _print_version(value: bool) -> None:
    if value:
        from tutor import __version__

        typer.echo(f"alembic-tutor {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Verbs,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or passed; 1 not yet; 2 wrong usage; 3 the tutor cannot judge; "
    "130 interrupted. NO_COLOR=1 switches colours off.",
)


@app.callback()
def tutor(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", is_eager=True, callback=_print_version, help="Show the version."
        ),
    ] = False,
) -> None:
    """Learn Alembic migrations by doing them, judged by a live PostgreSQL.

    Begin with `tutor next`: it makes a project to work in and shows the first step. Then
    `tutor check`.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
