"""API clients: entered with a key that is shown once, given another, closed; their limits and what they watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import ClientNotFound, CompanyNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ADMINISTRATOR,
    ADMINISTRATOR_OR_CLIENT,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    CurrentCaller,
    Limit,
    TickerInPath,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import ClientType
from strongroom.systems.biotech.schemas.clients import (
    ClientChangeIn,
    ClientIn,
    ClientOut,
    NewKeyOut,
    RevokedOut,
    RotationIn,
    UsageOut,
    WatchedOut,
    WatchlistOut,
)
from strongroom.systems.biotech.services import accounts, pages, watchlists

router: APIRouter = build_router("", "API clients")

_ACT = problem_responses(*WRITING, ClientNotFound)
_READ = problem_responses(*READING, ClientNotFound)


def own_client(client_id: UUID, caller: CurrentCaller) -> UUID:
    """The client of the path, which must be the caller itself when that is one. Raises ClientNotFound."""
    if caller.client_id not in (None, client_id):
        raise ClientNotFound
    return client_id


OwnClient = Annotated[UUID, Depends(own_client)]


@router.post(
    "/clients",
    status_code=status.HTTP_201_CREATED,
    summary="Enter a client; its API key is shown once (administrators)",
    responses=problem_responses(*WRITING, IdempotencyConflict),
    dependencies=[ADMINISTRATOR],
)
async def create_client(body: ClientIn, database: ActingDatabase, key: IdempotencyKey) -> NewKeyOut:
    return NewKeyOut.model_validate(await database.write(accounts.create_client, key, **dict(body)))


@router.get(
    "/clients",
    summary="Clients, oldest first (administrators)",
    responses=problem_responses(*LISTING),
    dependencies=[ADMINISTRATOR],
)
async def list_clients(
    database: ActingDatabase, part: ListPart, client_type: ClientType | None = None, is_active: bool | None = None
) -> PageOut[ClientOut]:
    found = await database.read(pages.page_clients, part, client_type=client_type, is_active=is_active)
    return PageOut[ClientOut].model_validate(found)


@router.get(
    "/clients/{client_id}",
    summary="One client (administrators, the client itself)",
    responses=_READ,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def get_client(client_id: OwnClient, database: ActingDatabase) -> ClientOut:
    return ClientOut.model_validate(await database.read(accounts.get_client, client_id))


@router.patch(
    "/clients/{client_id}",
    summary="Change fields of a client (administrators)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR],
)
async def update_client(client_id: UUID, body: ClientChangeIn, database: ActingDatabase) -> ClientOut:
    return ClientOut.model_validate(await database.write(accounts.update_client, client_id, **body.changes()))


@router.delete(
    "/clients/{client_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Close a client's account; its keys open nothing any more (administrators)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR],
)
async def delete_client(client_id: UUID, database: ActingDatabase) -> None:
    await database.write(accounts.delete_client, client_id)


@router.post(
    "/clients/{client_id}/restore",
    summary="Open a closed account again, with the keys it had (administrators)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR],
)
async def restore_client(client_id: UUID, database: ActingDatabase) -> ClientOut:
    return ClientOut.model_validate(await database.write(accounts.restore_client, client_id))


@router.post(
    "/clients/{client_id}/rotate-key",
    summary="A new API key, shown once; those before stay good for the overlap (administrators)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR],
)
async def rotate_key(client_id: UUID, body: RotationIn, database: ActingDatabase) -> NewKeyOut:
    made = await database.write(accounts.rotate_key, client_id, timedelta(seconds=body.overlap_s))
    return NewKeyOut.model_validate(made)


@router.post(
    "/clients/{client_id}/revoke-keys",
    summary="End every API key of a client at once (administrators)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR],
)
async def revoke_keys(client_id: UUID, database: ActingDatabase) -> RevokedOut:
    return RevokedOut(revoked=await database.write(accounts.revoke_keys, client_id))


@router.get(
    "/clients/{client_id}/usage",
    summary="What a client has asked for, has left this hour, and its keys (administrators, the client itself)",
    responses=_READ,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def get_usage(client_id: OwnClient, database: ActingDatabase) -> UsageOut:
    return UsageOut.model_validate(await database.read(accounts.usage_of, client_id))


@router.get(
    "/clients/{client_id}/watchlist",
    summary="The companies a client watches (administrators, the client itself)",
    responses=_READ,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def get_watchlist(client_id: OwnClient, database: ActingDatabase) -> WatchlistOut:
    client = await database.read(accounts.get_client, client_id)
    return WatchlistOut(tickers=client.watchlist_tickers)


@router.put(
    "/clients/{client_id}/watchlist/{ticker}",
    summary="Watch a company (administrators, the client itself)",
    responses=problem_responses(*WRITING, ClientNotFound, CompanyNotFound),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def watch(client_id: OwnClient, ticker: TickerInPath, database: ActingDatabase) -> WatchlistOut:
    return WatchlistOut(tickers=await database.write(accounts.watch, client_id, ticker))


@router.delete(
    "/clients/{client_id}/watchlist/{ticker}",
    summary="Watch a company no longer (administrators, the client itself)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def unwatch(client_id: OwnClient, ticker: TickerInPath, database: ActingDatabase) -> WatchlistOut:
    return WatchlistOut(tickers=await database.write(accounts.unwatch, client_id, ticker))


@router.get(
    "/client",
    summary="The client whose key was sent",
    responses=_READ,
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_own_client(caller: CurrentCaller, database: ActingDatabase) -> ClientOut:
    if caller.client_id is None:
        raise ClientNotFound
    return ClientOut.model_validate(await database.read(accounts.get_client, caller.client_id))


@router.get(
    "/watchlist",
    summary="The watchlist of all: companies that deserve watching by their score, the highest first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_watched(
    database: ActingDatabase,
    tier: Annotated[int | None, Query(ge=1, le=4, description="1 is watched most closely.")] = None,
    limit: Limit = 100,
) -> list[WatchedOut]:
    found = await database.read(watchlists.watched, tier, limit)
    return [WatchedOut.of(company, entry) for company, entry in found]
