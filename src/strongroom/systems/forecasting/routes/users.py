"""Users, for administrators: taken in, given a role or a password, switched off and on, removed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.forecasting.errors import EmailTaken, OwnStanding, UsernameTaken, UserNotFound
from strongroom.systems.forecasting.routes.dependencies import ADMINISTRATOR, ActingDatabase
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.rules import RoleEnum
from strongroom.systems.forecasting.schemas.users import (
    PasswordIn,
    RoleIn,
    StandingIn,
    UserChangeIn,
    UserIn,
    UserOut,
)
from strongroom.systems.forecasting.services import pages, passwords, users

router = APIRouter(prefix="/users", tags=["forecasting: users"], dependencies=[ADMINISTRATOR])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Take a user in (administrators)",
    responses=problem_responses(*WRITING, UsernameTaken, EmailTaken),
)
async def create_user(body: UserIn, database: ActingDatabase) -> UserOut:
    password = await run_in_threadpool(passwords.new_password, body.password.get_secret_value())
    person = body.model_dump(exclude={"password"})
    return UserOut.model_validate(await database.write(users.create_user, password=password, **person))


@router.get("", summary="Users by name (administrators)", responses=problem_responses(*LISTING))
async def list_users(
    database: ActingDatabase, part: ListPart, role: RoleEnum | None = None, is_active: bool | None = None
) -> PageOut[UserOut]:
    found = await database.read(pages.page_users, part, role=role, is_active=is_active)
    return PageOut[UserOut].model_validate(found)


@router.get("/{user_id}", summary="One user (administrators)", responses=problem_responses(*READING, UserNotFound))
async def get_user(user_id: UUID, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, user_id))


@router.patch(
    "/{user_id}",
    summary="Change a user's address or full name (administrators)",
    responses=problem_responses(*WRITING, UserNotFound, EmailTaken),
)
async def update_user(user_id: UUID, body: UserChangeIn, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.update_user, user_id, **body.changes()))


@router.put(
    "/{user_id}/role",
    summary="Give somebody else another role; their sessions end (administrators)",
    responses=problem_responses(*WRITING, UserNotFound, OwnStanding),
)
async def set_role(user_id: UUID, body: RoleIn, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.set_role, user_id, body.role))


@router.put(
    "/{user_id}/standing",
    summary="Switch somebody else off or on; who is off cannot sign in (administrators)",
    responses=problem_responses(*WRITING, UserNotFound, OwnStanding),
)
async def set_standing(user_id: UUID, body: StandingIn, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.set_active, user_id, body.is_active))


@router.put(
    "/{user_id}/password",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Give a user a new password; their sessions end, and a lock-out too (administrators)",
    responses=problem_responses(*WRITING, UserNotFound),
)
async def set_password(user_id: UUID, body: PasswordIn, database: ActingDatabase) -> None:
    password = await run_in_threadpool(passwords.new_password, body.password.get_secret_value())
    await database.write(passwords.set_password, user_id, password)


@router.delete(
    "/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove somebody else with their uploads and models (administrators)",
    responses=problem_responses(*WRITING, UserNotFound, OwnStanding),
)
async def delete_user(user_id: UUID, database: ActingDatabase) -> None:
    await database.write(users.delete_user, user_id)
