"""Customers and what they may be: one's own profile and identity check, and what administrators decide."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from strongroom.kernel.errors import AccessDenied, InvalidValue, NotAuthenticated, StillReferenced
from strongroom.kernel.web import PAGE_PROBLEMS, ListPart, PageOut, own_id, problem_responses
from strongroom.systems.banking.errors import BusinessRuleViolation, UserNotFound
from strongroom.systems.banking.routes.dependencies import ActingDatabase, CurrentActor
from strongroom.systems.banking.rules import KycStatusEnum, UserRoleEnum, UserStatusEnum
from strongroom.systems.banking.schemas.users import (
    KycDecisionIn,
    KycEventOut,
    KycSubmissionIn,
    ProfileIn,
    RoleIn,
    StatusIn,
    UserOut,
)
from strongroom.systems.banking.services import kyc, users

router = APIRouter(tags=["banking: users"])

_OWN = problem_responses(NotAuthenticated, InvalidValue, BusinessRuleViolation)
_DECISION = problem_responses(NotAuthenticated, AccessDenied, UserNotFound, InvalidValue, BusinessRuleViolation)


@router.get("/me", summary="The caller", responses=problem_responses(NotAuthenticated, UserNotFound))
async def get_me(actor: CurrentActor, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, own_id(actor)))


@router.patch("/me", summary="Change the caller's profile", responses=_OWN)
async def update_me(body: ProfileIn, actor: CurrentActor, database: ActingDatabase) -> UserOut:
    user = await database.write(users.update_profile, own_id(actor), body.changes())
    return UserOut.model_validate(user)


@router.post("/me/deactivate", summary="Close the caller's access; the history stays", responses=_OWN)
async def deactivate_me(actor: CurrentActor, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.deactivate, own_id(actor)))


@router.delete(
    "/me",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove the caller and their accounts, if no money ever moved",
    responses=problem_responses(NotAuthenticated, StillReferenced),
)
async def delete_me(actor: CurrentActor, database: ActingDatabase) -> None:
    await database.write(users.delete_user, own_id(actor))


@router.post("/me/kyc", summary="Hand in documents for a level of the identity check", responses=_OWN)
async def submit_kyc(body: KycSubmissionIn, actor: CurrentActor, database: ActingDatabase) -> UserOut:
    user = await database.write(kyc.submit, own_id(actor), body.level, body.documents)
    return UserOut.model_validate(user)


@router.get(
    "/users",
    summary="Users, newest first (administrators)",
    responses={**PAGE_PROBLEMS, **problem_responses(NotAuthenticated, AccessDenied)},
)
async def list_users(
    database: ActingDatabase,
    part: ListPart,
    email: Annotated[str | None, Query(max_length=254, description="The whole address, in any case.")] = None,
    status: UserStatusEnum | None = None,
    role: UserRoleEnum | None = None,
    kyc_status: KycStatusEnum | None = None,
) -> PageOut[UserOut]:
    found = await database.read(
        users.list_users,
        part,
        email=email,
        status=status,
        role=role,
        kyc_status=kyc_status,
    )
    return PageOut[UserOut].model_validate(found)


@router.get(
    "/users/{user_id}", summary="One user", responses=problem_responses(NotAuthenticated, UserNotFound, InvalidValue)
)
async def get_user(user_id: UUID, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, user_id))


@router.put("/users/{user_id}/role", summary="Change somebody's role (administrators)", responses=_DECISION)
async def set_role(user_id: UUID, body: RoleIn, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.set_role, user_id, body.role))


@router.put(
    "/users/{user_id}/status",
    summary="Activate, suspend or deactivate somebody (administrators)",
    responses=_DECISION,
)
async def set_status(user_id: UUID, body: StatusIn, database: ActingDatabase) -> UserOut:
    user = await database.write(users.set_status, user_id, body.status, reason=body.reason)
    return UserOut.model_validate(user)


@router.put("/users/{user_id}/kyc", summary="Decide on an identity check (administrators)", responses=_DECISION)
async def decide_kyc(user_id: UUID, body: KycDecisionIn, database: ActingDatabase) -> UserOut:
    user = await database.write(
        kyc.decide, user_id, body.status, level=body.level, documents=body.documents, reason=body.reason
    )
    return UserOut.model_validate(user)


@router.get(
    "/users/{user_id}/kyc",
    summary="What was submitted and decided, newest first (administrators)",
    responses=problem_responses(NotAuthenticated, AccessDenied, UserNotFound, InvalidValue),
)
async def list_kyc_events(user_id: UUID, database: ActingDatabase) -> list[KycEventOut]:
    return [KycEventOut.model_validate(event) for event in await database.read(kyc.history, user_id)]


@router.delete(
    "/users/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a user whose money never moved; administrators, or oneself",
    responses=problem_responses(NotAuthenticated, UserNotFound, InvalidValue, StillReferenced),
)
async def delete_user(user_id: UUID, database: ActingDatabase) -> None:
    await database.write(users.delete_user, user_id)
