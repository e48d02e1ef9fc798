"""Claims about importing a real bank: what comes in, what is refused and how it is named, and that it may run twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import CheckFailed
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.systems.banking import samples
from strongroom.systems.banking.checks import CHECKS
from strongroom.systems.banking.errors import ImportRefused, MovesByPostingOnly
from strongroom.systems.banking.imports.pkdd99 import Imported, import_folder
from strongroom.systems.banking.imports.pkdd99.movements import load_movements
from strongroom.systems.banking.imports.pkdd99.reading import silent
from strongroom.systems.banking.models import (
    Account,
    AccountDelegate,
    Card,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    StandingOrder,
    StatementLine,
    Transaction,
    User,
)
from strongroom.systems.banking.repositories import UNUSABLE_PASSWORD
from strongroom.systems.banking.rules import AccountStatusEnum, CardStatusEnum, CardTypeEnum, Side

SAMPLE = Path(samples.__file__).parent / "pkdd99"

#: a bank of three clients and two accounts, of which the second is overdrawn; client 2 is a woman
SMALL_BANK = {
    "client.asc": '"client_id";"birth_number";"district_id"\n1;"450204";18\n2;"706213";1\n3;"406009";1\n',
    "account.asc": (
        '"account_id";"district_id";"frequency";"date"\n'
        '10;18;"POPLATEK MESICNE";930101\n11;1;"POPLATEK PO OBRATU";930105\n'
    ),
    "disp.asc": ('"disp_id";"client_id";"account_id";"type"\n1;1;10;"OWNER"\n2;2;11;"OWNER"\n3;3;11;"DISPONENT"\n'),
    "card.asc": '"card_id";"disp_id";"type";"issued"\n7;1;"gold";931107 00:00:00\n',
    "order.asc": (
        '"order_id";"account_id";"bank_to";"account_to";"amount";"k_symbol"\n500;10;"YZ";"87144583";2452.00;"SIPO"\n'
    ),
    "trans.asc": (
        '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"\n'
        '1;10;930101;"PRIJEM";"VKLAD";700.00;700.00;"";;\n'
        '2;11;930105;"PRIJEM";"PREVOD Z UCTU";100.00;100.00;"";"AB";"41403269"\n'
        '3;11;930106;"VYDAJ";"VYBER";150.50;-50.50;" ";;0\n'
    ),
}


@pytest.fixture
def small_bank(tmp_path: Path) -> Path:
    """The folder of the small bank."""
    folder = tmp_path / "bank"
    folder.mkdir()
    for name, content in SMALL_BANK.items():
        (folder / name).write_text(content, encoding="ascii")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace text that stands in a file once."""
    content = (folder / name).read_text(encoding="ascii")
    assert content.count(old) == 1
    (folder / name).write_text(content.replace(old, new), encoding="utf-8")


def add_movement(folder: Path, row: str) -> None:
    with (folder / "trans.asc").open("a", encoding="ascii") as file:
        file.write(f"{row}\n")


def added(results: list[Imported]) -> Mapping[str, int]:
    return {result.file: result.added for result in results}


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def account(session: Session, number: str) -> Account:
    return session.scalars(select(Account).where(Account.account_number == number)).one()


def movement(session: Session, reference: str) -> Transaction:
    return session.scalars(select(Transaction).where(Transaction.reference_number == f"PKDD99-{reference}")).one()


def sides(session: Session, entry: Transaction) -> dict[str, str]:
    """The codes of an entry's two ledger accounts, by side."""
    rows = session.execute(
        select(JournalLine.side, LedgerAccount.code)
        .join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        .where(JournalLine.entry_id == entry.journal_id)
    )
    return {side.value: code for side, code in rows}


def balances(session: Session) -> dict[str, Decimal]:
    return {
        number: balance for number, balance in session.execute(select(Account.account_number, Account.current_balance))
    }


def test_every_row_of_a_real_bank_comes_in(any_database: Database) -> None:
    results = import_folder(any_database, SAMPLE)
    assert {result.file: result.rows for result in results} == {
        "client.asc": 26,
        "account.asc": 20,
        "disp.asc": 26,
        "card.asc": 6,
        "order.asc": 25,
        "trans.asc": 605,
    }
    with any_database.session() as session:
        assert [count(session, model) for model in (User, Account, AccountDelegate, Card, StandingOrder)] == [
            26,
            20,
            6,
            6,
            25,
        ]
        assert [count(session, model) for model in (JournalEntry, Transaction, StatementLine)] == [605] * 3
        assert count(session, JournalLine) == 2 * 605


def test_the_books_hold_after_an_import(any_database: Database) -> None:
    import_folder(any_database, SAMPLE)
    findings = any_database.read(run_checks, CHECKS)
    assert [finding.check.name for finding in findings if not finding.holds] == []


def test_a_second_import_adds_nothing_and_moves_nothing(any_database: Database) -> None:
    import_folder(any_database, SAMPLE)
    with any_database.session() as session:
        before = balances(session)
    assert set(added(import_folder(any_database, SAMPLE)).values()) == {0}
    with any_database.session() as session:
        assert balances(session) == before


def test_what_came_later_is_added_to_what_is_there(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    add_movement(small_bank, '4;10;930131;"VYDAJ";"VYBER KARTOU";200.00;500.00;"";;')
    assert added(import_folder(any_database, small_bank))["trans.asc"] == 1
    with any_database.session() as session:
        assert account(session, "PKDD9900000010").current_balance == Decimal(500)
        assert movement(session, "4").balance_after == Decimal(500)


def test_a_row_has_the_same_id_in_every_database(
    database: Database, sqlite_database: Database, small_bank: Path
) -> None:
    found = []
    for each in (database, sqlite_database):
        import_folder(each, small_bank)
        with each.session() as session:
            found.append(
                [
                    session.scalars(select(model.id).order_by(model.id)).all()
                    for model in (User, Account, Card, StandingOrder, Transaction)
                ]
            )
    assert found[0] == found[1]


def test_ids_sort_by_day_and_then_by_the_banks_own_number(any_database: Database) -> None:
    import_folder(any_database, SAMPLE)
    with any_database.session() as session:
        rows = session.execute(select(StatementLine.booked_at, StatementLine.reference).order_by(StatementLine.id))
        order = [(day, int(reference)) for day, reference in rows]
    assert order == sorted(order)


def test_a_client_becomes_a_user_who_cannot_sign_in(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        user = session.scalars(select(User).where(User.email == "client-2@pkdd99.invalid")).one()
    assert (user.full_name, user.password_hash) == ("Client 2", UNUSABLE_PASSWORD)


def test_a_womans_birth_number_gives_her_date_of_birth(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        born = {user.last_name: user.date_of_birth for user in session.scalars(select(User))}
    assert born == {"1": date(1945, 2, 4), "2": date(1970, 12, 13), "3": date(1940, 10, 9)}


def test_an_account_belongs_to_its_owner_and_is_usable_by_the_disponent(
    any_database: Database, small_bank: Path
) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        found = account(session, "PKDD9900000011")
        owner = session.get_one(User, found.user_id)
        delegate = session.scalars(select(AccountDelegate)).one()
        disponent = session.get_one(User, delegate.user_id)
    assert (owner.last_name, found.is_primary, found.currency) == ("2", True, "CZK")
    assert (delegate.account_id, disponent.last_name) == (found.id, "3")


def test_a_card_shows_no_real_number_and_does_not_work(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        card = session.scalars(select(Card)).one()
    assert (card.card_number_masked, card.last4, card.pan_fingerprint) == ("************0007", "0007", None)
    assert (card.card_type, card.status, card.is_expired) == (CardTypeEnum.DEBIT, CardStatusEnum.EXPIRED, True)


def test_a_card_of_the_past_cannot_be_made_to_work(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with pytest.raises(CheckFailed), any_database.session() as session:
        session.execute(update(Card).values(status=CardStatusEnum.ACTIVE))


def test_only_an_account_left_below_its_floor_has_it_waived(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        well, overdrawn = (account(session, f"PKDD990000001{digit}") for digit in (0, 1))
    assert (well.current_balance, well.floor_waived) == (Decimal(700), False)
    assert (overdrawn.current_balance, overdrawn.floor_waived) == (Decimal("-50.50"), True)


def test_the_floor_is_back_once_the_account_has_recovered(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    add_movement(small_bank, '4;11;930131;"PRIJEM";"VKLAD";60.00;9.50;"";;')
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        assert not account(session, "PKDD9900000011").floor_waived


def test_movements_read_in_order_end_at_the_balance(any_database: Database) -> None:
    import_folder(any_database, SAMPLE)
    with any_database.session() as session:
        for found in session.scalars(select(Account)):
            rows = session.scalars(
                select(Transaction)
                .where(Transaction.account_id == found.id)
                .order_by(Transaction.transaction_date, Transaction.id)
            ).all()
            running = Decimal(0)
            for row in rows:
                running += row.amount if row.direction.value == "inbound" else -row.amount
                assert row.balance_after == running
            assert running == found.current_balance


def test_what_the_bank_printed_is_kept_as_it_was(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        line = session.scalars(select(StatementLine).where(StatementLine.reference == "3")).one()
    assert (line.source, line.amount, line.balance) == ("pkdd99", Decimal("-150.50"), Decimal("-50.50"))
    assert line.booked_at == datetime(1993, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("codes", "kind", "method", "debited", "credited"),
    [
        ('"PRIJEM";"VKLAD";1.00;1.00;""', "deposit", "cash", "cash", "customer"),
        ('"PRIJEM";"PREVOD Z UCTU";1.00;1.00;"DUCHOD"', "transfer_in", "bank_transfer", "settlement", "customer"),
        ('"PRIJEM";"";1.00;1.00;"UROK"', "interest", "other", "interest_expense", "customer"),
        ('"VYDAJ";"VYBER";1.00;1.00;"SLUZBY"', "fee", "other", "customer", "fee_income"),
        ('"VYDAJ";"VYBER";1.00;1.00;"SANKC. UROK"', "fee", "other", "customer", "interest_income"),
        ('"VYBER";"VYBER";1.00;1.00;""', "withdrawal", "cash", "customer", "cash"),
        ('"VYDAJ";"VYBER KARTOU";1.00;1.00;""', "atm_withdrawal", "card", "customer", "cash"),
        ('"VYDAJ";"VYBER";1.00;1.00;"SIPO"', "bill_payment", "cash", "customer", "cash"),
        ('"VYDAJ";"PREVOD NA UCET";1.00;1.00;"POJISTNE"', "bill_payment", "bank_transfer", "customer", "settlement"),
        ('"VYDAJ";"PREVOD NA UCET";1.00;1.00;"UVER"', "loan_payment", "bank_transfer", "customer", "settlement"),
        ('"VYDAJ";"PREVOD NA UCET";1.00;1.00;" "', "transfer_out", "bank_transfer", "customer", "settlement"),
    ],
)
def test_the_codes_of_a_movement_say_what_it_is_and_where_the_money_went(
    sqlite_database: Database, small_bank: Path, codes: str, kind: str, method: str, debited: str, credited: str
) -> None:
    add_movement(small_bank, f"9;10;930201;{codes};;")
    import_folder(sqlite_database, small_bank)
    with sqlite_database.session() as session:
        found = movement(session, "9")
        books = sides(session, found)
    assert (found.transaction_type.value, found.payment_method.value) == (kind, method)
    assert books[Side.DEBIT.value].startswith(debited)
    assert books[Side.CREDIT.value].startswith(credited)


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("client.asc", '"district_id"', '"district"', "client.asc:1: the columns must be client_id, birth_number,"),
        ("client.asc", '"450204"', '"451304"', "client.asc:2: birth_number: '451304' is not a day written yymmdd"),
        ("client.asc", '"450204"', "45Š204", "client.asc:2: is not ASCII: byte 0xC5 in column 5"),
        ("client.asc", '2;"706213"', '1;"706213"', "client.asc:3: client_id: 1 was on line 2 already"),
        ("disp.asc", '3;3;11;"DISPONENT"', '3;4;11;"DISPONENT"', "disp.asc:4: client_id: there is no client 4"),
        ("disp.asc", '3;3;11;"DISPONENT"', '3;3;11;"OWNER"', "disp.asc:4: type: account 11 has an owner already,"),
        ("disp.asc", '3;3;11;"DISPONENT"', '3;3;12;"DISPONENT"', "disp.asc:4: account_id: there is no account 12"),
        ("account.asc", "11;1;", "12;1;", "account.asc:3: account_id: disp.asc names no owner of account 12"),
        ("account.asc", "MESICNE", "DENNE", "account.asc:2: frequency: 'POPLATEK DENNE' is none of POPLATEK MESICNE,"),
        ("card.asc", "7;1;", "7;9;", "card.asc:2: disp_id: disp.asc has no such row"),
        ("card.asc", "7;1;", "7;3;", "card.asc:2: disp_id: names a disponent, and a card is its account owner's"),
        ("card.asc", "gold", "steel", "card.asc:2: type: 'steel' is none of classic, gold, junior"),
        ("card.asc", "00:00:00", "12:00:00", "card.asc:2: issued: '931107 12:00:00' is not a day and a time"),
        ("order.asc", "2452.00", "0.00", "order.asc:2: amount: '0.00' is not an amount above zero"),
        ("order.asc", "SIPO", "SIP0", "order.asc:2: k_symbol: 'SIP0' is none of nothing, SIPO, POJISTNE, UVER"),
        ("trans.asc", "1;10;930101", "1;12;930101", "trans.asc:2: account_id: there is no account 12"),
        ("trans.asc", "930106", "930132", "trans.asc:4: date: '930132' is not a day written yymmdd"),
        ("trans.asc", "150.50;", "150.505;", "trans.asc:4: amount: '150.505' is not an amount above zero"),
        ("trans.asc", "-50.50;", "NaN;", "trans.asc:4: balance: 'NaN' is not a balance with at most two decimals"),
        ("trans.asc", ';"VKLAD";', ';"VKLAD;', "trans.asc:2: a quoted text does not end where its field ends"),
        ("trans.asc", ";;0\n", ";;0;1\n", "trans.asc:4: has 11 fields, not 10"),
        ("trans.asc", '"VYDAJ"', '"PRIJEM"', "trans.asc:4: operation: a cash withdrawal does not go with an inbound"),
        ("trans.asc", '"VKLAD";700.00;700.00;""', '"VKLAD";700.00;700.00;"SIPO"', "trans.asc:2: k_symbol: SIPO does"),
        ("trans.asc", '"VKLAD"', '""', "trans.asc:2: operation: only the bank's own interest and fees have none"),
        ("trans.asc", '"AB"', '"A1"', "trans.asc:3: bank: 'A1' is not a bank's two letters or nothing"),
    ],
)
def test_a_problem_is_named_by_file_line_and_field_and_its_file_is_refused(
    sqlite_database: Database, small_bank: Path, name: str, old: str, new: str, problem: str
) -> None:
    change(small_bank, name, old, new)
    with pytest.raises(ImportRefused) as refusal:
        import_folder(sqlite_database, small_bank)
    assert refusal.value.facts["problems"][0].startswith(problem)
    stored_by: dict[str, type] = {
        "client.asc": User,
        "account.asc": Account,
        "disp.asc": AccountDelegate,
        "card.asc": Card,
        "order.asc": StandingOrder,
        "trans.asc": Transaction,
    }
    with sqlite_database.session() as session:
        assert count(session, stored_by[name]) == 0


def test_a_file_with_a_problem_at_its_end_leaves_no_trace_in_the_books(database: Database, small_bank: Path) -> None:
    change(small_bank, "trans.asc", "150.50", "150,50")
    with pytest.raises(ImportRefused):
        import_folder(database, small_bank)
    with database.session() as session:
        assert count(session, JournalEntry) == count(session, StatementLine) == 0
        assert set(balances(session).values()) == {Decimal(0)}


def test_all_problems_are_counted_and_twenty_are_shown(sqlite_database: Database, small_bank: Path) -> None:
    for number in range(4, 34):
        add_movement(small_bank, f'{number};10;930231;"PRIJEM";"VKLAD";1.00;1.00;"";;')
    with pytest.raises(ImportRefused) as refusal:
        import_folder(sqlite_database, small_bank)
    assert refusal.value.facts["count"] == 30
    assert [problem.split(":")[1] for problem in refusal.value.facts["problems"]] == [str(n) for n in range(5, 25)]


def test_nothing_is_read_from_a_folder_that_lacks_a_file(sqlite_database: Database, small_bank: Path) -> None:
    (small_bank / "trans.asc").unlink()
    with pytest.raises(ImportRefused, match=r"trans\.asc: is missing"):
        import_folder(sqlite_database, small_bank)
    with sqlite_database.session() as session:
        assert count(session, User) == 0


def test_an_empty_file_is_refused(sqlite_database: Database, small_bank: Path) -> None:
    (small_bank / "card.asc").write_bytes(b"")
    with pytest.raises(ImportRefused, match=r"card\.asc:1: the file is empty"):
        import_folder(sqlite_database, small_bank)


@pytest.mark.parametrize(("old", "new"), [("150.50;", "150.60;"), ("-50.50;", "-50.60;"), ("930106", "930107")])
def test_what_was_posted_before_with_other_figures_is_refused(
    any_database: Database, small_bank: Path, old: str, new: str
) -> None:
    import_folder(any_database, small_bank)
    change(small_bank, "trans.asc", old, new)
    with pytest.raises(ImportRefused, match=r"trans\.asc:4: trans_id: 3 was posted before with another"):
        import_folder(any_database, small_bank)


def test_nothing_is_posted_to_a_suspended_account(any_database: Database, small_bank: Path) -> None:
    import_folder(any_database, small_bank)
    with any_database.session() as session:
        account(session, "PKDD9900000010").status = AccountStatusEnum.SUSPENDED
    add_movement(small_bank, '4;10;930131;"VYDAJ";"VYBER";200.00;500.00;"";;')
    with pytest.raises(ImportRefused, match="account_id: the account is suspended or closed"):
        import_folder(any_database, small_bank)


def test_the_guard_of_the_books_is_closed_behind_an_import(database: Database, small_bank: Path) -> None:
    import_folder(database, small_bank)
    add_movement(small_bank, '4;10;930131;"VYDAJ";"VYBER";200.00;500.00;"";;')

    def import_then_reach_around(session: Session) -> None:
        assert load_movements(session, small_bank, silent).added == 1
        session.execute(text("UPDATE banking.accounts SET current_balance = 0, available_balance = 0"))

    with pytest.raises(MovesByPostingOnly):
        database.write(import_then_reach_around)


def test_progress_begins_at_nothing_and_ends_with_every_row(sqlite_database: Database, small_bank: Path) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    def progress(file: str, rows: int, rows_in_all: int) -> None:
        told.setdefault(file, []).append((rows, rows_in_all))

    import_folder(sqlite_database, small_bank, progress)
    assert list(told) == list(SMALL_BANK)
    assert told["trans.asc"] == [(0, 3), (3, 3)]
