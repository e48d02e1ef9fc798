"""Webhooks: addresses that are told of events, their secrets, and the deliveries on their way."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import DeliveryNotFound, StepRefused, UnsafeUrl, WebhookNotFound
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import ADMINISTRATOR_OR_CLIENT, ActingDatabase, Options, OwnerId
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.schemas.webhooks import (
    DeliveryOut,
    DeliveryWithBodyOut,
    NewSecretOut,
    ReplayedOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookOut,
)
from strongroom.systems.biotech.services import own_webhooks, pages

router: APIRouter = build_router("", "webhooks")

_ACT = problem_responses(*WRITING, WebhookNotFound)


@router.post(
    "/webhooks",
    status_code=status.HTTP_201_CREATED,
    summary="Register an address; its secret is shown once (administrators, clients)",
    responses=problem_responses(*WRITING, UnsafeUrl, IdempotencyConflict),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def create_webhook(
    body: WebhookIn, database: ActingDatabase, owner: OwnerId, options: Options, key: IdempotencyKey
) -> NewSecretOut:
    made = await database.write(own_webhooks.create_webhook, owner, key, options=options, **body.values())
    return NewSecretOut.model_validate(made)


@router.get(
    "/webhooks",
    summary="Webhooks, oldest first; a client sees its own (administrators, clients)",
    responses=problem_responses(*LISTING),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def list_webhooks(
    database: ActingDatabase, part: ListPart, owner: OwnerId, is_active: bool | None = None
) -> PageOut[WebhookOut]:
    found = await database.read(pages.page_webhooks, part, owner, is_active=is_active)
    return PageOut[WebhookOut].model_validate(found)


@router.get(
    "/webhooks/{webhook_id}",
    summary="One webhook (administrators, clients)",
    responses=problem_responses(*READING, WebhookNotFound),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def get_webhook(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> WebhookOut:
    return WebhookOut.model_validate(await database.read(own_webhooks.get_webhook, owner, webhook_id))


@router.patch(
    "/webhooks/{webhook_id}",
    summary="Change an address or what it is told (administrators, clients)",
    responses=problem_responses(*WRITING, WebhookNotFound, UnsafeUrl),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def update_webhook(
    webhook_id: UUID, body: WebhookChangeIn, database: ActingDatabase, owner: OwnerId, options: Options
) -> WebhookOut:
    changed = await database.write(own_webhooks.update_webhook, owner, webhook_id, options=options, **body.changes())
    return WebhookOut.model_validate(changed)


@router.delete(
    "/webhooks/{webhook_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Take a webhook away; what was on its way is given up (administrators, clients)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def delete_webhook(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> None:
    await database.write(own_webhooks.delete_webhook, owner, webhook_id)


@router.post(
    "/webhooks/{webhook_id}/rotate-secret",
    summary="A new secret, shown once; the one before signs too for a while (administrators, clients)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def rotate_secret(webhook_id: UUID, database: ActingDatabase, owner: OwnerId, options: Options) -> NewSecretOut:
    made = await database.write(own_webhooks.rotate_secret, owner, webhook_id, options=options)
    return NewSecretOut.model_validate(made)


@router.post(
    "/webhooks/{webhook_id}/enable",
    summary="Send again, beginning with what waited (administrators, clients)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def enable_webhook(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> WebhookOut:
    return WebhookOut.model_validate(await database.write(own_webhooks.enable_webhook, owner, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/disable",
    summary="Send nothing more for now (administrators, clients)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def disable_webhook(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> WebhookOut:
    return WebhookOut.model_validate(await database.write(own_webhooks.disable_webhook, owner, webhook_id))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    summary="Events for a webhook, newest first (administrators, clients)",
    responses=problem_responses(*LISTING, WebhookNotFound),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def list_deliveries(
    webhook_id: UUID, database: ActingDatabase, part: ListPart, owner: OwnerId, status: DeliveryStatus | None = None
) -> PageOut[DeliveryOut]:
    found = await database.read(own_webhooks.page_deliveries, owner, webhook_id, part, status)
    return PageOut[DeliveryOut].model_validate(found)


@router.get(
    "/webhooks/{webhook_id}/deliveries/counts",
    summary="How many deliveries are of each status (administrators, clients)",
    responses=problem_responses(*READING, WebhookNotFound),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def count_deliveries(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> dict[str, int]:
    return await database.read(own_webhooks.count_deliveries, owner, webhook_id)


@router.post(
    "/webhooks/{webhook_id}/replay",
    summary="Attempt every delivery that was given up anew, in order (administrators, clients)",
    responses=_ACT,
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def replay_all(webhook_id: UUID, database: ActingDatabase, owner: OwnerId) -> ReplayedOut:
    return ReplayedOut(replayed=await database.write(own_webhooks.replay_all, owner, webhook_id))


@router.get(
    "/deliveries/{delivery_id}",
    summary="One delivery, with what is sent (administrators, clients)",
    responses=problem_responses(*READING, DeliveryNotFound),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def get_delivery(delivery_id: UUID, database: ActingDatabase, owner: OwnerId) -> DeliveryWithBodyOut:
    return DeliveryWithBodyOut.model_validate(await database.read(own_webhooks.get_delivery, owner, delivery_id))


@router.post(
    "/deliveries/{delivery_id}/replay",
    summary="Attempt a delivery that was given up anew (administrators, clients)",
    responses=problem_responses(*WRITING, DeliveryNotFound, StepRefused),
    dependencies=[ADMINISTRATOR_OR_CLIENT],
)
async def replay_delivery(delivery_id: UUID, database: ActingDatabase, owner: OwnerId) -> DeliveryOut:
    return DeliveryOut.model_validate(await database.write(own_webhooks.replay, owner, delivery_id))
