"""`strongroom banking …`: import another bank's records, hold the books against them, and duties of the night."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column, Table
from sqlalchemy.orm import Session

from strongroom.kernel.integrity import Finding, run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.sessions.doors import Building
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.errors import ImportRefused
from strongroom.systems.banking.imports import pkdd99
from strongroom.systems.banking.rules import DayClass
from strongroom.systems.banking.services import cards, holds, p2p, posting
from strongroom.systems.banking.services.reconciliation import DifferentDay, Reconciliation
from strongroom.systems.banking.services.reconciliation import reconcile as reconcile_source
from strongroom.systems.banking.services.trial_balance import trial_balance as trial_balance_lines

commands = typer.Typer(no_args_is_help=True, help="Import and reconcile a bank's records; the books and their checks.")


@dataclass(frozen=True, slots=True)
class Proof:
    """What `reconcile` found, on one snapshot of the database, and how long it took."""

    reconciliation: Reconciliation
    findings: Sequence[Finding]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the books are right in themselves; days that differ from the statement are no fault of theirs."""
        return all(finding.holds for finding in self.findings)


@commands.command("import")
def import_records(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder with the .asc files.")],
) -> None:
    """Import the PKDD'99 bank: clients, accounts, disponents, cards, standing orders, transactions.

    Each file is stored entirely or not at all. Safe to repeat: what is there already is left alone.
    """
    try:
        with _progress() as report:
            results = pkdd99.import_folder(_database(context), folder, report)
    except ImportRefused as error:
        _say_refused(error)
        raise typer.Exit(1) from None
    table = Table("file", *map(_right, ("rows", "new", "seconds", "rows per second")))
    for result in results:
        rate = f"{result.rows / result.seconds:,.0f}"
        table.add_row(result.file, f"{result.rows:,}", f"{result.added:,}", f"{result.seconds:.1f}", rate)
    console = Console()
    console.print(table)
    for name, reason in pkdd99.NOT_IMPORTED.items():
        console.print(f"Not imported: {name} ({reason}).", highlight=False)


@commands.command()
def reconcile(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="Whose printed balances to compare with.")] = pkdd99.SOURCE,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the result to this file as well.")] = None,
) -> None:
    """Prove that the books balance, then compare every account's days with the balances its bank printed.

    Days that differ are reported. Exits with 1 only if the books themselves are wrong, or there is nothing to
    compare.
    """
    proof = prove(_database(context), source)
    if json_out is not None:
        json_out.write_text(json.dumps(as_document(proof), indent=2) + "\n", encoding="utf-8")
    console = Console()
    _print_findings(console, proof.findings)
    _print_reconciliation(console, proof)
    if not proof.reconciliation.transactions:
        console.print(f"There is no printed balance of source {source}; import one first.", highlight=False)
    if not proof.holds or not proof.reconciliation.transactions:
        raise typer.Exit(1)


#: what ends by itself, by noun; each action says how many it ended, nothing more to do at 0
EXPIRING: Mapping[str, Callable[[Session], int]] = {
    "holds released": holds.expire_holds,
    "payments expired": p2p.expire_p2p,
    "cards expired": cards.expire_cards,
    "outcomes forgotten": posting.forget_expired_keys,
}


@commands.command()
def expire(context: typer.Context) -> None:
    """End what has outlived its time: holds, pending payments, cards, remembered outcomes; for a timer to call."""
    database = _database(context)
    for noun, action in EXPIRING.items():
        ended = 0
        while count := database.write(action):  # in portions, so that no lock is held for long
            ended += count
        typer.echo(f"{noun}: {ended}")


@commands.command("trial-balance")
def trial_balance(context: typer.Context) -> None:
    """Show every account of the books, debits beside credits; exits with 1 if a currency does not come to zero."""
    lines = _database(context).read(trial_balance_lines)
    table = Table("", Column("account", no_wrap=True), *map(_right, ("debits", "credits", "debits less credits")))
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.currency] = totals.get(line.currency, Decimal(0)) + line.balance
        table.add_row(line.currency, line.code, *map(_money, (line.debits, line.credits, line.balance)))
    for currency, total in totals.items():
        table.add_row(currency, "together", "", "", _money(total))
    Console().print(table)
    if any(totals.values()):
        raise typer.Exit(1)


@commands.command()
def checks(context: typer.Context) -> None:
    """Run every check of the books; exits with 1 if one does not hold."""
    findings = _database(context).read(run_checks, CHECKS)
    _print_findings(Console(), findings)
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


def prove(database: Database, source: str) -> Proof:
    """Run every check and compare with the source, on one snapshot."""

    def act(session: Session) -> tuple[list[Finding], Reconciliation]:
        return run_checks(session, CHECKS), reconcile_source(session, source)

    started = time.perf_counter()
    findings, reconciliation = database.read(act)
    return Proof(reconciliation, findings, time.perf_counter() - started)


def as_document(proof: Proof) -> dict[str, Any]:
    """The same as the terminal shows, for programs; amounts are strings."""
    found = proof.reconciliation
    return {
        "source": found.source,
        "books_hold": proof.holds,
        "checks": [
            {"name": finding.check.name, "violations": finding.count, "examples": list(finding.examples)}
            for finding in proof.findings
        ],
        "accounts": found.accounts,
        "transactions": found.transactions,
        "days": {"compared": sum(found.days.values()), **{kind.value: found.days[kind] for kind in DayClass}},
        "different_days": [_day_document(day) for day in found.different],
        "seconds": round(proof.seconds, 3),
        "transactions_per_second": round(found.transactions / proof.seconds),
    }


def _day_document(day: DifferentDay) -> dict[str, Any]:
    return {
        "account": day.account_number,
        "day": day.day.isoformat(),
        "posted": f"{day.posted:.2f}",
        "printed": f"{day.printed:.2f}",
        "difference": f"{day.difference:.2f}",
        "rows": [
            {"reference": row.reference, "amount": f"{row.amount_signed:.2f}", "balance": f"{row.balance:.2f}"}
            for row in day.rows
        ],
    }


def _print_findings(console: Console, findings: Sequence[Finding]) -> None:
    table = Table("", "claim", _right("violations"), "for example")
    for finding in findings:
        mark = "[green]✓[/green]" if finding.holds else "[red]✗[/red]"
        table.add_row(mark, finding.check.claim, f"{finding.count:,}", "; ".join(finding.examples))
    console.print(table)


def _print_reconciliation(console: Console, proof: Proof) -> None:
    found = proof.reconciliation
    for day in found.different:
        amounts = f"posted {day.posted:,.2f}, printed {day.printed:,.2f}, difference {day.difference:+,.2f}"
        console.print(f"{day.account_number} {day.day}: {amounts}", soft_wrap=True, highlight=False)
        for row in day.rows:
            line = f"    row {row.reference}: {row.amount_signed:+,.2f}, balance {row.balance:,.2f}"
            console.print(line, soft_wrap=True, highlight=False)
    summary = Table(show_header=False)
    summary.add_column()
    summary.add_column(justify="right")
    summary.add_row("accounts", f"{found.accounts:,}")
    summary.add_row("transactions", f"{found.transactions:,}")
    summary.add_row("days compared", f"{sum(found.days.values()):,}")
    summary.add_row("  exact", f"{found.days[DayClass.EXACT]:,}")
    summary.add_row("  rounding, 0.10 at most", f"{found.days[DayClass.ROUNDING]:,}")
    summary.add_row("  different, listed above", f"{found.days[DayClass.DIFFERENT]:,}")
    summary.add_row("seconds", f"{proof.seconds:.2f}")
    summary.add_row("transactions per second", f"{found.transactions / proof.seconds:,.0f}")
    console.print(summary)


def _say_refused(error: ImportRefused) -> None:
    console = Console(stderr=True, highlight=False)
    problems, count = error.facts["problems"], error.facts["count"]
    for problem in problems:
        console.print(problem, soft_wrap=True, markup=False)
    if count > len(problems):
        console.print(f"… and {count - len(problems)} more")
    console.print(f"{error.facts['file']}: {count} problems; nothing of it was stored.", soft_wrap=True)


@contextmanager
def _progress() -> Iterator[pkdd99.Progress]:
    """A bar for each file, with its rows and how many of them a second."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} rows/s"),
        console=Console(stderr=True),
    )
    tasks: dict[str, tuple[TaskID, float]] = {}

    def report(file: str, rows: int, rows_in_all: int) -> None:
        if file not in tasks:
            tasks[file] = bars.add_task(file, total=rows_in_all, rate="…"), time.perf_counter()
        task, started = tasks[file]
        seconds = max(time.perf_counter() - started, 1e-6)
        bars.update(task, completed=rows, total=rows_in_all, rate=f"{rows / seconds:,.0f}")

    with bars:
        yield report


def _database(context: typer.Context) -> Database:
    return cast("Building", context.obj).database


def _right(name: str) -> Column:
    return Column(name, justify="right")


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
