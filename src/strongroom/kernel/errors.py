"""Everything that can go wrong below the systems, by name; a system adds its own in its errors.py.

The docstring of a class is the message a caller reads. Database details (values, row contents, statements)
never enter a message: facts are named by us, one by one.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar


class StrongroomError(Exception):
    """Strongroom understood what went wrong and gave it a name"""

    code: ClassVar[str] = "STRONGROOM_ERROR"  #: stable, never renamed; docs/errors.md has a heading for each
    status: ClassVar[int] = 500  #: the HTTP status the web layer answers with
    retryable: ClassVar[bool] = False  #: True when running the whole action again may succeed

    def __init__(self, message: str | None = None, /, **facts: Any) -> None:
        """message: replaces the docstring where one sentence does not fit all; facts: fill its braces."""
        super().__init__(message if message is not None else _sentence(self.__doc__ or self.code, facts))
        self.facts = facts


class InvalidValue(StrongroomError, ValueError):
    """{field}: {reason}"""

    code = "VALIDATION_ERROR"
    status = 422


class NotFound(StrongroomError):
    """no {what} has this id"""

    code = "NOT_FOUND"
    status = 404


class InvalidCursor(StrongroomError):
    """the cursor was not made by this list; ask for the first page again"""

    code = "INVALID_CURSOR"
    status = 422


class Refused(StrongroomError):
    """the request was understood and refused"""

    code = "REFUSED"  # parent of a system's refusals: answers that are stored with the idempotency key
    status = 400


class NotAuthenticated(StrongroomError):
    """sign in first: this needs a valid access token"""

    code = "NOT_AUTHENTICATED"
    status = 401


class AccessDenied(StrongroomError):
    """your role does not allow this"""

    code = "ACCESS_DENIED"
    status = 403


class RateLimitExceeded(StrongroomError):
    """too many attempts; try again in {retry_after_s} seconds"""

    code = "RATE_LIMIT_EXCEEDED"
    status = 429


class TooLarge(StrongroomError):
    """the request body is larger than {limit_bytes} bytes"""

    code = "TOO_LARGE"
    status = 413


class IdempotencyConflict(StrongroomError):
    """this idempotency key was used before with another request; use a new key"""

    code = "IDEMPOTENCY_CONFLICT"
    status = 409


class AlreadyExists(StrongroomError):
    """a row with the same unique values exists already ({constraint})"""

    code = "ALREADY_EXISTS"
    status = 409


class CheckFailed(StrongroomError):
    """the database refused the row: {constraint} does not hold"""

    code = "CHECK_FAILED"
    status = 422


class StillReferenced(StrongroomError):
    """the row refers to one that does not exist, or is still referred to ({constraint})"""

    code = "STILL_REFERENCED"
    status = 409


class ValueRequired(StrongroomError):
    """{column} must have a value"""

    code = "VALUE_REQUIRED"
    status = 422


class ValueOutOfRange(StrongroomError):
    """a value does not fit its column"""

    code = "VALUE_OUT_OF_RANGE"
    status = 422


class RowIsImmutable(StrongroomError):
    """{table} is append-only: correct it with a new row that refers to the old one"""

    code = "ROW_IS_IMMUTABLE"
    status = 409


class WroteInReadOnly(StrongroomError):
    """a read-only action tried to write; hand it to write() instead of read()"""

    code = "WROTE_IN_READ_ONLY"


class RelationshipNotLoaded(StrongroomError):
    """{relationship} was not loaded; add .options(selectinload({relationship})) to the query"""

    code = "RELATIONSHIP_NOT_LOADED"


class Collided(StrongroomError):
    """another transaction got there first (SQLSTATE {sqlstate}); run the action again"""

    code = "COLLIDED"
    status = 503
    retryable = True


class StatementTimedOut(StrongroomError):
    """the statement ran longer than command_timeout_s and was cancelled"""

    code = "STATEMENT_TIMED_OUT"
    status = 503


class PoolExhausted(StrongroomError):
    """no connection became free within {timeout_s} s; raise DATABASE_POOL_SIZE or shed load"""

    code = "POOL_EXHAUSTED"
    status = 503


class DatabaseUnavailable(StrongroomError):
    """the database cannot be reached; check DATABASE_URL and that the server runs"""

    code = "DATABASE_UNAVAILABLE"
    status = 503


class EmbeddedUnavailable(StrongroomError):
    """the embedded PostgreSQL cannot run: {reason}"""

    code = "EMBEDDED_UNAVAILABLE"
    status = 503


class CommitIndeterminate(StrongroomError):
    """the connection was lost during COMMIT: it may or may not be stored; repeat with the same idempotency key"""

    code = "COMMIT_INDETERMINATE"
    status = 503


class SchemaMissing(StrongroomError):
    """the database has no such table or column; run `strongroom schema upgrade`"""

    code = "SCHEMA_MISSING"
    status = 503


class DatabaseRefused(StrongroomError):
    """the database refused the statement (SQLSTATE {sqlstate})"""

    code = "DATABASE_REFUSED"


class SealBroken(StrongroomError):
    """a sealed value does not open: it was changed or moved, or its key is no longer configured"""

    code = "SEAL_BROKEN"


class NeedsPostgreSQL(StrongroomError):
    """{what} need PostgreSQL; this database is SQLite, which has none"""

    code = "NEEDS_POSTGRESQL"
    status = 501


class NotInitialised(StrongroomError, RuntimeError):
    """there is no open database yet; await init_db() first"""

    code = "NOT_INITIALISED"


class ConfigurationError(StrongroomError):
    """{setting}: {reason}"""

    code = "CONFIGURATION_ERROR"


def _sentence(template: str, facts: dict[str, Any]) -> str:
    first = template.strip().split("\n\n")[0]
    return re.sub(r"\{(\w+)\}", lambda match: str(facts.get(match[1], "?")), " ".join(first.split()))
