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
from strongroom.systems.export_readiness.errors import ExporterNotFound, ReportNotFound

#: for those who have not signed in
OPEN = (InvalidValue, PoolExhausted, DatabaseUnavailable)
READING = (NotAuthenticated, *OPEN)
WRITING = (*READING, CommitIndeterminate)
#: one's own account
OWN = (*READING, ExporterNotFound)
CHANGING_OWN = (*WRITING, ExporterNotFound)
LISTING = (*OWN, InvalidCursor)
#: a report or a part of it
READING_REPORT = (*READING, ReportNotFound)
CHANGING_REPORT = (*WRITING, ReportNotFound)
MAKING = (*CHANGING_REPORT, IdempotencyConflict)
#: for administrators
ADMINISTERING = (*WRITING, AccessDenied)
