"""The accounts of API clients: entered with a key, given another, closed; what they used and what they watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import ClientNotFound
from strongroom.systems.biotech.models import Client, ClientKey
from strongroom.systems.biotech.repositories import ClientRepository, NewKey
from strongroom.systems.biotech.rules.rate import Allowance
from strongroom.systems.biotech.services.once import entering, find_entered, id_for


@dataclass(frozen=True, slots=True)
class Entered:
    """A client and its key; None when an earlier request with the same idempotency key was told it."""

    client: Client
    key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a client has asked for. allowance: of this hour; keys: all it was ever given, newest first."""

    client: Client
    allowance: Allowance
    keys: Sequence[ClientKey]


def create_client(session: Session, key: str | None = None, /, **values: Any) -> Entered:
    """A client with its first API key. key: of the request, entered once. Raises InvalidValue, IdempotencyConflict."""
    row_id = id_for(session, key, "client")
    sent = {"extra" if name == "metadata" else name: value for name, value in values.items()}
    entered = find_entered(session, Client, row_id, sent)
    if entered is not None:
        return Entered(entered, None)
    with entering():
        made = ClientRepository(session).create(client_id=row_id, **values)
    return Entered(made.client, made.key)


def get_client(session: Session, client_id: UUID) -> Client:
    """Raises ClientNotFound."""
    return ClientRepository(session).get(client_id)


def update_client(session: Session, client_id: UUID, /, **values: Any) -> Client:
    """Raises ClientNotFound, InvalidValue."""
    return ClientRepository(session).update(client_id, **values)


def delete_client(session: Session, client_id: UUID) -> None:
    """Close an account; its keys open nothing from now on. Raises ClientNotFound."""
    if not ClientRepository(session).soft_delete(client_id):
        raise ClientNotFound


def restore_client(session: Session, client_id: UUID) -> Client:
    """Open an account again, with the keys it had. Raises ClientNotFound."""
    clients = ClientRepository(session)
    clients.restore(client_id)
    return clients.get(client_id)


def rotate_key(session: Session, client_id: UUID, overlap: timedelta) -> NewKey:
    """A new key; those before stay good for the overlap. Raises ClientNotFound."""
    return ClientRepository(session).rotate(client_id, overlap)


def revoke_keys(session: Session, client_id: UUID) -> int:
    """End every key at once. Returns how many were still good. Raises ClientNotFound."""
    return ClientRepository(session).revoke(client_id)


def usage_of(session: Session, client_id: UUID) -> Usage:
    """Raises ClientNotFound."""
    clients = ClientRepository(session)
    client = clients.get(client_id)
    return Usage(client, clients.allowance_of(client), clients.get_keys(client.id))


def watch(session: Session, client_id: UUID, ticker: str) -> list[str]:
    """Watch a company. Returns all that is watched now. Raises ClientNotFound, CompanyNotFound."""
    clients = ClientRepository(session)
    clients.watchlist_add(client_id, ticker)
    return clients.get(client_id).watchlist_tickers


def unwatch(session: Session, client_id: UUID, ticker: str) -> list[str]:
    """Watch a company no longer. Returns all that is watched now. Raises ClientNotFound."""
    clients = ClientRepository(session)
    clients.watchlist_remove(client_id, ticker)
    return clients.get(client_id).watchlist_tickers
