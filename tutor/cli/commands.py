"""The verbs, and the group that imports a verb's module only when that verb is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from tutor import __version__
from tutor.cli.failure import Invocation

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


def _debug_option() -> click.Option:
    """Return `--debug`, which the program and every verb take."""
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_set_debug,
        help="Show the traceback where the tutor itself fails.",
    )


class Verbs(click.Group):
    """A group that knows its verbs by name only, until one is called or all are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Return the verbs in the order of the help."""
        return [verb for verbs in VERBS.values() for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb's module and return its command; None for an unknown verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"tutor.cli.verbs.{cmd_name}").command
        if all(parameter.name != "debug" for parameter in command.params):
            command.params.append(_debug_option())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is called. Raises click.UsageError, naming the nearest ones."""
        verbs = self.list_commands(ctx)
        typed = args[0]
        if typed in verbs or typed.startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = " or ".join(f"`{verb}`" for verb in get_close_matches(typed, verbs))
        meant = f" Did you mean {near}?" if near else ""
        raise click.UsageError(f"There is no command `{typed}`.{meant}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
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


def _print_completion(context: click.Context, _parameter: click.Parameter, shell: Any) -> None:
    if not shell:
        return
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    program = context.info_name or "tutor"
    click.echo(completion(tutor, {}, program, "_TUTOR_COMPLETE").source())
    context.exit()


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done or passed; 1 not yet; 2 wrong usage; 3 the tutor cannot judge; "
    "130 interrupted. NO_COLOR=1 switches colours off.",
)
@click.version_option(__version__, "-V", "--version", message="alembic-tutor %(version)s")
@click.option(
    "--completion",
    type=click.Choice(["bash", "zsh", "fish"]),
    is_eager=True,
    expose_value=False,
    callback=_print_completion,
    help='Print the shell\'s completion; e.g. in ~/.bashrc: eval "$(tutor --completion bash)".',
)
@click.pass_context
def tutor(context: click.Context) -> None:
    """Learn Alembic migrations by doing them, judged by a live PostgreSQL.

    Begin with `tutor next`: it makes a project to work in and shows the first step. Then
    `tutor check`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


tutor.params.append(_debug_option())
