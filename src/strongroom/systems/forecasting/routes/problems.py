"""What can go wrong with a request by what it does: the `problem_responses` of routes begin with one of these."""

from __future__ import annotations

from strongroom.kernel.errors import (
    AccessDenied,
    CommitIndeterminate,
    DatabaseUnavailable,
    InvalidCursor,
    InvalidValue,
    NotAuthenticated,
    PoolExhausted,
)

READING = (NotAuthenticated, AccessDenied, InvalidValue, PoolExhausted, DatabaseUnavailable)
LISTING = (*READING, InvalidCursor)
WRITING = (*READING, CommitIndeterminate)
