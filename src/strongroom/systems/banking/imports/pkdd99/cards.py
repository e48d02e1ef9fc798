"""The bank's cards. The records hold neither their numbers nor their expiry, and nothing here pretends otherwise."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from strongroom.kernel.values import derived_id
from strongroom.systems.banking.imports.pkdd99.accounts import KnownAccount, known_accounts
from strongroom.systems.banking.imports.pkdd99.clients import known_clients
from strongroom.systems.banking.imports.pkdd99.dispositions import Disposition, read_dispositions
from strongroom.systems.banking.imports.pkdd99.reading import BadField, Loaded, Progress, Row, SourceFile, parse_day
from strongroom.systems.banking.imports.pkdd99.staging import insert_new
from strongroom.systems.banking.models import Card
from strongroom.systems.banking.rules import CardStatusEnum, CardTypeEnum

COLUMNS = ("card_id", "disp_id", "type", "issued")
#: the bank's three cards all draw on a checking account
TYPES = dict.fromkeys(("classic", "gold", "junior"), CardTypeEnum.DEBIT)
#: the last month of the records: nothing vouches for a card beyond it, so each counts as expired with it
RECORDS_END_YEAR, RECORDS_END_MONTH = 1998, 12

_ISSUED = re.compile(r"[0-9]{6} 00:00:00")


def load_cards(session: Session, folder: Path, progress: Progress) -> Loaded:
    """card.asc: one expired debit card each; its last four digits are those of the bank's own card_id."""
    accounts = known_accounts(session)
    dispositions = {
        disposition.number: disposition for disposition in read_dispositions(folder, known_clients(session))
    }

    def build(row: Row) -> Card:
        number = row.number("card_id")
        account = _owners_account(row, dispositions, accounts)
        issued = _issued(row)
        return Card(
            id=derived_id(issued, f"pkdd99:card:{number}"),
            user_id=account.user_id,
            account_id=account.id,
            card_number_masked=f"{'*' * 12}{number % 10000:04}",  # of no real card: the records hold no card number
            card_type=row.code("type", TYPES),
            status=CardStatusEnum.EXPIRED,
            cardholder_name="Client",
            expiry_year=RECORDS_END_YEAR,
            expiry_month=RECORDS_END_MONTH,
            issued_date=issued,
        )

    file = SourceFile(folder, "card.asc", COLUMNS, progress)
    added = insert_new(session, file.read(build))
    return Loaded(file.rows, added)


def _owners_account(row: Row, dispositions: dict[int, Disposition], accounts: dict[int, KnownAccount]) -> KnownAccount:
    disposition = dispositions.get(row.number("disp_id"))
    if disposition is None:
        raise BadField("disp_id", "disp.asc has no such row")
    if not disposition.is_owner:
        raise BadField("disp_id", "names a disponent, and a card is its account owner's")
    return accounts[disposition.account]


def _issued(row: Row) -> datetime:
    return parse_day(row.word("issued", _ISSUED, "a day and a time written yymmdd 00:00:00")[:6], "issued")
