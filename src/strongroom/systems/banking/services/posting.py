"""Moves money: one journal entry, its lines, the balances and the customers' transactions, together or not at all.

PostgreSQL does it in one round trip (migrations/sql/post_v1.sql); SQLite, under its single writer, runs the same
rules in Python (posting_on_sqlite.py). One suite of claims runs against both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, Collided, IdempotencyConflict, StrongroomError
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.kernel.tables import canonical_json
from strongroom.kernel.values import new_id
from strongroom.systems.banking.errors import REFUSALS
from strongroom.systems.banking.models import IdempotencyKey, Transaction
from strongroom.systems.banking.rules import KeyStateEnum, Leg, check_balanced
from strongroom.systems.banking.services.posting_on_sqlite import post_on_sqlite

#: how long an outcome is kept for repetitions of its key
KEY_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with the request it stands for. request: everything that makes it this request."""

    user_id: UUID
    key: str
    operation: str
    request: Mapping[str, Any]

    @property
    def request_hash(self) -> str:
        """SHA-256 of the canonical request, hexadecimal."""
        return hashlib.sha256(canonical_json({"operation": self.operation, **self.request}).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Window:
    """At most `maximum` may leave the customer since `since`, this posting included. name: daily, monthly, yearly."""

    name: str
    since: datetime
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """Who sends the money out: must be active, not refused by KYC, and within every window."""

    user_id: UUID
    currency: str
    amount: Decimal
    windows: Sequence[Window] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """What to post. response: what to answer, now and to every repetition of the key.

    transactions: one row, not yet in a session, for each customer account that moves.
    forced: debits may go below the floor; for administrators.
    """

    kind: str
    reference: str
    posted_at: datetime
    legs: Sequence[Leg]
    transactions: Sequence[Transaction] = ()
    key: Key | None = None
    payer: Payer | None = None
    reverses: UUID | None = None
    forced: bool = False
    response: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a posting. refusal: why not, or None when it is posted. replayed: this was decided earlier."""

    response: Mapping[str, Any]
    refusal: StrongroomError | None = None
    replayed: bool = False


def post(session: Session, posting: Posting) -> Outcome:
    """Post it, refuse it, or give the stored outcome of its key. A refusal is stored with the key.

    Raises LedgerUnbalanced before anything is sent, IdempotencyConflict when the key belongs to another request.
    Pending changes of the session are flushed first, so that the database decides on what it will store.
    """
    check_balanced(posting.legs)
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        answer = post_on_sqlite(session, as_document(session, posting), posting.transactions)
    else:
        statement = text("SELECT banking.post(CAST(:posting AS jsonb))")
        document = json.dumps(as_document(session, posting), default=_plain)
        answer = session.execute(statement, {"posting": document}).scalar_one()
    return _outcome(answer)


def recall(session: Session, key: Key | None) -> Outcome | None:
    """What became of this request before; None when its key is new or it has none.

    For what must be answered before today's facts are looked at. Raises IdempotencyConflict, as `post` does.
    """
    known = None if key is None else session.get(IdempotencyKey, (key.user_id, key.key))
    if key is None or known is None:
        return None
    if known.request_hash != key.request_hash:
        raise IdempotencyConflict
    return _outcome({**(known.response or {}), "outcome": "replayed", "state": known.state.value})


def remember(session: Session, key: Key | None, response: Mapping[str, Any], now: datetime) -> None:
    """Store the outcome of a request that posts nothing. Raises Collided when it is being made twice at once."""
    if key is None:
        return
    session.add(
        IdempotencyKey(
            user_id=key.user_id,
            key=key.key,
            operation=key.operation,
            request_hash=key.request_hash,
            state=KeyStateEnum.COMPLETED,
            response={"outcome": "posted", "response": dict(response)},
            expires_at=now + KEY_KEPT,
        )
    )
    try:
        session.flush()
    except AlreadyExists as error:
        raise Collided(**error.facts) from None  # run again, the action recalls what the other one stored


def forget_expired_keys(session: Session) -> int:
    """Drop the outcomes that have been kept long enough. Returns how many."""
    expired = delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now_of(session))
    return cast("CursorResult[Any]", session.execute(expired)).rowcount


def as_document(session: Session, posting: Posting) -> dict[str, Any]:
    """The posting in the shape that banking.post takes."""
    key = posting.key
    return {
        "key": key
        and {
            "user_id": key.user_id,
            "key": key.key,
            "operation": key.operation,
            "request_hash": key.request_hash,
            "expires_at": posting.posted_at + KEY_KEPT,
        },
        "payer": posting.payer and _fields(posting.payer, windows=[_fields(w) for w in posting.payer.windows]),
        "entry": {
            "id": posting.id,
            "kind": posting.kind,
            "reference": posting.reference,
            "posted_at": posting.posted_at,
            "reverses": posting.reverses,
            "actor_id": actor_of(session).id,
        },
        "lines": [_fields(leg) for leg in posting.legs],
        "transactions": [_row(transaction) for transaction in posting.transactions],
        "response": dict(posting.response),
        "forced": posting.forced,
    }


def _outcome(answer: Mapping[str, Any]) -> Outcome:
    outcome = answer["outcome"]
    if outcome == "conflict":
        raise IdempotencyConflict
    replayed = outcome == "replayed"
    if outcome == "refused" or (replayed and answer["state"] == "refused"):
        return Outcome({}, REFUSALS[answer["code"]](**answer["facts"]), replayed)
    return Outcome(answer["response"], None, replayed)


def _fields(item: Any, **instead: Any) -> dict[str, Any]:
    return {name: instead.get(name, getattr(item, name)) for name in item.__dataclass_fields__}


def _row(transaction: Transaction) -> dict[str, Any]:
    columns = Transaction.__table__.columns
    return {column.name: getattr(transaction, column.key) for column in columns if column.name != "created_at"}


def _plain(value: Any) -> str:
    return str(getattr(value, "value", value)) if not isinstance(value, datetime) else value.isoformat()
