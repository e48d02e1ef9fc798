"""Alerts: standing orders to tell somebody; and each time one went off, until somebody has dealt with it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.web import IdempotencyKey, ListPart, PageOut, problem_responses
from strongroom.systems.biotech.errors import AlertNotFound, AlertTriggerNotFound, StepRefused
from strongroom.systems.biotech.routes.callers import build_router
from strongroom.systems.biotech.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST_OR_CLIENT,
    VIEWER_OR_CLIENT,
    ActingDatabase,
    OwnerId,
)
from strongroom.systems.biotech.routes.problems import LISTING, READING, WRITING
from strongroom.systems.biotech.rules.enums import AlertType, TriggerStatus
from strongroom.systems.biotech.schemas.alerts import AlertChangeIn, AlertIn, AlertOut, TriggerOut
from strongroom.systems.biotech.services import own_alerts, pages

router: APIRouter = build_router("", "alerts")

_STEP = problem_responses(*WRITING, AlertTriggerNotFound, StepRefused)


@router.post(
    "/alerts",
    status_code=status.HTTP_201_CREATED,
    summary="Enter an alert (analysts, clients)",
    responses=problem_responses(*WRITING, IdempotencyConflict),
    dependencies=[ANALYST_OR_CLIENT],
)
async def create_alert(body: AlertIn, database: ActingDatabase, owner: OwnerId, key: IdempotencyKey) -> AlertOut:
    return AlertOut.model_validate(await database.write(own_alerts.create_alert, owner, key, **dict(body)))


@router.get(
    "/alerts",
    summary="Alerts, oldest first; a client sees its own",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_alerts(
    database: ActingDatabase,
    part: ListPart,
    owner: OwnerId,
    alert_type: AlertType | None = None,
    is_active: bool | None = None,
) -> PageOut[AlertOut]:
    found = await database.read(pages.page_alerts, part, owner, alert_type=alert_type, is_active=is_active)
    return PageOut[AlertOut].model_validate(found)


@router.get(
    "/alerts/{alert_id}",
    summary="One alert",
    responses=problem_responses(*READING, AlertNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_alert(alert_id: UUID, database: ActingDatabase, owner: OwnerId) -> AlertOut:
    return AlertOut.model_validate(await database.read(own_alerts.get_alert, owner, alert_id))


@router.patch(
    "/alerts/{alert_id}",
    summary="Change fields of an alert (analysts, clients)",
    responses=problem_responses(*WRITING, AlertNotFound),
    dependencies=[ANALYST_OR_CLIENT],
)
async def update_alert(alert_id: UUID, body: AlertChangeIn, database: ActingDatabase, owner: OwnerId) -> AlertOut:
    changed = await database.write(own_alerts.update_alert, owner, alert_id, **body.changes())
    return AlertOut.model_validate(changed)


@router.delete(
    "/alerts/{alert_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Take an alert away; what it told stays (analysts, clients)",
    responses=problem_responses(*WRITING, AlertNotFound),
    dependencies=[ANALYST_OR_CLIENT],
)
async def delete_alert(alert_id: UUID, database: ActingDatabase, owner: OwnerId) -> None:
    await database.write(own_alerts.delete_alert, owner, alert_id)


@router.post(
    "/alerts/{alert_id}/restore",
    summary="Bring a deleted alert back (administrators)",
    responses=problem_responses(*WRITING, AlertNotFound),
    dependencies=[ADMINISTRATOR],
)
async def restore_alert(alert_id: UUID, database: ActingDatabase) -> AlertOut:
    return AlertOut.model_validate(await database.write(own_alerts.restore_alert, alert_id))


@router.get(
    "/triggers",
    summary="The times alerts went off, newest first; a client sees those of its own alerts",
    responses=problem_responses(*LISTING),
    dependencies=[VIEWER_OR_CLIENT],
)
async def list_triggers(
    database: ActingDatabase,
    part: ListPart,
    owner: OwnerId,
    alert_id: UUID | None = None,
    company_id: UUID | None = None,
    status: TriggerStatus | None = None,
) -> PageOut[TriggerOut]:
    found = await database.read(
        pages.page_triggers, part, owner, alert_id=alert_id, company_id=company_id, status=status
    )
    return PageOut[TriggerOut].model_validate(found)


@router.get(
    "/triggers/{trigger_id}",
    summary="One time an alert went off",
    responses=problem_responses(*READING, AlertTriggerNotFound),
    dependencies=[VIEWER_OR_CLIENT],
)
async def get_trigger(trigger_id: UUID, database: ActingDatabase, owner: OwnerId) -> TriggerOut:
    return TriggerOut.model_validate(await database.read(own_alerts.get_trigger, owner, trigger_id))


@router.post(
    "/triggers/{trigger_id}/acknowledge",
    summary="Say that somebody has seen it (analysts, clients)",
    responses=_STEP,
    dependencies=[ANALYST_OR_CLIENT],
)
async def acknowledge(trigger_id: UUID, database: ActingDatabase, owner: OwnerId) -> TriggerOut:
    return TriggerOut.model_validate(await database.write(own_alerts.acknowledge, owner, trigger_id))


@router.post(
    "/triggers/{trigger_id}/resolve",
    summary="Say that it is dealt with, after it was acknowledged (analysts, clients)",
    responses=_STEP,
    dependencies=[ANALYST_OR_CLIENT],
)
async def resolve(trigger_id: UUID, database: ActingDatabase, owner: OwnerId) -> TriggerOut:
    return TriggerOut.model_validate(await database.write(own_alerts.resolve, owner, trigger_id))
