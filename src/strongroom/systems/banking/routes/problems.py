"""What can go wrong with a request by what it does: the `problem_responses` of routes begin with one of these."""

from __future__ import annotations

from strongroom.kernel.errors import (
    AccessDenied,
    CommitIndeterminate,
    DatabaseUnavailable,
    IdempotencyConflict,
    InvalidCursor,
    InvalidValue,
    NotAuthenticated,
    PoolExhausted,
)
from strongroom.systems.banking.errors import (
    AccountNotActive,
    BusinessRuleViolation,
    InsufficientFunds,
    KycRefused,
    TransferLimitExceeded,
    UserNotActive,
    UserNotFound,
)

READING = (NotAuthenticated, InvalidValue, PoolExhausted, DatabaseUnavailable)
LISTING = (*READING, InvalidCursor, UserNotFound)
WRITING = (*READING, CommitIndeterminate, BusinessRuleViolation)
#: money comes to an account, or the bank moves it
MOVING = (*WRITING, IdempotencyConflict, AccountNotActive)
#: money leaves an account by its owner's will
SENDING = (*MOVING, InsufficientFunds, TransferLimitExceeded, UserNotActive, KycRefused)
#: the bank's own doings, for administrators
ADMINISTERING = (*MOVING, AccessDenied)
