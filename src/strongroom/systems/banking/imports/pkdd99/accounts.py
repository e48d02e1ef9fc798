"""The bank's accounts, opened empty: whatever they hold comes from the transactions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.values import derived_id
from strongroom.systems.banking.imports.pkdd99.clients import known_clients
from strongroom.systems.banking.imports.pkdd99.dispositions import COLUMNS as DISPOSITION_COLUMNS
from strongroom.systems.banking.imports.pkdd99.dispositions import read_dispositions
from strongroom.systems.banking.imports.pkdd99.reading import BadField, Loaded, Progress, Row, SourceFile
from strongroom.systems.banking.imports.pkdd99.staging import insert_new
from strongroom.systems.banking.models import Account, AccountDelegate
from strongroom.systems.banking.rules import AccountStatusEnum, AccountTypeEnum

COLUMNS = ("account_id", "district_id", "frequency", "date")
CURRENCY = "CZK"
NUMBER_PREFIX = "PKDD99"
#: how often the bank printed statements; there is no column for it
FREQUENCIES = {"POPLATEK MESICNE": "monthly", "POPLATEK TYDNE": "weekly", "POPLATEK PO OBRATU": "after each movement"}
_CAN_MOVE = (AccountStatusEnum.ACTIVE, AccountStatusEnum.INACTIVE)


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that was imported. can_move: it is neither suspended nor closed."""

    id: UUID
    user_id: UUID
    can_move: bool


def load_accounts(session: Session, folder: Path, progress: Progress) -> Loaded:
    """account.asc: a checking account each, of the owner disp.asc names; an owner's first one is primary."""
    owners = {
        disposition.account: disposition.user_id
        for disposition in read_dispositions(folder, known_clients(session))
        if disposition.is_owner
    }
    with_account = {account.user_id for account in known_accounts(session).values()}

    def build(row: Row) -> Account:
        number = row.number("account_id")
        row.number("district_id")
        row.code("frequency", FREQUENCIES)
        opened = row.day("date")
        if number not in owners:
            raise BadField("account_id", f"disp.asc names no owner of account {number}")
        owner = owners[number]
        is_primary = owner not in with_account
        with_account.add(owner)
        return Account(
            id=derived_id(opened, f"pkdd99:account:{number}"),
            user_id=owner,
            account_number=account_number(number),
            account_name=f"Account {number}",
            account_type=AccountTypeEnum.CHECKING,
            currency=CURRENCY,
            is_primary=is_primary,
            opening_date=opened,
        )

    file = SourceFile(folder, "account.asc", COLUMNS, progress)
    added = insert_new(session, file.read(build))
    return Loaded(file.rows, added)


def load_delegates(session: Session, folder: Path, progress: Progress) -> Loaded:
    """disp.asc: whoever is not the owner may use the account."""
    accounts = known_accounts(session)
    dispositions = read_dispositions(folder, known_clients(session), progress)
    file = SourceFile(folder, "disp.asc", DISPOSITION_COLUMNS)
    for disposition in dispositions:
        if disposition.account not in accounts:
            file.add_problem(disposition.line, f"account_id: there is no account {disposition.account}")
    file.check()
    delegates = [
        AccountDelegate(account_id=accounts[disposition.account].id, user_id=disposition.user_id)
        for disposition in dispositions
        if not disposition.is_owner
    ]
    return Loaded(len(dispositions), insert_new(session, delegates))


def known_accounts(session: Session) -> dict[int, KnownAccount]:
    """The accounts that were imported, by the bank's own number."""
    rows = session.execute(
        select(Account.account_number, Account.id, Account.user_id, Account.status).where(
            Account.account_number.like(f"{NUMBER_PREFIX}%")
        )
    )
    return {
        int(number.removeprefix(NUMBER_PREFIX)): KnownAccount(account_id, user_id, status in _CAN_MOVE)
        for number, account_id, user_id, status in rows
    }


def account_of(row: Row, accounts: dict[int, KnownAccount]) -> KnownAccount:
    """The account a row names. Raises BadField."""
    number = row.number("account_id")
    if number not in accounts:
        raise BadField("account_id", f"there is no account {number}")
    return accounts[number]


def account_number(number: int) -> str:
    """Our number for the bank's own, such as PKDD9900000576."""
    return f"{NUMBER_PREFIX}{number:08}"
