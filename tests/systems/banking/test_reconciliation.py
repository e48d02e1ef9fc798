"""Claims about holding the books against printed balances, and about the commands that show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.banking import samples
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.commands import commands
from strongroom.systems.banking.imports.pkdd99 import import_folder
from strongroom.systems.banking.models import Account
from strongroom.systems.banking.rules import DayClass
from strongroom.systems.banking.services import cash, holds
from strongroom.systems.banking.services.reconciliation import Reconciliation, reconcile
from strongroom.systems.banking.services.trial_balance import trial_balance

SAMPLE = Path(samples.__file__).parent / "pkdd99"
WHOLE_BANK = Path(__file__).parents[4] / "shared" / "data" / "pkdd99"


@dataclass(frozen=True)
class Bank:
    """What the commands are given: something with a database."""

    database: Database


@pytest.fixture
def imported(any_database: Database) -> Database:
    import_folder(any_database, SAMPLE)
    return any_database


def run(database: Database, *arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], obj=Bank(database))


def account_ids(database: Database) -> dict[str, str]:
    with database.session() as session:
        rows = session.execute(select(Account.account_number, Account.id).order_by(Account.account_number))
        return {number: str(account_id) for number, account_id in rows}


def deposit_on(database: Database, moment: datetime, account_number: str) -> Reconciliation:
    """Pay 5 koruna in at that moment, then reconcile."""
    database.clock = FixedClock(moment)
    database.write(cash.deposit, account_ids(database)[account_number], Decimal(5))
    return database.read(reconcile, "pkdd99")


def test_every_day_of_the_sample_is_compared(imported: Database) -> None:
    found = imported.read(reconcile, "pkdd99")
    assert (found.accounts, found.transactions) == (20, 605)
    assert found.days == {DayClass.EXACT: 446, DayClass.ROUNDING: 25, DayClass.DIFFERENT: 6}


def test_a_day_that_differs_is_listed_with_its_rows(imported: Database) -> None:
    found = imported.read(reconcile, "pkdd99")
    day = next(day for day in found.different if day.account_number == "PKDD9900002881")
    assert (day.day, day.difference) == (date(1994, 3, 31), Decimal(95))
    assert [(row.reference, row.amount_signed, row.balance) for row in day.rows] == [
        ("846252", Decimal("-14.60"), Decimal("25133.80"))
    ]


def test_money_the_statement_knows_nothing_of_is_found(imported: Database) -> None:
    found = deposit_on(imported, datetime(1994, 3, 2, 23, 59, tzinfo=UTC), "PKDD9900002881")
    day = next(day for day in found.different if day.day == date(1994, 3, 2))
    assert (day.posted, day.printed, day.rows) == (Decimal(5), Decimal(0), ())


def test_what_happened_after_the_last_printed_day_is_not_compared(imported: Database) -> None:
    before = imported.read(reconcile, "pkdd99")
    assert deposit_on(imported, datetime(2026, 3, 1, tzinfo=UTC), "PKDD9900002881") == before


def test_the_trial_balance_comes_to_zero(imported: Database) -> None:
    lines = imported.read(trial_balance)
    assert [line.code for line in lines] == [
        "cash",
        "customers",
        "fee_income",
        "interest_expense",
        "interest_income",
        "settlement",
    ]
    assert sum(line.balance for line in lines) == 0


def test_the_command_says_what_it_imported_and_what_not(any_database: Database) -> None:
    result = run(any_database, "import", SAMPLE)
    assert result.exit_code == 0
    assert "605" in result.stdout
    assert "Not imported: loan.asc" in result.stdout


def test_the_command_names_every_problem_and_fails(any_database: Database, tmp_path: Path) -> None:
    for file in SAMPLE.glob("*.asc"):
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b"OWNER", b"LODGER", 1))
    result = run(any_database, "import", tmp_path)
    assert result.exit_code == 1
    assert "disp.asc:2: type: 'LODGER' is none of OWNER, DISPONENT" in result.stderr


def test_the_command_reconciles_and_writes_the_same_as_json(imported: Database, tmp_path: Path) -> None:
    result = run(imported, "reconcile", "--json", tmp_path / "result.json")
    assert result.exit_code == 0
    document = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert document["days"] == {"compared": 477, "exact": 446, "rounding": 25, "different": 6}
    assert document["books_hold"] is True
    assert {(day["account"], day["difference"]) for day in document["different_days"]} == {
        ("PKDD9900002867", "269.80"),
        ("PKDD9900002881", "95.00"),
        ("PKDD9900002926", "119.00"),
        ("PKDD9900008132", "-0.20"),
        ("PKDD9900010940", "166.00"),
        ("PKDD9900011135", "161.70"),
    }


def test_there_is_nothing_to_reconcile_with_a_source_nobody_imported(any_database: Database) -> None:
    result = run(any_database, "reconcile", "--source", "elsewhere")
    assert result.exit_code == 1
    assert "There is no printed balance of source elsewhere" in result.stdout


def test_the_command_shows_the_trial_balance(imported: Database) -> None:
    result = run(imported, "trial-balance")
    assert result.exit_code == 0
    assert "together" in result.stdout


def test_the_command_runs_the_checks(imported: Database) -> None:
    result = run(imported, "checks")
    assert result.exit_code == 0
    assert "in every journal entry debits equal credits" in " ".join(result.stdout.split())


def test_the_command_ends_what_has_outlived_its_time(imported: Database) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    imported.clock = FixedClock(now)
    account_id = account_ids(imported)["PKDD9900002881"]
    imported.write(holds.place_hold, account_id, Decimal(5), lifetime=timedelta(days=1))
    imported.write(cash.deposit, account_id, "5.00", key="remember me")
    ended = ["holds released", "payments expired", "cards expired", "outcomes forgotten"]
    assert run(imported, "expire").stdout.splitlines() == [f"{noun}: 0" for noun in ended]
    imported.clock = FixedClock(now + timedelta(days=8))
    assert run(imported, "expire").stdout.splitlines() == [
        "holds released: 1",
        "payments expired: 0",
        "cards expired: 0",
        "outcomes forgotten: 1",
    ]


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE_BANK.is_dir(), reason="the whole data set is not here")
def test_fifteen_months_of_a_whole_bank_come_in_and_reconcile(database: Database) -> None:
    added = {result.file: result.added for result in import_folder(database, WHOLE_BANK)}
    assert added["trans.asc"] == 49_102
    assert all(finding.holds for finding in database.read(run_checks, CHECKS))
    found = database.read(reconcile, "pkdd99")
    assert (found.accounts, found.transactions) == (1_229, 49_102)
    assert found.days == {DayClass.EXACT: 37_703, DayClass.ROUNDING: 2_227, DayClass.DIFFERENT: 30}
