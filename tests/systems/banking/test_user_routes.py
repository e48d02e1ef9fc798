"""Claims about people over HTTP: what the door answers, and what it never gives away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.kernel.repositories import Cursors
from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.values import FixedClock
from strongroom.kernel.web import TokenService, build_base_app
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.routes import router
from strongroom.systems.banking.routes.dependencies import Letter
from strongroom.systems.banking.rules import UserRoleEnum
from strongroom.systems.banking.services import users
from tests.serving import serve

SECRET = "a secret of more than thirty-two bytes, and long enough for SHA-512"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "Analytical1"
ADA = {
    "email": "ada@example.com",
    "password": PASSWORD,
    "first_name": "Ada",
    "last_name": "Lovelace",
    "date_of_birth": "1990-05-17",
}

Headers = dict[str, str]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def letters() -> list[Letter]:
    """What the application's courier was given to send."""
    return []


@pytest.fixture
def app(any_async_database: AsyncDatabase, clock: FixedClock, letters: list[Letter]) -> FastAPI:
    any_async_database.clock = clock
    app = build_base_app(
        title="Bank", version="1", database=any_async_database, tokens=TokenService(SECRET, clock=clock)
    )
    app.state.cursors = Cursors(SECRET.encode())
    app.state.banking_options = BankingOptions(sign_in_attempts=2)

    async def send(letter: Letter) -> None:
        letters.append(letter)

    app.state.banking_courier = send
    serve(app, router)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bank/api/banking") as client:
        yield client


async def register(client: httpx2.AsyncClient, **changes: str) -> dict[str, Any]:
    answer = await client.post("/users", json=ADA | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def sign_in(client: httpx2.AsyncClient, email: str = ADA["email"], password: str = PASSWORD) -> dict[str, Any]:
    answer = await client.post("/sign-in", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bearer(tokens: dict[str, Any]) -> Headers:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def enter(client: httpx2.AsyncClient, **changes: str) -> Headers:
    """Register and sign in."""
    user = await register(client, **changes)
    return bearer(await sign_in(client, user["email"]))


@pytest.fixture
async def admin(client: httpx2.AsyncClient, any_async_database: AsyncDatabase) -> Headers:
    user = await register(client, email="root@example.com", first_name="Root", last_name="Bank")
    await any_async_database.write(users.set_role, user["id"], UserRoleEnum.ADMIN)
    return bearer(await sign_in(client, user["email"]))


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_whoever_registers_signs_in_and_verifies_is_active(
    client: httpx2.AsyncClient, letters: list[Letter]
) -> None:
    me = await enter(client)
    (letter,) = letters
    assert (letter.kind, letter.email) == ("verify_email", "ada@example.com")
    assert letter.secret not in repr(letter)
    assert (await client.get("/me", headers=me)).json()["status"] == "pending"
    wrong = await client.put("/email-verification", json={"code": "WRONG"}, headers=me)
    assert code_of(wrong) == (400, "WRONG_CODE")
    verified = await client.put("/email-verification", json={"code": letter.secret}, headers=me)
    assert (verified.json()["status"], verified.json()["email_verified"]) == ("active", True)
    assert verified.json()["last_login_at"] == "2026-03-01T12:00:00Z"


async def test_a_new_code_can_be_sent(client: httpx2.AsyncClient, letters: list[Letter]) -> None:
    me = await enter(client)
    assert (await client.post("/email-verification", headers=me)).status_code == 202
    old, new = letters
    assert (await client.put("/email-verification", json={"code": old.secret}, headers=me)).status_code == 400
    assert (await client.put("/email-verification", json={"code": new.secret}, headers=me)).status_code == 200


async def test_no_answer_holds_a_secret(client: httpx2.AsyncClient, admin: Headers, letters: list[Letter]) -> None:
    me = await enter(client)
    await client.patch("/me", json={"id_number": "ID-4711"}, headers=me)
    answers = [await client.get("/me", headers=me), await client.get("/users", headers=admin)]
    for answer in answers:
        assert answer.status_code == 200
        for secret in ("argon2", "hash", "password", "ID-4711", "epoch", *(letter.secret for letter in letters)):
            assert secret not in answer.text


@pytest.mark.parametrize("field", ["role", "status", "is_verified", "kyc_level", "id"])
async def test_nobody_registers_as_what_they_like(client: httpx2.AsyncClient, field: str) -> None:
    answer = await client.post("/users", json=ADA | {field: "admin"})
    assert code_of(answer) == (422, "VALIDATION_ERROR")
    assert answer.json()["errors"][0]["field"] == field


async def test_a_registration_that_cannot_be_is_refused_by_name(client: httpx2.AsyncClient) -> None:
    await register(client)
    assert code_of(await client.post("/users", json=ADA)) == (409, "EMAIL_ALREADY_EXISTS")
    simple = await client.post("/users", json=ADA | {"email": "b@example.com", "password": "all-small-letters"})
    assert simple.json()["errors"][0]["field"] == "password"
    assert "all-small-letters" not in simple.text


async def test_wrong_passwords_are_refused_and_then_made_to_wait(client: httpx2.AsyncClient) -> None:
    await register(client)
    guess = {"email": ADA["email"], "password": "Difference1"}
    for _ in range(2):
        assert code_of(await client.post("/sign-in", json=guess)) == (401, "WRONG_CREDENTIALS")
    waiting = await client.post("/sign-in", json=guess | {"password": PASSWORD})
    assert code_of(waiting) == (429, "RATE_LIMIT_EXCEEDED")
    assert waiting.headers["Retry-After"] == "900"


async def test_a_refresh_token_goes_on_until_its_user_signs_out(client: httpx2.AsyncClient) -> None:
    await register(client)
    first = await sign_in(client)
    again = await client.post("/sign-in/refresh", json={"refresh_token": first["refresh_token"]})
    assert again.status_code == 200
    assert again.json()["expires_in"] == 900
    assert (await client.post("/sign-out-everywhere", headers=bearer(again.json()))).status_code == 204
    for tokens in (first, again.json()):
        ended = await client.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
        assert code_of(ended) == (401, "NOT_AUTHENTICATED")


async def test_an_access_token_refreshes_nothing(client: httpx2.AsyncClient) -> None:
    await register(client)
    tokens = await sign_in(client)
    answer = await client.post("/sign-in/refresh", json={"refresh_token": tokens["access_token"]})
    assert answer.status_code == 401


async def test_a_changed_password_gives_new_tokens_and_ends_the_old_ones(client: httpx2.AsyncClient) -> None:
    await register(client)
    old = await sign_in(client)
    wrong = {"current_password": "Difference1", "password": "Another1Word"}
    assert code_of(await client.put("/password", json=wrong, headers=bearer(old))) == (401, "WRONG_CREDENTIALS")
    new = await client.put("/password", json=wrong | {"current_password": PASSWORD}, headers=bearer(old))
    statuses = [
        (await client.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})).status_code
        for tokens in (old, new.json())
    ]
    assert statuses == [401, 200]
    await sign_in(client, password="Another1Word")


async def test_a_reset_asked_for_tells_nobody_who_banks_here(client: httpx2.AsyncClient, letters: list[Letter]) -> None:
    await register(client)
    letters.clear()
    answers = [await client.post("/password-reset", json={"email": f"{name}@example.com"}) for name in ("ada", "eve")]
    assert [(answer.status_code, answer.text) for answer in answers] == [(202, "null"), (202, "null")]
    assert [letter.email for letter in letters] == ["ada@example.com"]


async def test_a_password_is_reset_by_the_token_once(client: httpx2.AsyncClient, letters: list[Letter]) -> None:
    await register(client)
    await client.post("/password-reset", json={"email": ADA["email"]})
    body = {"token": letters[-1].secret, "password": "Another1Word"}
    assert (await client.put("/password-reset", json=body)).status_code == 204
    assert code_of(await client.put("/password-reset", json=body)) == (400, "WRONG_CODE")
    await sign_in(client, password="Another1Word")


async def test_without_a_courier_letters_are_dropped_and_said_so(
    app: FastAPI, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    del app.state.banking_courier
    await register(client)
    assert "verify_email letter was not sent" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("PATCH", "/me"),
        ("DELETE", "/me"),
        ("POST", "/me/kyc"),
        ("POST", "/me/deactivate"),
        ("PUT", "/password"),
        ("PUT", "/email-verification"),
        ("POST", "/email-verification"),
        ("POST", "/sign-out-everywhere"),
        ("GET", "/users"),
        ("GET", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7"),
        ("DELETE", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7"),
        ("PUT", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7/role"),
        ("PUT", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7/status"),
        ("PUT", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7/kyc"),
        ("GET", "/users/01a1feab-b96a-764a-b90c-fcb0fe0486e7/kyc"),
    ],
)
async def test_what_is_ones_own_needs_a_token(client: httpx2.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path, json={})).status_code == 401


async def test_a_profile_changes_by_the_fields_that_were_sent(client: httpx2.AsyncClient) -> None:
    me = await enter(client)
    await client.patch("/me", json={"bio": "Analyst", "country": "gb"}, headers=me)
    changed = await client.patch("/me", json={"bio": None, "profile_picture_url": "https://a.example/p"}, headers=me)
    user = changed.json()
    assert (user["bio"], user["country"], user["profile_picture_url"]) == (None, "GB", "https://a.example/p")
    assert (await client.patch("/me", json={"role": "admin"}, headers=me)).status_code == 422
    assert (await client.patch("/me", json={"last_name": None}, headers=me)).status_code == 422
    script = await client.patch("/me", json={"profile_picture_url": "javascript:alert(1)"}, headers=me)
    assert script.status_code == 422


async def test_customers_see_themselves_and_nobody_else(client: httpx2.AsyncClient, admin: Headers) -> None:
    me = await enter(client)
    grace = await register(client, email="grace@example.com")
    my_id = (await client.get("/me", headers=me)).json()["id"]
    assert (await client.get(f"/users/{my_id}", headers=me)).status_code == 200
    assert code_of(await client.get(f"/users/{grace['id']}", headers=me)) == (404, "USER_NOT_FOUND")
    assert code_of(await client.delete(f"/users/{grace['id']}", headers=me)) == (404, "USER_NOT_FOUND")
    assert code_of(await client.get("/users", headers=me)) == (403, "ACCESS_DENIED")
    role = await client.put(f"/users/{my_id}/role", json={"role": "admin"}, headers=me)
    assert code_of(role) == (403, "ACCESS_DENIED")
    assert (await client.get(f"/users/{grace['id']}", headers=admin)).status_code == 200


async def test_administrators_read_users_in_pages(client: httpx2.AsyncClient, admin: Headers) -> None:
    for name in ("ada", "grace"):
        await register(client, email=f"{name}@example.com")
    first = (await client.get("/users", params={"limit": 2, "count": "exact"}, headers=admin)).json()
    rest = await client.get("/users", params={"limit": 2, "cursor": first["next_cursor"]}, headers=admin)
    emails = [user["email"].split("@")[0] for user in first["items"] + rest.json()["items"]]
    assert (emails, first["count"], rest.json()["next_cursor"]) == (["grace", "ada", "root"], 3, None)
    elsewhere = await client.get("/users", params={"cursor": first["next_cursor"], "role": "premium"}, headers=admin)
    assert code_of(elsewhere) == (422, "INVALID_CURSOR")


async def test_a_suspended_user_cannot_come_back_in(client: httpx2.AsyncClient, admin: Headers) -> None:
    user = await register(client)
    tokens = await sign_in(client)
    suspension = {"status": "suspended", "reason": "fraud"}
    answer = await client.put(f"/users/{user['id']}/status", json=suspension, headers=admin)
    assert (answer.json()["status"], answer.json()["is_active"]) == ("suspended", False)
    refreshed = await client.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401
    again = await client.post("/sign-in", json={"email": ADA["email"], "password": PASSWORD})
    assert code_of(again) == (400, "USER_NOT_ACTIVE")


async def test_a_role_reaches_the_next_token(client: httpx2.AsyncClient, admin: Headers) -> None:
    user = await register(client)
    tokens = await sign_in(client)
    await client.put(f"/users/{user['id']}/role", json={"role": "admin"}, headers=admin)
    assert (await client.get("/users", headers=bearer(tokens))).status_code == 403
    refreshed = await client.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert (await client.get("/users", headers=bearer(refreshed.json()))).status_code == 200


async def test_an_identity_check_from_submission_to_decision(client: httpx2.AsyncClient, admin: Headers) -> None:
    me = await enter(client)
    my_id = (await client.get("/me", headers=me)).json()["id"]
    missing = await client.post("/me/kyc", json={"level": "enhanced", "documents": ["national_id"]}, headers=me)
    assert (code_of(missing), "proof_of_address" in missing.json()["detail"]) == (
        (400, "BUSINESS_RULE_VIOLATION"),
        True,
    )
    sent = await client.post("/me/kyc", json={"level": "standard", "documents": ["national_id"]}, headers=me)
    assert sent.json()["kyc_status"] == "pending_review"
    decision = {"status": "approved", "level": "standard", "documents": ["national_id"], "reason": "seen"}
    decided = await client.put(f"/users/{my_id}/kyc", json=decision, headers=admin)
    assert (decided.json()["kyc_status"], decided.json()["kyc_level"]) == ("approved", "standard")
    events = (await client.get(f"/users/{my_id}/kyc", headers=admin)).json()
    assert {event["actor_name"] for event in events} == {"Root Bank", "Ada Lovelace"}


async def test_a_user_leaves(client: httpx2.AsyncClient) -> None:
    me = await enter(client)
    assert (await client.post("/me/deactivate", headers=me)).json()["status"] == "deactivated"
    assert (await client.delete("/me", headers=me)).status_code == 204
    assert code_of(await client.get("/me", headers=me)) == (404, "USER_NOT_FOUND")


async def test_time_is_the_databases_clock(
    client: httpx2.AsyncClient, clock: FixedClock, any_async_database: AsyncDatabase
) -> None:
    await register(client)
    clock.advance(timedelta(days=2))
    await sign_in(client)
    async with any_async_database.session() as session:
        user = await UserRepository(session).get_user_by_email(ADA["email"])
    assert user is not None
    assert user.last_login_at == clock.now()
