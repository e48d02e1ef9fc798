"""`strongroom check`: are the truths of every system true in this database?"""

from __future__ import annotations

import typer
from rich.table import Table

from strongroom.assembly import Building
from strongroom.cli.console import console
from strongroom.kernel.integrity import run_checks


def check(context: typer.Context) -> None:
    """Run every check of every system; exits with 1 if one does not hold."""
    building: Building = context.obj
    failed = False
    for system in building.systems:
        table = Table("", "claim", "violations", "for example", title=system.title, title_justify="left")
        for finding in building.database.read(run_checks, system.checks):
            failed |= not finding.holds
            mark = "[green]✓[/green]" if finding.holds else "[red]✗[/red]"
            table.add_row(mark, finding.check.claim, str(finding.count), "; ".join(finding.examples))
        console.print(table)
    if failed:
        raise typer.Exit(1)
