"""Claims about the door and about users over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from strongroom.kernel.sessions import Actor

ADA = {"username": "Ada_L", "email": "Ada@Example.com", "password": "Countess 1815", "full_name": "Ada Lovelace"}


@pytest.fixture
async def ada(admin: httpx2.AsyncClient) -> dict[str, Any]:
    made = await admin.post("/users", json={**ADA, "role": "analyst"})
    assert made.status_code == 201, made.text
    return dict(made.json())


async def enter(client: httpx2.AsyncClient, login: str, password: str = ADA["password"]) -> httpx2.Response:
    return await client.post("/sign-in", json={"login": login, "password": password})


def bearing(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_a_user_comes_in_by_name_or_address_in_any_case_of_letters(
    nobody: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    for login in ("ada_l", "ADA@EXAMPLE.COM"):
        signed_in = await enter(nobody, login)
        assert signed_in.status_code == 200, signed_in.text
        me = await nobody.get("/me", headers=bearing(signed_in.json()))
        assert me.json() == ada
    assert "password" not in " ".join(ada)


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    nobody: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    wrong = [(await enter(nobody, "ada_l", "Wrong 123")).json(), (await enter(nobody, "nobody")).json()]
    for answer in wrong:
        answer.pop("instance")
    assert wrong[0] == wrong[1]
    assert wrong[0]["code"] == "FORECASTING_SIGN_IN_REFUSED"


async def test_who_guesses_too_often_waits(nobody: httpx2.AsyncClient, ada: dict[str, Any]) -> None:
    guesses = [(await enter(nobody, "ada_l", f"Wrong {guess}")).status_code for guess in range(3)]
    assert guesses == [401, 401, 401]
    locked = await enter(nobody, "ada_l")
    assert (locked.status_code, locked.json()["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert int(locked.headers["retry-after"]) > 800


async def test_another_password_ends_every_session(nobody: httpx2.AsyncClient, ada: dict[str, Any]) -> None:
    tokens = (await enter(nobody, "ada_l")).json()
    renewed = await nobody.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert renewed.status_code == 200, renewed.text
    wrong = {"current_password": "Wrong 123", "password": "Engine 1843"}
    assert (await nobody.put("/password", json=wrong, headers=bearing(tokens))).status_code == 401
    weak = {"current_password": ADA["password"], "password": "engines1843"}
    refused = await nobody.put("/password", json=weak, headers=bearing(tokens))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "password")
    change = {"current_password": ADA["password"], "password": "Engine 1843"}
    assert (await nobody.put("/password", json=change, headers=bearing(tokens))).status_code == 204
    for refresh_token in (tokens["refresh_token"], renewed.json()["refresh_token"]):
        ended = await nobody.post("/sign-in/refresh", json={"refresh_token": refresh_token})
        assert ended.json()["code"] == "NOT_AUTHENTICATED"
    assert (await enter(nobody, "ada_l")).status_code == 401
    assert (await enter(nobody, "ada_l", "Engine 1843")).status_code == 200


async def test_who_signs_out_everywhere_has_to_sign_in_again(nobody: httpx2.AsyncClient, ada: dict[str, Any]) -> None:
    tokens = (await enter(nobody, "ada_l")).json()
    assert (await nobody.post("/sign-out-everywhere", headers=bearing(tokens))).status_code == 204
    ended = await nobody.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert ended.status_code == 401


async def test_who_is_switched_off_stays_outside(
    nobody: httpx2.AsyncClient, admin: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    tokens = (await enter(nobody, "ada_l")).json()
    off = await admin.put(f"/users/{ada['id']}/standing", json={"is_active": False})
    assert off.json()["is_active"] is False
    refused = await enter(nobody, "ada_l")
    assert (refused.status_code, refused.json()["code"]) == (403, "FORECASTING_USER_INACTIVE")
    assert (await enter(nobody, "ada_l", "Wrong 123")).status_code == 401
    ended = await nobody.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert ended.status_code == 401


async def test_a_new_role_counts_from_the_next_sign_in(
    nobody: httpx2.AsyncClient, admin: httpx2.AsyncClient, ada: dict[str, Any]
) -> None:
    old = (await enter(nobody, "ada_l")).json()
    assert (await admin.put(f"/users/{ada['id']}/role", json={"role": "admin"})).json()["role"] == "admin"
    ended = await nobody.post("/sign-in/refresh", json={"refresh_token": old["refresh_token"]})
    assert ended.status_code == 401
    new = (await enter(nobody, "ada_l")).json()
    assert (await nobody.get("/users", headers=bearing(new))).status_code == 200


async def test_an_administrator_keeps_the_users(admin: httpx2.AsyncClient, ada: dict[str, Any]) -> None:
    place = f"/users/{ada['id']}"
    twice = await admin.post("/users", json={**ADA, "email": "second@example.com", "username": "ADA_L"})
    assert (twice.status_code, twice.json()["code"]) == (409, "USERNAME_TAKEN")
    twice = await admin.post("/users", json={**ADA, "username": "second"})
    assert (twice.status_code, twice.json()["code"]) == (409, "FORECASTING_EMAIL_TAKEN")
    changed = await admin.patch(place, json={"full_name": None})
    assert (changed.json()["full_name"], changed.json()["email"]) == (None, "ada@example.com")
    assert (await admin.patch(place, json={"email": None})).status_code == 422
    assert (await admin.patch(place, json={"role": "admin"})).status_code == 422
    assert (await admin.put(f"{place}/password", json={"password": "Engine 1843"})).status_code == 204
    assert (await enter(admin, "ada_l", "Engine 1843")).status_code == 200
    analysts = (await admin.get("/users", params={"role": "analyst"})).json()["items"]
    assert {user["username"] for user in analysts} == {"Ada_L", "analyst", "other"}
    assert (await admin.delete(place)).status_code == 204
    assert (await admin.get(place)).json()["code"] == "FORECASTING_USER_NOT_FOUND"


async def test_nobody_decides_on_themselves(admin: httpx2.AsyncClient, actors: dict[str, Actor]) -> None:
    place = f"/users/{actors['admin'].id}"
    for answer in (
        await admin.put(f"{place}/role", json={"role": "viewer"}),
        await admin.put(f"{place}/standing", json={"is_active": False}),
        await admin.delete(place),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "OWN_STANDING")


async def test_users_change_their_own_address_and_name(viewer: httpx2.AsyncClient) -> None:
    changed = await viewer.patch("/me", json={"email": "New@Example.com", "full_name": "Vera"})
    assert (changed.json()["email"], changed.json()["full_name"]) == ("new@example.com", "Vera")
    assert (await viewer.get("/me")).json() == changed.json()
