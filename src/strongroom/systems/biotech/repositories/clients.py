"""Programs that call the API: their keys, what they have left this hour, and the companies they watch."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from strongroom.kernel.errors import RateLimitExceeded
from strongroom.kernel.repositories import SessionT, operation
from strongroom.kernel.sessions import now_of
from strongroom.systems.biotech.errors import ApiKeyRefused, ClientNotFound, CompanyNotFound
from strongroom.systems.biotech.models import Client, ClientKey, Company, RateWindow
from strongroom.systems.biotech.repositories.writing import HidingRepository, given, settable
from strongroom.systems.biotech.rules.companies import normalise_ticker
from strongroom.systems.biotech.rules.enums import ClientType
from strongroom.systems.biotech.rules.keys import (
    SECRET_BYTES,
    compose_key,
    hash_of,
    is_good_at,
    is_key,
    prefix_of,
)
from strongroom.systems.biotech.rules.rate import WINDOW, Allowance, window_of

_ALPHABET = string.ascii_letters + string.digits
_SETTABLE = settable(Client, "request_count", "last_access", "key_last_rotated", "watchlist_tickers")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A client with the key it was just given. key: shown now and never again; only its hash is kept."""

    client: Client
    key: str = field(repr=False)


class ClientRepository(HidingRepository[SessionT, Client]):
    """Clients, which a soft deletion takes away along with their keys."""

    row = Client
    not_found = ClientNotFound

    @operation
    def create(
        self: ClientRepository[Session],
        /,
        client_name: str,
        client_type: ClientType | str = ClientType.STANDARD,
        client_id: UUID | None = None,
        **values: Any,
    ) -> NewKey:
        """A client with its first key. values: columns; raises InvalidValue for one that is not the caller's to set."""
        client = Client(client_name=client_name, client_type=client_type, **given(values, _SETTABLE))
        client.id = client_id or client.id
        self.session.add(client)
        self.session.flush()
        return NewKey(client, self._add_key(client.id))

    @operation
    def update(self: ClientRepository[Session], client_id: UUID | str, /, **values: Any) -> Client:
        """Change columns of a client. Raises ClientNotFound, InvalidValue for a column that is not to be set."""
        client = self._present(self._find(client_id))
        for name, value in given(values, _SETTABLE).items():
            setattr(client, name, value)
        self.session.flush()
        return client

    @operation
    def authenticate(self: ClientRepository[Session], key: str) -> Client:
        """Whose key this is. Raises ApiKeyRefused, the same whether it is unknown, over or revoked."""
        prefix = prefix_of(key)
        query = select(ClientKey, Client).join(Client, Client.id == ClientKey.client_id)
        found = None if prefix is None else self.session.execute(query.where(ClientKey.key_prefix == prefix)).first()
        if not is_key(key, found[0].key_hash if found else None) or found is None:
            raise ApiKeyRefused
        stored, client = found
        now = now_of(self.session)
        if not is_good_at(now, stored.expires_at, stored.revoked_at) or not is_good_at(now, client.expires_at, None):
            raise ApiKeyRefused
        if not client.is_active:
            raise ApiKeyRefused
        return client

    @operation
    def rotate(self: ClientRepository[Session], client_id: UUID | str, overlap: timedelta = timedelta(0)) -> NewKey:
        """A new key; the ones before stay good for the overlap, so that the client can change over."""
        client = self._lock(client_id)
        now = now_of(self.session)
        self._end_keys(client.id, now + overlap)
        client.key_last_rotated = now
        self.session.flush()
        return NewKey(client, self._add_key(client.id))

    @operation
    def revoke(self: ClientRepository[Session], client_id: UUID | str) -> int:
        """End every key of a client at once. Returns how many were still good."""
        return self._end_keys(self._lock(client_id).id, now_of(self.session))

    @operation
    def check_rate_limit(self: ClientRepository[Session], client: Client) -> Allowance:
        """Count one request of a client. Raises RateLimitExceeded when the hour is used up, and counts nothing then.

        One statement decides and counts, so however many ask at once, no more than the limit are let through; when
        the database cannot be asked, that error is raised and nobody is let through.
        """
        now = now_of(self.session)
        start, limit = window_of(now), client.rate_limit_per_hour
        insert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        counting = insert(RateWindow).values(client_id=client.id, window_start=start, count=1)
        used = self.session.scalar(
            counting.on_conflict_do_update(
                index_elements=[RateWindow.client_id, RateWindow.window_start],
                set_={"count": RateWindow.count + 1},
                where=RateWindow.count < limit,
            ).returning(RateWindow.count)
        )
        allowance = Allowance(limit, limit if used is None else used, start + WINDOW)
        if used is None:
            raise RateLimitExceeded(retry_after_s=allowance.wait_s(now), limit=limit, reset_at=allowance.reset_at)
        return allowance

    @operation
    def allowance_of(self: ClientRepository[Session], client: Client) -> Allowance:
        """What a client has left this hour; nothing is counted."""
        start = window_of(now_of(self.session))
        used = self.session.scalar(
            select(RateWindow.count).where(RateWindow.client_id == client.id, RateWindow.window_start == start)
        )
        return Allowance(client.rate_limit_per_hour, used or 0, start + WINDOW)

    @operation
    def get_keys(self: ClientRepository[Session], client_id: UUID) -> Sequence[ClientKey]:
        """Every key a client was ever given, the newest first; of each no more than how it begins and when it ends."""
        keys = select(ClientKey).where(ClientKey.client_id == client_id)
        return self.session.scalars(keys.order_by(ClientKey.created_at.desc(), ClientKey.id.desc())).all()

    @operation
    def record_access(self: ClientRepository[Session], client: Client) -> None:
        """Count a request that was let through, in the row itself, so that no other count is lost."""
        self.session.execute(
            update(Client)
            .where(Client.id == client.id)
            .values(request_count=Client.request_count + 1, last_access=now_of(self.session))
        )

    @operation
    def watchlist_add(self: ClientRepository[Session], client_id: UUID | str, ticker: str) -> bool:
        """Watch a company; False when it is watched already. Raises CompanyNotFound for a ticker nobody has."""
        ticker = normalise_ticker(ticker)
        if self.session.scalar(select(Company.id).where(Company.ticker == ticker)) is None:
            raise CompanyNotFound(what="company")
        client: Client = self._lock(client_id)  # two additions at once would each write a list without the other's
        if ticker in client.watchlist_tickers:
            return False
        client.watchlist_tickers = [*client.watchlist_tickers, ticker]
        self.session.flush()
        return True

    @operation
    def watchlist_remove(self: ClientRepository[Session], client_id: UUID | str, ticker: str) -> bool:
        """Watch a company no longer; False when it was not watched."""
        ticker = normalise_ticker(ticker)
        client = self._lock(client_id)
        if ticker not in client.watchlist_tickers:
            return False
        client.watchlist_tickers = [watched for watched in client.watchlist_tickers if watched != ticker]
        self.session.flush()
        return True

    @operation
    def forget_windows(self: ClientRepository[Session]) -> int:
        """Remove the counts of hours that are long over. Returns how many."""
        before = window_of(now_of(self.session)) - 24 * WINDOW
        forgotten = self.session.execute(delete(RateWindow).where(RateWindow.window_start < before))
        return cast("CursorResult[Any]", forgotten).rowcount

    def _lock(self: ClientRepository[Session], client_id: UUID | str) -> Client:
        found = self._present(self._find(client_id))
        return self.lock([found.id])[found.id]

    def _add_key(self: ClientRepository[Session], client_id: UUID) -> str:
        name = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        key = compose_key(name, secrets.token_urlsafe(SECRET_BYTES))
        prefix = prefix_of(key)
        assert prefix is not None
        self.session.add(ClientKey(client_id=client_id, key_prefix=prefix, key_hash=hash_of(key)))
        self.session.flush()
        return key

    def _end_keys(self: ClientRepository[Session], client_id: UUID, moment: datetime) -> int:
        keys = self.session.scalars(select(ClientKey).where(ClientKey.client_id == client_id))
        good = [key for key in keys if is_good_at(moment, key.expires_at, key.revoked_at)]
        for key in good:
            key.revoked_at = moment
        self.session.flush()
        return len(good)
