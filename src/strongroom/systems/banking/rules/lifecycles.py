"""Which state may follow which; what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules.enums import AccountStatusEnum as Account
from strongroom.systems.banking.rules.enums import CardStatusEnum as Card
from strongroom.systems.banking.rules.enums import HoldStatusEnum as Hold
from strongroom.systems.banking.rules.enums import KycStatusEnum as Kyc
from strongroom.systems.banking.rules.enums import P2PStatusEnum as P2P
from strongroom.systems.banking.rules.enums import TransactionStatusEnum as Transaction
from strongroom.systems.banking.rules.enums import TransferStatusEnum as Transfer
from strongroom.systems.banking.rules.enums import UserStatusEnum as User

Lifecycle = Mapping[Any, frozenset[Any]]

#: Closing also needs an empty account: see `check_closable`.
ACCOUNT: Lifecycle = {
    Account.PENDING: frozenset({Account.ACTIVE, Account.CLOSED}),
    Account.ACTIVE: frozenset({Account.INACTIVE, Account.SUSPENDED, Account.CLOSED}),
    Account.INACTIVE: frozenset({Account.ACTIVE, Account.SUSPENDED, Account.CLOSED}),
    Account.SUSPENDED: frozenset({Account.ACTIVE, Account.INACTIVE, Account.CLOSED}),
    Account.CLOSED: frozenset(),
}

#: completed to reversed only together with a new, opposite transaction that refers to this one.
TRANSACTION: Lifecycle = {
    Transaction.PENDING: frozenset(
        {Transaction.PROCESSING, Transaction.COMPLETED, Transaction.FAILED, Transaction.CANCELLED}
    ),
    Transaction.PROCESSING: frozenset({Transaction.COMPLETED, Transaction.FAILED}),
    Transaction.COMPLETED: frozenset({Transaction.REVERSED}),
    Transaction.FAILED: frozenset(),
    Transaction.CANCELLED: frozenset(),
    Transaction.REVERSED: frozenset(),
}

TRANSFER: Lifecycle = {
    Transfer.PENDING: frozenset({Transfer.PROCESSING, Transfer.CANCELLED}),
    Transfer.PROCESSING: frozenset({Transfer.COMPLETED, Transfer.FAILED}),
    Transfer.COMPLETED: frozenset({Transfer.REVERSED}),
    Transfer.FAILED: frozenset(),
    Transfer.CANCELLED: frozenset(),
    Transfer.REVERSED: frozenset(),
}

P2P_TRANSACTION: Lifecycle = {
    P2P.PENDING: frozenset({P2P.COMPLETED, P2P.FAILED, P2P.CANCELLED, P2P.DECLINED, P2P.EXPIRED}),
    P2P.COMPLETED: frozenset({P2P.REVERSED}),
    P2P.FAILED: frozenset(),
    P2P.CANCELLED: frozenset(),
    P2P.DECLINED: frozenset(),
    P2P.EXPIRED: frozenset(),
    P2P.REVERSED: frozenset(),
}

CARD: Lifecycle = {
    Card.ACTIVE: frozenset({Card.INACTIVE, Card.BLOCKED, Card.CANCELLED, Card.EXPIRED}),
    Card.INACTIVE: frozenset({Card.ACTIVE, Card.CANCELLED}),
    Card.BLOCKED: frozenset({Card.ACTIVE, Card.CANCELLED}),
    Card.EXPIRED: frozenset({Card.CANCELLED}),
    Card.CANCELLED: frozenset(),
}

HOLD: Lifecycle = {
    Hold.ACTIVE: frozenset({Hold.CAPTURED, Hold.RELEASED, Hold.EXPIRED}),
    Hold.CAPTURED: frozenset(),
    Hold.RELEASED: frozenset(),
    Hold.EXPIRED: frozenset(),
}

USER: Lifecycle = {
    User.PENDING: frozenset({User.ACTIVE, User.SUSPENDED, User.DEACTIVATED}),
    User.ACTIVE: frozenset({User.SUSPENDED, User.DEACTIVATED}),
    User.SUSPENDED: frozenset({User.ACTIVE, User.DEACTIVATED}),
    User.DEACTIVATED: frozenset({User.ACTIVE}),
}

#: A customer leads to pending_review only; whoever was rejected or suspended waits for the bank to reopen the check.
KYC: Lifecycle = {
    Kyc.NOT_STARTED: frozenset({Kyc.IN_PROGRESS, Kyc.PENDING_REVIEW, Kyc.SUSPENDED}),
    Kyc.IN_PROGRESS: frozenset({Kyc.PENDING_REVIEW, Kyc.SUSPENDED}),
    Kyc.PENDING_REVIEW: frozenset({Kyc.IN_PROGRESS, Kyc.APPROVED, Kyc.REJECTED, Kyc.SUSPENDED}),
    Kyc.APPROVED: frozenset({Kyc.PENDING_REVIEW, Kyc.EXPIRED, Kyc.SUSPENDED}),
    Kyc.REJECTED: frozenset({Kyc.IN_PROGRESS}),
    Kyc.EXPIRED: frozenset({Kyc.PENDING_REVIEW, Kyc.SUSPENDED}),
    Kyc.SUSPENDED: frozenset({Kyc.IN_PROGRESS, Kyc.REJECTED}),
}

LIFECYCLES: Mapping[str, Lifecycle] = MappingProxyType(
    {
        "account": ACCOUNT,
        "transaction": TRANSACTION,
        "transfer": TRANSFER,
        "p2p": P2P_TRANSACTION,
        "card": CARD,
        "hold": HOLD,
        "user": USER,
        "kyc": KYC,
    }
)


def check_transition(kind: str, old: Enum, new: Enum) -> None:
    """Refuse a change of state that the lifecycle does not list; staying as it is counts as one.

    kind: account, transaction, transfer, p2p, card, hold, user or kyc. Raises BusinessRuleViolation with both states.
    """
    if new not in LIFECYCLES[kind][old]:
        reason = f"a {kind} cannot go from {old.value} to {new.value}"
        raise BusinessRuleViolation(rule=f"{kind}_lifecycle", reason=reason, old_state=old.value, new_state=new.value)


def is_final(kind: str, state: Enum) -> bool:
    """Whether nothing follows this state."""
    return not LIFECYCLES[kind][state]
