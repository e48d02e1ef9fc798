"""The tables of banking, a file a noun."""

from strongroom.systems.banking.models.accounts import Account, AccountDelegate, Hold, StandingOrder
from strongroom.systems.banking.models.cards import Card
from strongroom.systems.banking.models.investments import Investment
from strongroom.systems.banking.models.ledger import (
    AuditRecord,
    Currency,
    ExchangeRate,
    IdempotencyKey,
    JournalEntry,
    JournalLine,
    KycLimit,
    LedgerAccount,
    StatementLine,
)
from strongroom.systems.banking.models.row import SCHEMA, Base
from strongroom.systems.banking.models.transactions import Transaction
from strongroom.systems.banking.models.transfers import P2PTransaction, Transfer
from strongroom.systems.banking.models.users import User

__all__ = [
    "SCHEMA",
    "Account",
    "AccountDelegate",
    "AuditRecord",
    "Base",
    "Card",
    "Currency",
    "ExchangeRate",
    "Hold",
    "IdempotencyKey",
    "Investment",
    "JournalEntry",
    "JournalLine",
    "KycLimit",
    "LedgerAccount",
    "P2PTransaction",
    "StandingOrder",
    "StatementLine",
    "Transaction",
    "Transfer",
    "User",
]
