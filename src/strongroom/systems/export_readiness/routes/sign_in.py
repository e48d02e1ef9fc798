"""The door: register, sign in, stay in, choose another password."""

from __future__ import annotations

from fastapi import APIRouter, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.encryption import compare_password, new_password
from strongroom.kernel.errors import CommitIndeterminate, NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import Actor
from strongroom.kernel.web import PublicDatabase, TokenService, problem_responses
from strongroom.systems.export_readiness.errors import ExporterAlreadyExists, ExporterCredentialsWrong
from strongroom.systems.export_readiness.models import User
from strongroom.systems.export_readiness.routes.dependencies import ActingDatabase, Options, OwnId, Tokens
from strongroom.systems.export_readiness.routes.problems import CHANGING_OWN, OPEN
from strongroom.systems.export_readiness.schemas.users import (
    PasswordChangeIn,
    RefreshIn,
    RegisterIn,
    SignInIn,
    TokensOut,
    UserOut,
)
from strongroom.systems.export_readiness.services import passwords, users
from strongroom.systems.export_readiness.services import sign_in as sessions
from strongroom.systems.export_readiness.services.access import EXPORTER

router = APIRouter(tags=["export readiness: sign-in"])

_COMING_IN = (*OPEN, CommitIndeterminate, ExporterCredentialsWrong, RateLimitExceeded)


@router.post(
    "/users",
    status_code=status.HTTP_201_CREATED,
    summary="Register a business; its address is its name here, so a repetition is refused",
    responses=problem_responses(*OPEN, CommitIndeterminate, ExporterAlreadyExists),
)
async def register(body: RegisterIn, database: PublicDatabase) -> UserOut:
    password = await run_in_threadpool(new_password, body.password.get_secret_value())
    values = {name: value for name, value in dict(body).items() if name != "password"}
    return UserOut.model_validate(await database.write(users.register, password=password, **values))


@router.post(
    "/sign-in",
    summary="Exchange email address and password for tokens",
    responses=problem_responses(*_COMING_IN),
)
async def sign_in(body: SignInIn, database: PublicDatabase, options: Options, tokens: Tokens) -> TokensOut:
    stored = await database.read(passwords.find_password, body.email)
    compared = await run_in_threadpool(compare_password, body.password.get_secret_value(), stored)
    proven = await database.write(sessions.sign_in, compared, options=options)
    return _issue(tokens, proven.user, proven.sign_in.epoch)


@router.post(
    "/sign-in/refresh",
    summary="Exchange a refresh token for new tokens",
    responses=problem_responses(*OPEN, NotAuthenticated),
)
async def refresh(body: RefreshIn, database: PublicDatabase, tokens: Tokens) -> TokensOut:
    claims = tokens.verify_refresh(body.refresh_token.get_secret_value())
    user = await database.read(sessions.continue_session, claims.subject_id, claims.epoch)
    return _issue(tokens, user, claims.epoch)


@router.post(
    "/sign-out-everywhere",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End every session; access tokens last until they expire",
    responses=problem_responses(*CHANGING_OWN),
)
async def sign_out_everywhere(user_id: OwnId, database: ActingDatabase) -> None:
    await database.write(sessions.sign_out_everywhere, user_id)


@router.put(
    "/password",
    summary="Choose another password, knowing the old one; ends every other session",
    responses=problem_responses(*CHANGING_OWN, ExporterCredentialsWrong, RateLimitExceeded),
)
async def change_password(
    body: PasswordChangeIn, user_id: OwnId, database: ActingDatabase, options: Options, tokens: Tokens
) -> TokensOut:
    stored = await database.read(passwords.get_own_password, user_id)
    compared = await run_in_threadpool(compare_password, body.current_password.get_secret_value(), stored)
    password = await run_in_threadpool(new_password, body.password.get_secret_value())
    proven = await database.write(passwords.change_password, compared, password, options=options)
    return _issue(tokens, proven.user, proven.sign_in.epoch)


def _issue(tokens: TokenService, user: User, epoch: int) -> TokensOut:
    actor = Actor(user.id, user.company_name or user.email, frozenset({EXPORTER}))
    return TokensOut(
        access_token=tokens.issue_access(actor),
        refresh_token=tokens.issue_refresh(user.id, epoch=epoch).token,
        expires_in=tokens.access_ttl_s,
    )
