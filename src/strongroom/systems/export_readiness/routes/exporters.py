"""Businesses: one's own profile, figures and data, and what administrators see of all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, status

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.export_readiness.errors import ExporterNotFound
from strongroom.systems.export_readiness.routes.dependencies import ADMINISTRATOR, ActingDatabase, OwnId
from strongroom.systems.export_readiness.routes.problems import ADMINISTERING, CHANGING_OWN, LISTING, OWN
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CompanySizeEnum
from strongroom.systems.export_readiness.schemas.users import ExportIn, MetricsOut, ProfileIn, SavingIn, UserOut
from strongroom.systems.export_readiness.services import metrics, privacy, users

router = APIRouter(tags=["export readiness: businesses"])

_OF_ANY = problem_responses(*ADMINISTERING, ExporterNotFound)


@router.get("/me", summary="The business that calls", responses=problem_responses(*OWN))
async def get_me(user_id: OwnId, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, user_id))


@router.patch(
    "/me",
    summary="Change the profile; reports keep what it was when they were made",
    responses=problem_responses(*CHANGING_OWN),
)
async def update_me(body: ProfileIn, user_id: OwnId, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.update_profile, user_id, body.changes()))


@router.delete(
    "/me",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Leave: the account goes, and with it every report and all that follows from them",
    responses=problem_responses(*CHANGING_OWN),
)
async def delete_me(user_id: OwnId, database: ActingDatabase) -> None:
    await database.write(users.delete_user, user_id)


@router.get(
    "/me/data",
    summary="Everything that is kept about the business, to take along",
    responses=problem_responses(*OWN),
)
async def export_me(user_id: OwnId, database: ActingDatabase, response: Response) -> dict[str, Any]:
    response.headers["Content-Disposition"] = 'attachment; filename="export-readiness.json"'
    return await database.read(privacy.export_user, user_id)


@router.get("/me/metrics", summary="What the business has achieved", responses=problem_responses(*OWN))
async def get_my_metrics(user_id: OwnId, database: ActingDatabase) -> MetricsOut:
    return MetricsOut.of(await database.read(metrics.get_metrics, user_id))


@router.post(
    "/me/exports",
    summary="Count a shipment that arrived; each request counts one",
    responses=problem_responses(*CHANGING_OWN),
)
async def record_export(body: ExportIn, user_id: OwnId, database: ActingDatabase) -> MetricsOut:
    return MetricsOut.of(await database.write(metrics.record_export, user_id, body.exported_at))


@router.post(
    "/me/savings",
    summary="Add what the business did not have to pay; each request adds once more",
    responses=problem_responses(*CHANGING_OWN),
)
async def record_savings(body: SavingIn, user_id: OwnId, database: ActingDatabase) -> MetricsOut:
    return MetricsOut.of(await database.write(metrics.record_savings, user_id, body.amount))


@router.get(
    "/users",
    summary="Businesses, newest first (administrators)",
    responses=problem_responses(*LISTING, AccessDenied),
    dependencies=[ADMINISTRATOR],
)
async def list_users(
    database: ActingDatabase,
    part: ListPart,
    business_type: BusinessTypeEnum | None = None,
    company_size: CompanySizeEnum | None = None,
) -> PageOut[UserOut]:
    found = await database.read(
        users.list_users,
        part,
        business_type=business_type,
        company_size=company_size,
    )
    return PageOut[UserOut].model_validate(found)


@router.get(
    "/users/{user_id}",
    summary="One business (administrators)",
    responses=_OF_ANY,
    dependencies=[ADMINISTRATOR],
)
async def get_user(user_id: UUID, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, user_id))


@router.get(
    "/users/{user_id}/metrics",
    summary="What a business has achieved (administrators)",
    responses=_OF_ANY,
    dependencies=[ADMINISTRATOR],
)
async def get_metrics(user_id: UUID, database: ActingDatabase) -> MetricsOut:
    return MetricsOut.of(await database.read(metrics.get_metrics, user_id))


@router.delete(
    "/users/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a business and everything of it (administrators)",
    responses=_OF_ANY,
    dependencies=[ADMINISTRATOR],
)
async def delete_user(user_id: UUID, database: ActingDatabase) -> None:
    await database.write(users.delete_user, user_id)
