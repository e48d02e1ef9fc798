"""The door for programs: whose key it is, what it may call, and whether it has requests left this hour."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from strongroom.systems.biotech.errors import EndpointNotAllowed
from strongroom.systems.biotech.models import Client
from strongroom.systems.biotech.repositories.clients import ClientRepository
from strongroom.systems.biotech.rules.keys import is_allowed
from strongroom.systems.biotech.rules.rate import Allowance


@dataclass(frozen=True, slots=True)
class Admission:
    """A client that may go on, and what it has left."""

    client: Client
    allowance: Allowance


def admit(session: Session, key: str, endpoint: str) -> Admission:
    """Let one request of a client in, and count it. endpoint: the path below /api/biotech.

    Raises ApiKeyRefused, EndpointNotAllowed, RateLimitExceeded; a request that is refused is not counted. The last two
    tell what the client has left.
    """
    clients = ClientRepository(session)
    client = clients.authenticate(key)
    if not is_allowed(endpoint, client.allowed_endpoints):
        left = clients.allowance_of(client)
        raise EndpointNotAllowed(limit=left.limit, remaining=left.remaining, reset_at=left.reset_at)
    allowance = clients.check_rate_limit(client)
    clients.record_access(client)
    return Admission(client, allowance)
