"""The door: sign in, stay in, see who one is, choose another password, leave everywhere."""

from __future__ import annotations

from fastapi import APIRouter, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.encryption import compare_password
from strongroom.kernel.errors import InvalidValue, NotAuthenticated, RateLimitExceeded
from strongroom.kernel.web import PublicDatabase, TokenService, own_id, problem_responses
from strongroom.systems.forecasting.errors import EmailTaken, SignInRefused, UserInactive, UserNotFound
from strongroom.systems.forecasting.routes.dependencies import VIEWER, ActingDatabase, CurrentActor, Options, Tokens
from strongroom.systems.forecasting.routes.problems import READING, WRITING
from strongroom.systems.forecasting.schemas.users import (
    PasswordChangeIn,
    RefreshIn,
    SignInIn,
    TokensOut,
    UserChangeIn,
    UserOut,
)
from strongroom.systems.forecasting.services import passwords, users
from strongroom.systems.forecasting.services import sign_in as sessions

router = APIRouter(tags=["forecasting: sign-in"])


@router.post(
    "/sign-in",
    summary="Exchange name or email address and password for tokens",
    responses=problem_responses(InvalidValue, SignInRefused, UserInactive, RateLimitExceeded),
)
async def sign_in(body: SignInIn, database: PublicDatabase, options: Options, tokens: Tokens) -> TokensOut:
    stored = await database.read(passwords.find_password, body.login)
    compared = await run_in_threadpool(compare_password, body.password.get_secret_value(), stored)
    return _issue(tokens, await database.write(sessions.sign_in, compared, options=options))


@router.post(
    "/sign-in/refresh",
    summary="Exchange a refresh token for new tokens, with the role of now",
    responses=problem_responses(NotAuthenticated, InvalidValue),
)
async def refresh(body: RefreshIn, database: PublicDatabase, tokens: Tokens) -> TokensOut:
    claims = tokens.verify_refresh(body.refresh_token.get_secret_value())
    return _issue(tokens, await database.read(sessions.continue_session, claims.subject_id, claims.epoch))


@router.post(
    "/sign-out-everywhere",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End every session; access tokens last until they expire",
    responses=problem_responses(*WRITING, UserNotFound),
    dependencies=[VIEWER],
)
async def sign_out_everywhere(actor: CurrentActor, database: ActingDatabase) -> None:
    await database.write(sessions.sign_out_everywhere, own_id(actor))


@router.put(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Choose another password, knowing the old one; every session ends, so sign in again",
    responses=problem_responses(*WRITING, SignInRefused, UserNotFound, RateLimitExceeded),
    dependencies=[VIEWER],
)
async def change_password(
    body: PasswordChangeIn, actor: CurrentActor, database: ActingDatabase, options: Options
) -> None:
    password = await run_in_threadpool(passwords.new_password, body.password.get_secret_value())
    stored = await database.read(passwords.get_own_password, own_id(actor))
    compared = await run_in_threadpool(compare_password, body.current_password.get_secret_value(), stored)
    await database.write(passwords.change_password, compared, password, options=options)


@router.get(
    "/me", summary="Who is signed in", responses=problem_responses(*READING, UserNotFound), dependencies=[VIEWER]
)
async def get_me(actor: CurrentActor, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.read(users.get_user, own_id(actor)))


@router.patch(
    "/me",
    summary="Change one's own address or full name",
    responses=problem_responses(*WRITING, UserNotFound, EmailTaken),
    dependencies=[VIEWER],
)
async def update_me(body: UserChangeIn, actor: CurrentActor, database: ActingDatabase) -> UserOut:
    return UserOut.model_validate(await database.write(users.update_user, own_id(actor), **body.changes()))


def _issue(tokens: TokenService, signed_in: sessions.SignedIn) -> TokensOut:
    return TokensOut(
        access_token=tokens.issue_access(signed_in.actor),
        refresh_token=tokens.issue_refresh(signed_in.user.id, epoch=signed_in.epoch).token,
        expires_in=tokens.access_ttl_s,
    )
