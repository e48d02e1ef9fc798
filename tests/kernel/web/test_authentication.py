"""A token is believed only when we signed it, for this use, and it has not expired."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx2
import jwt
import pytest
from fastapi import Depends, FastAPI

from strongroom.kernel.errors import ConfigurationError, NotAuthenticated
from strongroom.kernel.sessions import SYSTEM, Actor
from strongroom.kernel.values import FixedClock
from strongroom.kernel.web import Lifetimes, TokenService, bearer_actor, require_role

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
CurrentActor = Annotated[Actor, Depends(bearer_actor("attic"))]
ACTOR = Actor(uuid4(), "Ann", frozenset({"user", "premium"}))


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def forged(tokens: TokenService, secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {**claims_of(tokens.issue_access(ACTOR)), **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret, algorithm)


def test_an_access_token_names_its_actor(tokens: TokenService) -> None:
    assert tokens.verify_access(tokens.issue_access(ACTOR)) == ACTOR


def test_a_token_is_valid_until_the_second_it_expires(tokens: TokenService, clock: FixedClock) -> None:
    token = tokens.issue_access(ACTOR)
    clock.advance(timedelta(seconds=599))
    assert tokens.verify_access(token) == ACTOR
    clock.advance(timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(token)


@pytest.mark.parametrize("claim", ["aud", "exp", "iat", "iss", "sub", "typ", "jti"])
def test_a_token_without_a_required_claim_is_refused(tokens: TokenService, claim: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(forged(tokens, SECRET, "HS256", **{claim: None}))


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "another secret of more than 32 bytes"},
        {"algorithm": "HS512"},
        {"iss": "elsewhere"},
        {"aud": "elsewhere"},
        {"typ": "refresh"},
        {"sub": "not-a-uuid"},
        {"exp": "tomorrow"},
        {"exp": 1e300},
        {"iat": 4_000_000_000, "exp": 4_000_000_600},
        {"roles": "admin"},
    ],
    ids=str,
)
def test_a_token_we_did_not_issue_is_refused(tokens: TokenService, changes: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(forged(tokens, **changes))


def test_a_token_without_a_signature_is_refused(tokens: TokenService) -> None:
    unsigned = jwt.encode(claims_of(tokens.issue_access(ACTOR)), "", algorithm="none")
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(unsigned)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800", "é.é.é"])
def test_text_that_is_no_token_is_refused(tokens: TokenService, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(token)


def test_a_refresh_token_says_what_was_stored_of_it(tokens: TokenService) -> None:
    token, jti, expires_at = tokens.issue_refresh(UUID(int=7))
    claims = tokens.verify_refresh(token)
    assert (claims.subject_id, claims.jti, claims.expires_at) == (UUID(int=7), jti, expires_at)


def test_a_refresh_token_carries_the_epoch_it_was_issued_in(tokens: TokenService) -> None:
    assert tokens.verify_refresh(tokens.issue_refresh(uuid4(), epoch=3).token).epoch == 3
    assert tokens.verify_refresh(tokens.issue_refresh(uuid4()).token).epoch == 0


def test_a_refresh_token_opens_no_door_and_an_access_token_refreshes_nothing(tokens: TokenService) -> None:
    with pytest.raises(NotAuthenticated):
        tokens.verify_access(tokens.issue_refresh(uuid4()).token)
    with pytest.raises(NotAuthenticated):
        tokens.verify_refresh(tokens.issue_access(ACTOR))


def test_a_program_does_not_sign_in(tokens: TokenService) -> None:
    with pytest.raises(ValueError, match="id"):
        tokens.issue_access(SYSTEM)


def test_a_short_secret_is_refused_and_not_shown() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        TokenService("thirty-one bytes are not enough")
    assert "thirty-one" not in str(refusal.value)


@pytest.fixture
def guarded(app: FastAPI) -> FastAPI:
    @app.get("/me")
    async def me(actor: CurrentActor) -> str:
        return actor.name

    @app.get("/vault")
    async def vault(actor: Annotated[Actor, Depends(require_role("admin", "auditor", system="attic"))]) -> str:
        return actor.name

    return app


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_route_learns_who_calls(guarded: FastAPI, client: httpx2.AsyncClient, tokens: TokenService) -> None:
    assert (await client.get("/me", headers=bearing(tokens.of("attic").issue_access(ACTOR)))).json() == "Ann"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}, bearing("x.y.z")]
)
async def test_a_caller_without_a_valid_token_is_told_how_to_sign_in(
    guarded: FastAPI, client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_of_another_system_opens_nothing_here(
    guarded: FastAPI, client: httpx2.AsyncClient, tokens: TokenService
) -> None:
    answer = await client.get("/me", headers=bearing(tokens.of("cellar").issue_access(ACTOR)))
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")


def test_a_system_may_have_lifetimes_of_its_own(clock: FixedClock) -> None:
    tokens = TokenService(SECRET, clock=clock, lifetimes={"attic": Lifetimes(60, 120)})
    short, usual = tokens.of("attic"), tokens.of("cellar")
    first, second = short.issue_access(ACTOR), usual.issue_access(ACTOR)
    clock.advance(timedelta(seconds=61))
    with pytest.raises(NotAuthenticated):
        short.verify_access(first)
    assert usual.verify_access(second) == ACTOR


async def test_a_role_opens_the_door_that_asks_for_it(
    guarded: FastAPI, client: httpx2.AsyncClient, tokens: TokenService
) -> None:
    auditor = Actor(uuid4(), "Olga", frozenset({"auditor"}))
    assert (await client.get("/vault", headers=bearing(tokens.of("attic").issue_access(auditor)))).json() == "Olga"


async def test_without_the_role_the_door_stays_shut(
    guarded: FastAPI, client: httpx2.AsyncClient, tokens: TokenService
) -> None:
    answer = await client.get("/vault", headers=bearing(tokens.of("attic").issue_access(ACTOR)))
    assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS_DENIED")


async def test_without_a_token_the_door_asks_to_sign_in_first(guarded: FastAPI, client: httpx2.AsyncClient) -> None:
    assert (await client.get("/vault")).status_code == 401


async def test_the_documentation_knows_which_routes_need_a_token(guarded: FastAPI, client: httpx2.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert paths["/me"]["get"]["security"] == [{"HTTPBearer": []}]
    assert paths["/vault"]["get"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in paths["/health"]["get"]
