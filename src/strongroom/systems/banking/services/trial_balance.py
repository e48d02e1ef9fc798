"""The trial balance: every account of the books, debits beside credits, currency by currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select, type_coerce
from sqlalchemy.orm import Session

from strongroom.kernel.tables import MoneyAmount
from strongroom.kernel.values import WIDE
from strongroom.systems.banking.models import JournalLine, LedgerAccount
from strongroom.systems.banking.rules import Side

#: what stands for all customers' accounts together
CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """The totals of one account of the bank, or of all its customers' accounts together."""

    currency: str
    code: str
    debits: Decimal
    credits: Decimal

    @property
    def balance(self) -> Decimal:
        """Debits less credits; over all lines of a currency these add up to zero."""
        return WIDE.subtract(self.debits, self.credits)


def trial_balance(session: Session) -> list[TrialBalanceLine]:
    """The lines of every currency that has moved, by currency and code."""
    code = case((LedgerAccount.account_id.is_not(None), CUSTOMERS), else_=LedgerAccount.code)
    moved = (
        select(JournalLine.currency, code.label("code"), JournalLine.side, JournalLine.amount)
        .join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        .subquery()
    )
    debits, credits = (
        type_coerce(func.sum(case((moved.c.side == side, moved.c.amount), else_=0)), MoneyAmount())
        for side in (Side.DEBIT, Side.CREDIT)
    )
    place = (moved.c.currency, moved.c.code)
    lines = select(*place, debits, credits).group_by(*place).order_by(*place)
    return [TrialBalanceLine(*line) for line in session.execute(lines)]
