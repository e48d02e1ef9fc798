"""The customers' standing orders to accounts at other banks."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.orm import Session

from strongroom.kernel.values import derived_id
from strongroom.systems.banking.imports.pkdd99.accounts import CURRENCY, account_of, known_accounts
from strongroom.systems.banking.imports.pkdd99.clients import RECORDS_BEGIN
from strongroom.systems.banking.imports.pkdd99.reading import Loaded, Progress, Row, SourceFile
from strongroom.systems.banking.imports.pkdd99.staging import insert_new
from strongroom.systems.banking.models import StandingOrder

COLUMNS = ("order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol")
PURPOSES = {
    "": None,
    "SIPO": "Household",
    "POJISTNE": "Insurance",
    "UVER": "Loan payment",
    "LEASING": "Leasing",
}
BANK = re.compile(r"[A-Z]{2}")
OTHER_ACCOUNT = re.compile(r"[0-9]{1,10}")


def load_orders(session: Session, folder: Path, progress: Progress) -> Loaded:
    """order.asc: one standing order each."""
    accounts = known_accounts(session)

    def build(row: Row) -> StandingOrder:
        number = row.number("order_id")
        account = account_of(row, accounts)
        return StandingOrder(
            id=derived_id(RECORDS_BEGIN, f"pkdd99:order:{number}"),
            user_id=account.user_id,
            account_id=account.id,
            currency=CURRENCY,
            amount=row.amount("amount"),
            bank_to=row.word("bank_to", BANK, "a bank's two letters"),
            account_to=row.word("account_to", OTHER_ACCOUNT, "an account's 1 to 10 digits"),
            purpose=row.code("k_symbol", PURPOSES),
            reference=f"PKDD99-ORDER-{number}",
        )

    file = SourceFile(folder, "order.asc", COLUMNS, progress)
    added = insert_new(session, file.read(build))
    return Loaded(file.rows, added)
