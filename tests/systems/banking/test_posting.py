"""Claims about posting that hold on PostgreSQL and on SQLite alike, where two pieces of code make them true."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import (
    CheckFailed,
    IdempotencyConflict,
    InvalidValue,
    RowIsImmutable,
    StrongroomError,
    ValueOutOfRange,
)
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.values import new_id
from strongroom.systems.banking.errors import (
    AccountNotActive,
    AccountNotFound,
    AlreadyReversed,
    InsufficientFunds,
    KycRefused,
    MovesByPostingOnly,
    TransferLimitExceeded,
    Unbalanced,
    UserNotActive,
)
from strongroom.systems.banking.models import Account, IdempotencyKey, JournalEntry, JournalLine, Transaction, User
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    KycStatusEnum,
    Leg,
    Side,
    TransactionTypeEnum,
    UserStatusEnum,
)
from strongroom.systems.banking.services import cash, corrections
from strongroom.systems.banking.services.movements import bank_credit, bank_debit, credit, debit, draft
from strongroom.systems.banking.services.posting import Key, Outcome, Payer, Posting, Window, post

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OpenAccount = Callable[..., Account]


@pytest.fixture
def account(any_database: Database, open_account: OpenAccount) -> Account:
    """A hundred dollars of one customer."""
    return any_database.write(open_account, "100.00")


@pytest.fixture
def other(any_database: Database, open_account: OpenAccount) -> Account:
    """Nothing yet, of another customer."""
    return any_database.write(open_account)


def posting(*legs: Leg, **values: Any) -> Posting:
    return Posting(kind="test", reference=f"JRN-{new_id()}", posted_at=NOW, legs=legs, **values)


def balance_of(database: Database, account: Account) -> Decimal:
    return database.read(lambda session: session.get_one(Account, account.id).current_balance)


def count(database: Database, model: type[Any]) -> int:
    return database.read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)


def change(database: Database, model: type[Any], key: UUID, **values: Any) -> None:
    def write(session: Session) -> None:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)

    database.write(write)


def refusal_of(database: Database, asked: Posting) -> StrongroomError:
    outcome = database.write(post, asked)
    assert outcome.refusal is not None
    return outcome.refusal


# Lines balance


def test_a_balanced_posting_moves_both_accounts(any_database: Database, account: Account, other: Account) -> None:
    any_database.write(post, posting(debit(account, Decimal("30.25")), credit(other, Decimal("30.25"))))
    assert (balance_of(any_database, account), balance_of(any_database, other)) == (Decimal("69.75"), Decimal("30.25"))


def test_its_lines_stand_in_the_journal_in_their_order(
    any_database: Database, account: Account, other: Account
) -> None:
    asked = posting(debit(account, Decimal(30)), credit(other, Decimal(30)))
    any_database.write(post, asked)
    query = select(JournalLine).where(JournalLine.entry_id == asked.id).order_by(JournalLine.line)
    lines = any_database.read(lambda session: session.scalars(query).all())
    assert [(line.line, line.ledger_account_id, line.side, line.amount) for line in lines] == [
        (1, account.id, Side.DEBIT, Decimal(30)),
        (2, other.id, Side.CREDIT, Decimal(30)),
    ]


def test_several_lines_of_one_account_count_together(any_database: Database, account: Account, other: Account) -> None:
    legs = [debit(account, Decimal(60)), debit(account, Decimal(40)), credit(other, Decimal(100))]
    assert any_database.write(post, posting(*legs)).refusal is None
    assert balance_of(any_database, account) == 0


def test_an_unbalanced_posting_is_refused(any_database: Database, account: Account, other: Account) -> None:
    with pytest.raises(Unbalanced):
        any_database.write(post, posting(debit(account, Decimal(30)), credit(other, Decimal(29))))
    assert count(any_database, JournalEntry) == 0


def test_a_single_line_is_refused(any_database: Database, account: Account) -> None:
    with pytest.raises(Unbalanced):
        any_database.write(post, posting(debit(account, Decimal(30))))


def test_currencies_do_not_balance_each_other(any_database: Database, account: Account) -> None:
    legs = [debit(account, Decimal(30)), bank_credit("cash", Decimal(30), "EUR")]
    with pytest.raises(Unbalanced):
        any_database.write(post, posting(*legs))


def test_a_line_in_another_currency_than_its_account_is_refused(any_database: Database, account: Account) -> None:
    legs = [Leg(Side.DEBIT, Decimal(30), "EUR", account=account.id), bank_credit("cash", Decimal(30), "EUR")]
    with pytest.raises(StrongroomError):
        any_database.write(post, posting(*legs))
    assert balance_of(any_database, account) == 100


def test_an_account_that_does_not_exist_is_refused(any_database: Database, account: Account) -> None:
    legs = [debit(account, Decimal(30)), Leg(Side.CREDIT, Decimal(30), "USD", account=new_id())]
    with pytest.raises(AccountNotFound):
        any_database.write(post, posting(*legs))
    assert balance_of(any_database, account) == 100


# Amounts are exact


@pytest.mark.parametrize("amount", ["123456789012345.6789", "0.0001", "-0.0001", "99999999999999.9999"])
def test_money_comes_back_digit_for_digit(any_database: Database, open_account: OpenAccount, amount: str) -> None:
    account = any_database.write(open_account, amount, floor_waived=True)
    assert str(balance_of(any_database, account)) == amount


def test_large_amounts_are_added_without_rounding(any_database: Database, account: Account) -> None:
    any_database.write(cash.deposit, account.id, "123456789012345.67")
    any_database.write(cash.deposit, account.id, "0.01")
    assert balance_of(any_database, account) == Decimal("123456789012445.68")


@pytest.mark.parametrize(
    "amount", [0.1, float("nan"), "NaN", "sNaN", "Infinity", "-Infinity", "0", "0.00", "-5", "1.005", "1e-19", "x", ""]
)
def test_what_is_no_amount_of_money_is_refused(any_database: Database, account: Account, amount: Any) -> None:
    with pytest.raises(InvalidValue):
        any_database.write(cash.deposit, account.id, amount)
    assert balance_of(any_database, account) == 100


@pytest.mark.parametrize("amount", ["1e15", "9223372036854775808", "1e39"])
def test_an_amount_no_column_holds_is_refused(any_database: Database, account: Account, amount: str) -> None:
    with pytest.raises((InvalidValue, ValueOutOfRange, CheckFailed)):
        any_database.write(cash.deposit, account.id, amount)
    assert balance_of(any_database, account) == 100


def test_a_leg_without_an_amount_of_money_is_refused(any_database: Database, account: Account) -> None:
    for amount in (Decimal("NaN"), Decimal("Infinity"), Decimal(0), Decimal(-1), Decimal("0.001")):
        with pytest.raises(InvalidValue):
            any_database.write(post, posting(debit(account, amount), bank_credit("cash", amount, "USD")))


# Funds


def test_a_refusal_says_what_is_missing(any_database: Database, account: Account) -> None:
    with pytest.raises(InsufficientFunds) as refused:
        any_database.write(cash.withdraw, account.id, "130.50")
    facts = refused.value.facts
    figures = {name: Decimal(facts[name]) for name in ("available", "requested", "shortfall")}
    assert figures == {"available": 100, "requested": Decimal("130.50"), "shortfall": Decimal("30.50")}
    assert facts["currency"] == "USD"


def test_a_refused_posting_leaves_nothing_behind(any_database: Database, account: Account) -> None:
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "100.01")
    assert balance_of(any_database, account) == 100
    assert count(any_database, JournalEntry) == count(any_database, Transaction) == 0


def test_an_account_can_be_emptied_to_the_last_cent(any_database: Database, account: Account) -> None:
    any_database.write(cash.withdraw, account.id, "100.00")
    assert balance_of(any_database, account) == 0


def test_an_overdraft_is_spent_to_its_limit_and_no_further(any_database: Database, open_account: OpenAccount) -> None:
    account = any_database.write(open_account, "100", is_overdraft_enabled=True, overdraft_limit="50")
    any_database.write(cash.withdraw, account.id, "150.00")
    assert balance_of(any_database, account) == -50
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "0.01")


def test_a_limit_without_an_enabled_overdraft_is_nothing(any_database: Database, open_account: OpenAccount) -> None:
    account = any_database.write(open_account, "100", overdraft_limit="50")
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "100.01")


def test_a_minimum_balance_stays(any_database: Database, open_account: OpenAccount) -> None:
    account = any_database.write(open_account, "100", minimum_balance="40")
    any_database.write(cash.withdraw, account.id, "60.00")
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "0.01")


def test_what_is_reserved_cannot_be_spent(any_database: Database, open_account: OpenAccount) -> None:
    account = any_database.write(open_account, "100", reserved_balance="40")
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "60.01")
    any_database.write(cash.withdraw, account.id, "60.00")


def test_the_database_itself_keeps_the_floor(any_database: Database, open_account: OpenAccount) -> None:
    with pytest.raises(CheckFailed):
        any_database.write(open_account, "-0.01")


def test_a_forced_posting_may_go_below_the_floor_until_it_is_made_good(
    any_database: Database, account: Account
) -> None:
    legs = [debit(account, Decimal(130)), bank_credit("cash", Decimal(130), "USD")]
    assert any_database.write(post, posting(*legs, forced=True)).refusal is None
    assert balance_of(any_database, account) == -30
    with pytest.raises(InsufficientFunds):
        any_database.write(cash.withdraw, account.id, "1.00")
    any_database.write(cash.deposit, account.id, "30.00")
    assert not any_database.read(lambda session: session.get_one(Account, account.id).floor_waived)


# Who may


@pytest.mark.parametrize(
    ("status", "may_receive"),
    [(AccountStatusEnum.INACTIVE, True), (AccountStatusEnum.SUSPENDED, False), (AccountStatusEnum.CLOSED, False)],
)
def test_only_an_active_account_pays(
    any_database: Database, account: Account, status: AccountStatusEnum, may_receive: bool
) -> None:
    closed_at = NOW if status is AccountStatusEnum.CLOSED else None
    change(any_database, Account, account.id, status=status, closed_at=closed_at)
    out = [debit(account, Decimal(1)), bank_credit("cash", Decimal(1), "USD")]
    back = [bank_debit("cash", Decimal(1), "USD"), credit(account, Decimal(1))]
    assert isinstance(refusal_of(any_database, posting(*out)), AccountNotActive)
    assert (any_database.write(post, posting(*back)).refusal is None) is may_receive


def test_a_refusal_reads_the_same_on_both_engines(any_database: Database, account: Account) -> None:
    change(any_database, Account, account.id, status=AccountStatusEnum.SUSPENDED)
    legs = [debit(account, Decimal(1)), bank_credit("cash", Decimal(1), "USD")]
    assert str(refusal_of(any_database, posting(*legs))) == "the account is suspended; this needs an active one"


@pytest.mark.parametrize(
    ("change_of_user", "error"),
    [
        ({"status": UserStatusEnum.SUSPENDED, "is_active": False}, UserNotActive),
        ({"status": UserStatusEnum.PENDING}, UserNotActive),
        ({"kyc_status": KycStatusEnum.REJECTED}, KycRefused),
        ({"kyc_status": KycStatusEnum.SUSPENDED}, KycRefused),
    ],
)
def test_a_payer_must_be_active_and_known(
    any_database: Database, account: Account, change_of_user: dict[str, Any], error: type[StrongroomError]
) -> None:
    change(any_database, User, account.user_id, **change_of_user)
    with pytest.raises(error):
        any_database.write(cash.withdraw, account.id, "1.00")


def test_a_window_counts_what_has_left_and_what_would_leave(any_database: Database, account: Account) -> None:
    def leave(amount: int) -> Outcome:
        sent = [debit(account, Decimal(amount)), bank_credit("settlement", Decimal(amount), "USD")]
        windows = [Window("daily", NOW - timedelta(hours=12), Decimal(50))]
        row = draft(account, TransactionTypeEnum.WITHDRAWAL, Decimal(amount), NOW, description="out", is_outgoing=True)
        payer = Payer(account.user_id, "USD", Decimal(amount), windows)
        return any_database.write(post, posting(*sent, payer=payer, transactions=[row]))

    assert leave(30).refusal is None
    refusal = leave(21).refusal
    assert isinstance(refusal, TransferLimitExceeded)
    assert (refusal.facts["limit"], Decimal(refusal.facts["remaining"])) == ("daily", Decimal(20))
    assert leave(20).refusal is None


# One request, one outcome


def keyed(account: Account, amount: int, key: str = "k") -> Posting:
    legs = [debit(account, Decimal(amount)), bank_credit("cash", Decimal(amount), "USD")]
    request = Key(account.user_id, key, "test", {"amount": amount})
    return posting(*legs, key=request, response={"transaction_id": str(new_id())})


def test_a_repeated_key_is_answered_and_not_posted_again(any_database: Database, account: Account) -> None:
    first = any_database.write(post, keyed(account, 30))
    again = any_database.write(post, keyed(account, 30))
    assert (again.response, again.replayed, first.replayed) == (first.response, True, False)
    assert balance_of(any_database, account) == 70


def test_a_refused_key_stays_refused_when_the_funds_have_come(any_database: Database, account: Account) -> None:
    first = refusal_of(any_database, keyed(account, 130))
    any_database.write(cash.deposit, account.id, "500.00")
    again = refusal_of(any_database, keyed(account, 130))
    assert (type(again), str(again)) == (type(first), str(first))
    assert any_database.write(post, keyed(account, 130, key="another")).refusal is None


def test_a_service_keeps_its_refusal_too(any_database: Database, account: Account) -> None:
    for _ in range(2):
        with pytest.raises(InsufficientFunds):
            any_database.write(cash.withdraw, account.id, "130.00", key="k")
        any_database.write(cash.deposit, account.id, "500.00")


def test_a_key_of_another_request_is_a_conflict(any_database: Database, account: Account) -> None:
    any_database.write(post, keyed(account, 30))
    with pytest.raises(IdempotencyConflict):
        any_database.write(post, keyed(account, 31))
    assert balance_of(any_database, account) == 70


def test_keys_belong_to_their_user(any_database: Database, account: Account, other: Account) -> None:
    any_database.write(post, keyed(account, 30))
    assert isinstance(refusal_of(any_database, keyed(other, 30)), InsufficientFunds)


def test_a_posting_that_failed_keeps_no_key(any_database: Database, account: Account) -> None:
    asked = keyed(account, 30)
    broken = replace(asked, legs=[debit(account, Decimal(30)), Leg(Side.CREDIT, Decimal(30), "USD", account=new_id())])
    with pytest.raises(StrongroomError):
        any_database.write(post, broken)
    assert count(any_database, IdempotencyKey) == 0
    assert any_database.write(post, asked).refusal is None


# What is posted stays


def test_a_posted_row_cannot_be_changed(any_database: Database, account: Account) -> None:
    row = any_database.write(cash.deposit, account.id, "10.00")
    with pytest.raises(RowIsImmutable):
        change(any_database, Transaction, row.id, amount=Decimal(20))
    assert any_database.read(lambda session: session.get_one(Transaction, row.id).amount) == 10


def test_a_posted_row_tells_the_balance_after_it(any_database: Database, account: Account) -> None:
    rows = [any_database.write(cash.deposit, account.id, amount) for amount in ("10.00", "5.00")]
    assert [row.balance_after for row in rows] == [110, 115]


def test_a_reversal_undoes_a_posting_once(any_database: Database, account: Account) -> None:
    row = any_database.write(cash.withdraw, account.id, "30.00")
    any_database.write(corrections.reverse, row.id)
    assert balance_of(any_database, account) == 100
    with pytest.raises(AlreadyReversed):
        any_database.write(corrections.reverse, row.id)
    assert balance_of(any_database, account) == 100


def test_all_checks_hold_after_all_kinds_of_movement(
    any_database: Database, account: Account, other: Account, systems: tuple[System, ...]
) -> None:
    any_database.write(cash.deposit, account.id, "10.00")
    row = any_database.write(cash.withdraw, account.id, "30.00")
    any_database.write(corrections.refund, row.id, "12.50")
    any_database.write(cash.charge_fee, account.id, "2.00")
    any_database.write(cash.pay_interest, account.id, "0.07")
    any_database.write(corrections.reverse, any_database.write(cash.deposit, other.id, "7.00").id)
    findings = any_database.read(run_checks, systems[0].checks)
    assert [finding.check.name for finding in findings if not finding.holds] == []
    assert balance_of(any_database, account) == Decimal("90.57")


# What PostgreSQL guards by itself, whoever writes


def test_a_balance_changes_by_posting_only(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account, "100.00")
    meddle = text("UPDATE banking.accounts SET current_balance = 1, available_balance = 1")
    with pytest.raises(MovesByPostingOnly):
        database.write(lambda session: session.execute(meddle))
    assert balance_of(database, account) == 100


def test_a_posting_leaves_no_door_open_behind_it(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account, "100.00")

    def post_and_meddle(session: Session) -> None:
        cash.deposit(session, account.id, "10.00")
        session.execute(text("UPDATE banking.accounts SET current_balance = 0, available_balance = 0"))

    with pytest.raises(MovesByPostingOnly):
        database.write(post_and_meddle)
    assert balance_of(database, account) == 100


def test_journal_rows_come_by_posting_only(database: Database) -> None:
    entry = "INSERT INTO banking.journal_entries (id, kind, reference, posted_at) VALUES (:id, 'x', 'x', now())"
    with pytest.raises(MovesByPostingOnly):
        database.write(lambda session: session.execute(text(entry), {"id": new_id()}))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "0", "-1"])
def test_the_function_refuses_poison_that_never_passed_python(
    database: Database, open_account: OpenAccount, amount: str
) -> None:
    account = database.write(open_account, "100.00")
    lines = [
        {"account": str(account.id), "side": "C", "amount": amount, "currency": "USD"},
        {"ledger": "cash", "side": "D", "amount": amount, "currency": "USD"},
    ]
    entry = {"id": str(new_id()), "kind": "x", "reference": "x", "posted_at": NOW.isoformat()}
    document = json.dumps({"entry": entry, "lines": lines, "transactions": [], "response": {}})
    call = text("SELECT banking.post(CAST(:document AS jsonb))")
    with pytest.raises((CheckFailed, ValueOutOfRange)):
        database.write(lambda session: session.execute(call, {"document": document}))
    assert balance_of(database, account) == 100


def test_the_database_refuses_debits_that_differ_from_credits(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account, "100.00")

    def unbalance(session: Session) -> None:
        session.execute(text("SELECT set_config('banking.posting', 'on', true)"))
        entry = JournalEntry(kind="x", reference="x", posted_at=NOW)
        session.add(entry)
        session.flush()
        for number, (side, amount) in enumerate([(Side.DEBIT, 5), (Side.CREDIT, 4)], 1):
            line = {"entry_id": entry.id, "line": number, "ledger_account_id": account.id, "currency": "USD"}
            session.add(JournalLine(**line, side=side, amount=amount))

    with pytest.raises(CheckFailed) as refused:
        database.write(unbalance)
    assert refused.value.facts["constraint"] == "balanced"
