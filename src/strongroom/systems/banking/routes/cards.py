"""Cards: issued, stopped and woken, limited, given a PIN, and presented for payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.errors import AccessDenied, AlreadyExists, ConfigurationError
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, own_id, problem_responses
from strongroom.systems.banking.errors import (
    AccountNotActive,
    AccountNotFound,
    CardFrozen,
    CardNotFound,
    WrongPin,
)
from strongroom.systems.banking.models import Card
from strongroom.systems.banking.routes.dependencies import ADMINISTRATOR, ActingDatabase, CurrentActor, Options, Owner
from strongroom.systems.banking.routes.problems import LISTING, READING, SENDING, WRITING
from strongroom.systems.banking.schemas.cards import (
    AuthorisationIn,
    CardChannelsIn,
    CardIn,
    CardLimitsIn,
    CardOut,
    PinIn,
)
from strongroom.systems.banking.schemas.holds import HoldOut
from strongroom.systems.banking.services import authorisations, cards, pins

router = APIRouter(prefix="/cards", tags=["banking: cards"])

_CHANGE = problem_responses(*WRITING, CardNotFound)


def card_secret(request: Request) -> bytes:
    """`app.state.card_secret`, under which numbers and PINs are hashed. Raises ConfigurationError without one."""
    secret = getattr(request.app.state, "card_secret", None)
    if secret is None:
        raise ConfigurationError(setting="app.state.card_secret", reason="cards need a secret of 32 bytes or more")
    return cast("bytes", secret)


CardSecret = Annotated[bytes, Depends(card_secret)]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Issue a card; it is inactive until it is activated",
    responses=problem_responses(*WRITING, AccountNotFound, AccountNotActive, AlreadyExists),
)
async def issue_card(body: CardIn, database: ActingDatabase, secret: CardSecret) -> CardOut:
    number = cards.conceal(body.card_number.get_secret_value(), secret)
    card = await database.write(
        cards.issue_card,
        body.account_id,
        number,
        card_type=body.card_type,
        cardholder_name=body.cardholder_name,
        expiry_month=body.expiry_month,
        expiry_year=body.expiry_year,
    )
    return CardOut.model_validate(card)


@router.get("", summary="Cards, newest first", responses=problem_responses(*LISTING, AccountNotFound))
async def list_cards(
    actor: CurrentActor,
    database: ActingDatabase,
    part: ListPart,
    account_id: UUID | None = None,
    user_id: Owner = None,
) -> PageOut[CardOut]:
    found = await database.read(cards.list_cards, part, user_id or own_id(actor), account_id=account_id)
    return PageOut[CardOut].model_validate(found)


@router.get("/{card_id}", summary="One card", responses=problem_responses(*READING, CardNotFound))
async def get_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return CardOut.model_validate(await database.read(cards.get_card, card_id))


@router.post("/{card_id}/activate", summary="Put a new or frozen card to work", responses=_CHANGE)
async def activate_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return await _changed(database, cards.activate_card, card_id)


@router.post("/{card_id}/freeze", summary="Stop a card for the time being", responses=_CHANGE)
async def freeze_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return await _changed(database, cards.freeze_card, card_id)


@router.post("/{card_id}/block", summary="Stop a lost or stolen card; only the bank wakes it again", responses=_CHANGE)
async def block_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return await _changed(database, cards.block_card, card_id)


@router.post(
    "/{card_id}/unblock",
    summary="Wake a blocked card and forget its wrong PINs (administrators)",
    responses=problem_responses(*WRITING, CardNotFound, AccessDenied),
    dependencies=[ADMINISTRATOR],
)
async def unblock_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return await _changed(database, cards.unblock_card, card_id)


@router.post("/{card_id}/cancel", summary="End a card for good", responses=_CHANGE)
async def cancel_card(card_id: UUID, database: ActingDatabase) -> CardOut:
    return await _changed(database, cards.cancel_card, card_id)


@router.patch("/{card_id}/limits", summary="Change what an active card may spend", responses=_CHANGE)
async def set_limits(card_id: UUID, body: CardLimitsIn, database: ActingDatabase) -> CardOut:
    card = await database.write(
        cards.set_limits, card_id, daily_limit=body.daily_limit, monthly_limit=body.monthly_limit
    )
    return CardOut.model_validate(card)


@router.patch("/{card_id}/channels", summary="Switch ways of paying on or off", responses=_CHANGE)
async def set_channels(card_id: UUID, body: CardChannelsIn, database: ActingDatabase) -> CardOut:
    card = await database.write(
        cards.set_channels,
        card_id,
        online=body.online,
        contactless=body.contactless,
        international=body.international,
    )
    return CardOut.model_validate(card)


@router.put("/{card_id}/pin", summary="Give a card a PIN", responses=_CHANGE)
async def set_pin(card_id: UUID, body: PinIn, database: ActingDatabase, secret: CardSecret) -> CardOut:
    await database.read(cards.get_card, card_id)  # before the work: strangers' cards cost nothing
    pin = await run_in_threadpool(pins.new_pin, card_id, body.pin.get_secret_value(), secret)
    return CardOut.model_validate(await database.write(pins.set_pin, pin))


@router.post(
    "/{card_id}/pin/verify",
    summary="Verify a PIN; the third wrong one in a row blocks the card",
    responses=problem_responses(*WRITING, CardNotFound, CardFrozen, WrongPin),
)
async def verify_pin(card_id: UUID, body: PinIn, database: ActingDatabase, secret: CardSecret) -> CardOut:
    stored = await database.read(pins.get_pin, card_id)
    compared = await run_in_threadpool(pins.compare, body.pin.get_secret_value(), stored, secret)
    return CardOut.model_validate(await database.write(pins.verify_pin, compared))


@router.post(
    "/{card_id}/authorisations",
    status_code=status.HTTP_201_CREATED,
    summary="Present a card for payment; a yes sets the amount aside",
    responses=problem_responses(*SENDING, CardNotFound, CardFrozen),
)
async def authorise(
    card_id: UUID, body: AuthorisationIn, database: ActingDatabase, options: Options, key: IdempotencyKey
) -> HoldOut:
    hold = await database.write(
        authorisations.authorise,
        card_id,
        body.amount,
        channel=body.channel,
        is_international=body.is_international,
        merchant_name=body.merchant_name or "",
        key=key,
        options=options,
    )
    return HoldOut.model_validate(hold)


async def _changed(database: ActingDatabase, change: Callable[[Session, UUID], Card], card_id: UUID) -> CardOut:
    return CardOut.model_validate(await database.write(change, card_id))
