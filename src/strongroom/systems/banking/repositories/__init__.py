"""Every SELECT of banking, each with a name; repositories flush and never commit."""

from strongroom.systems.banking.repositories.accounts import (
    AccountRepository,
    HoldRepository,
    accounts_of_user,
    holds_of_account,
)
from strongroom.systems.banking.repositories.orders import (
    CardRepository,
    InvestmentRepository,
    P2PRepository,
    TransferRepository,
    cards_of_account,
    cards_of_user,
    investments_of_account,
    investments_of_user,
    p2p_of_user,
    transfers_of_user,
)
from strongroom.systems.banking.repositories.transactions import (
    NEWEST_FIRST,
    TransactionRepository,
    transactions_between,
    transactions_of_account,
    transactions_of_entry,
    transactions_of_user,
)
from strongroom.systems.banking.repositories.users import (
    UNUSABLE_PASSWORD,
    UserRepository,
    all_users,
    user_by_email,
    user_by_reset_hash,
)

__all__ = [
    "NEWEST_FIRST",
    "UNUSABLE_PASSWORD",
    "AccountRepository",
    "CardRepository",
    "HoldRepository",
    "InvestmentRepository",
    "P2PRepository",
    "TransactionRepository",
    "TransferRepository",
    "UserRepository",
    "accounts_of_user",
    "all_users",
    "cards_of_account",
    "cards_of_user",
    "holds_of_account",
    "investments_of_account",
    "investments_of_user",
    "p2p_of_user",
    "transactions_between",
    "transactions_of_account",
    "transactions_of_entry",
    "transactions_of_user",
    "transfers_of_user",
    "user_by_email",
    "user_by_reset_hash",
]
