"""The door: register, sign in, stay in, prove an address, choose another password."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.encryption import compare_password, new_password
from strongroom.kernel.errors import InvalidValue, NotAuthenticated, RateLimitExceeded
from strongroom.kernel.sessions import Actor
from strongroom.kernel.web import PublicDatabase, TokenService, own_id, problem_responses
from strongroom.systems.banking.errors import (
    BusinessRuleViolation,
    EmailAlreadyExists,
    UserNotActive,
    WrongCode,
    WrongCredentials,
)
from strongroom.systems.banking.models import User
from strongroom.systems.banking.routes.dependencies import (
    ActingDatabase,
    CurrentActor,
    Letter,
    LetterCourier,
    Options,
    Tokens,
)
from strongroom.systems.banking.schemas.users import (
    CodeIn,
    NewPasswordIn,
    PasswordChangeIn,
    PasswordResetIn,
    RefreshIn,
    RegisterIn,
    SignInIn,
    TokensOut,
    UserOut,
)
from strongroom.systems.banking.services import email_proofs, passwords, users
from strongroom.systems.banking.services import sign_in as sessions

router = APIRouter(tags=["banking: sign-in"])


@router.post(
    "/users",
    status_code=status.HTTP_201_CREATED,
    summary="Become a customer; a code goes to the address",
    responses=problem_responses(InvalidValue, EmailAlreadyExists),
)
async def register(
    body: RegisterIn, database: PublicDatabase, courier: LetterCourier, background: BackgroundTasks
) -> UserOut:
    password = await run_in_threadpool(new_password, body.password.get_secret_value())
    person = body.model_dump(exclude={"password"})
    user, code = await database.write(users.register, password=password, **person)
    background.add_task(courier, Letter("verify_email", user.email, code))
    return UserOut.model_validate(user)


@router.post(
    "/sign-in",
    summary="Exchange email address and password for tokens",
    responses=problem_responses(WrongCredentials, UserNotActive, RateLimitExceeded),
)
async def sign_in(body: SignInIn, database: PublicDatabase, options: Options, tokens: Tokens) -> TokensOut:
    stored = await database.read(passwords.find_password, body.email)
    compared = await run_in_threadpool(compare_password, body.password.get_secret_value(), stored)
    user = await database.write(sessions.sign_in, compared, options=options)
    return _issue(tokens, user)


@router.post(
    "/sign-in/refresh",
    summary="Exchange a refresh token for new tokens",
    responses=problem_responses(NotAuthenticated),
)
async def refresh(body: RefreshIn, database: PublicDatabase, tokens: Tokens) -> TokensOut:
    claims = tokens.verify_refresh(body.refresh_token.get_secret_value())
    return _issue(tokens, await database.read(sessions.continue_session, claims.subject_id, claims.epoch))


@router.post(
    "/sign-out-everywhere",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End every session; access tokens last until they expire",
    responses=problem_responses(NotAuthenticated),
)
async def sign_out_everywhere(actor: CurrentActor, database: ActingDatabase) -> None:
    await database.write(sessions.sign_out_everywhere, own_id(actor))


@router.post(
    "/email-verification",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Send a new code to the caller's address",
    responses=problem_responses(NotAuthenticated, BusinessRuleViolation),
)
async def send_verification_code(
    actor: CurrentActor, database: ActingDatabase, courier: LetterCourier, background: BackgroundTasks
) -> None:
    user, code = await database.write(email_proofs.new_verification_code, own_id(actor))
    background.add_task(courier, Letter("verify_email", user.email, code))


@router.put(
    "/email-verification",
    summary="Verify the caller's address by the code that was sent to it",
    responses=problem_responses(NotAuthenticated, WrongCode),
)
async def verify_email(body: CodeIn, actor: CurrentActor, database: ActingDatabase) -> UserOut:
    user = await database.write(email_proofs.verify_email, own_id(actor), body.code.get_secret_value())
    return UserOut.model_validate(user)


@router.post(
    "/password-reset",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Send a token to an address, if a customer has it; the answer does not tell",
)
async def request_password_reset(
    body: PasswordResetIn, database: PublicDatabase, courier: LetterCourier, background: BackgroundTasks
) -> None:
    proof = await database.write(email_proofs.request_password_reset, body.email)
    if proof is not None:
        background.add_task(courier, Letter("reset_password", proof.user.email, proof.secret))


@router.put(
    "/password-reset",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Choose another password by the token that was sent",
    responses=problem_responses(InvalidValue, WrongCode),
)
async def reset_password(body: NewPasswordIn, database: PublicDatabase) -> None:
    password = await run_in_threadpool(new_password, body.password.get_secret_value())
    await database.write(email_proofs.reset_password, body.token.get_secret_value(), password)


@router.put(
    "/password",
    summary="Choose another password, knowing the old one; ends every other session",
    responses=problem_responses(NotAuthenticated, InvalidValue, WrongCredentials, RateLimitExceeded),
)
async def change_password(
    body: PasswordChangeIn, actor: CurrentActor, database: ActingDatabase, options: Options, tokens: Tokens
) -> TokensOut:
    stored = await database.read(passwords.get_own_password, own_id(actor))
    compared = await run_in_threadpool(compare_password, body.current_password.get_secret_value(), stored)
    password = await run_in_threadpool(new_password, body.password.get_secret_value())
    user = await database.write(passwords.change_password, compared, password, options=options)
    return _issue(tokens, user)


def _issue(tokens: TokenService, user: User) -> TokensOut:
    actor = Actor(user.id, user.full_name, frozenset({user.role.value}))
    return TokensOut(
        access_token=tokens.issue_access(actor),
        refresh_token=tokens.issue_refresh(user.id, epoch=user.session_epoch).token,
        expires_in=tokens.access_ttl_s,
    )
