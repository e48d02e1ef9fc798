"""The `strongroom` command: gathers the commands, and turns errors into one clear line and an exit code."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType
from typing import Annotated, cast

import typer
from rich.markup import escape

from strongroom.assembly import SYSTEMS, build_building
from strongroom.cli import cache, check, database, indexes, insight, jobs, partitions, schema, serve, token
from strongroom.cli.console import console
from strongroom.kernel.errors import StrongroomError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,  # locals may hold secrets
    help="The database layer for financial Python backends. Begin with [bold]strongroom up[/bold].",
)
app.command("up")(serve.up)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.command("token")(token.token)
app.add_typer(schema.commands, name="schema", help="Bring the schema up or down, and see where it is.")
app.add_typer(database.commands, name="database", help="Check, set up, fill or empty the configured database.")
app.add_typer(indexes.commands, name="indexes", help="Build, check and drop declared indexes; see what they are worth.")
app.add_typer(partitions.commands, name="partitions", help="Make the parts of large tables ahead, check and drop them.")
app.add_typer(cache.commands, name="cache", help="Have cached answers made anew.")
app.add_typer(insight.commands, name="insight", help="See what the database holds and who is connected to it.")
app.add_typer(jobs.commands, name="jobs", help="Run deferred jobs, look at them, cancel them and run them again.")
for _system in SYSTEMS:
    if _system.commands is not None:
        app.add_typer(cast("typer.Typer", _system.commands), name=_system.name)


@app.callback()
def prepare(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens.")] = False,
) -> None:
    """Read the settings; nothing starts before a command needs it."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    if context.obj is None:
        building = build_building()
        context.obj = building
        context.call_on_close(building.stop)


def run() -> None:
    """Run the command line; an error we know is one line on standard error and exit code 1."""
    _end_in_order()
    try:
        app()
    except StrongroomError as error:
        console.print(f"[red]{error.code}[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)


def _end_in_order() -> None:
    """Let SIGTERM, and the terminal's closing, unwind the stack: a server started here is stopped, not orphaned."""
    signal.signal(signal.SIGTERM, _end)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:  # nohup says to ignore it
        signal.signal(hang_up, lambda *_: signal.raise_signal(signal.SIGTERM))


def _end(signal_number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + signal_number)
