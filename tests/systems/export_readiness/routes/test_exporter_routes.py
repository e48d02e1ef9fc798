"""Claims about businesses over HTTP: how they come in, what they keep, and how they leave."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.systems.export_readiness.routes.conftest import REPORT, NewReport, as_sent

PASSWORD = "Turmeric1"
BUSINESS = {
    "email": "Chitra@Example.com",
    "password": PASSWORD,
    "business_type": "Merchant",
    "company_size": "Micro",
    "company_name": "Chitra Crafts",
    "monthly_volume": "1000.50",
}


async def signed_in(nobody: httpx2.AsyncClient, password: str = PASSWORD) -> dict[str, Any]:
    answer = await nobody.post("/sign-in", json={"email": "chitra@example.com", "password": password})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_business_registers_signs_in_and_stays_in(nobody: httpx2.AsyncClient) -> None:
    registered = await nobody.post("/users", json=BUSINESS)
    assert registered.status_code == 201, registered.text
    assert (registered.json()["email"], registered.json()["monthly_volume"]) == ("chitra@example.com", "1000.50")
    assert PASSWORD not in registered.text
    assert "password_hash" not in registered.text
    tokens = await signed_in(nobody)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    me = (await nobody.get("/me", headers=bearer)).json()
    assert me["company_name"] == "Chitra Crafts"
    assert me["last_login"] is not None
    renewed = await nobody.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert renewed.status_code == 200
    metrics = (await nobody.get("/me/metrics", headers=bearer)).json()
    assert (metrics["reports_generated"], metrics["cost_savings"], metrics["success_rate"]) == (0, "0.00", None)


async def test_an_address_is_taken_once_in_any_case(nobody: httpx2.AsyncClient) -> None:
    await nobody.post("/users", json=BUSINESS)
    again = await nobody.post("/users", json={**BUSINESS, "email": "CHITRA@example.com"})
    assert (again.status_code, again.json()["code"]) == (409, "EXPORTER_ALREADY_EXISTS")


async def test_a_new_password_ends_the_sessions_of_the_old_one(nobody: httpx2.AsyncClient) -> None:
    await nobody.post("/users", json=BUSINESS)
    old = await signed_in(nobody)
    bearer = {"Authorization": f"Bearer {old['access_token']}"}
    change = {"current_password": "Wrong-word1", "password": "Saffron22"}
    wrong = await nobody.put("/password", json=change, headers=bearer)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "EXPORTER_CREDENTIALS_WRONG")
    changed = await nobody.put("/password", json={**change, "current_password": PASSWORD}, headers=bearer)
    assert changed.status_code == 200, changed.text
    ended = await nobody.post("/sign-in/refresh", json={"refresh_token": old["refresh_token"]})
    assert (ended.status_code, ended.json()["code"]) == (401, "NOT_AUTHENTICATED")
    fresh = await nobody.post("/sign-in/refresh", json={"refresh_token": changed.json()["refresh_token"]})
    assert fresh.status_code == 200
    await signed_in(nobody, "Saffron22")


async def test_signing_out_everywhere_ends_every_session(nobody: httpx2.AsyncClient) -> None:
    await nobody.post("/users", json=BUSINESS)
    tokens = await signed_in(nobody)
    out = await nobody.post("/sign-out-everywhere", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert out.status_code == 204
    ended = await nobody.post("/sign-in/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert ended.status_code == 401


async def test_guessing_passwords_locks_out(nobody: httpx2.AsyncClient) -> None:
    await nobody.post("/users", json=BUSINESS)
    wrong = {"email": BUSINESS["email"], "password": "Guessed-11"}
    answers = [await nobody.post("/sign-in", json=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    unknown = await nobody.post("/sign-in", json={**wrong, "email": "who@example.com"})
    assert unknown.json()["code"] == answers[0].json()["code"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "without digits"}, "password"),
        ({"business_type": "Smuggling"}, "business_type"),
        ({"company_size": "Huge"}, "company_size"),
        ({"company_name": "  "}, "company_name"),
        ({"company_name": "a\x00b"}, "company_name"),
        ({"company_name": "\ud800"}, "company_name"),
        ({"monthly_volume": 10.5}, "monthly_volume"),
        ({"monthly_volume": "0"}, "monthly_volume"),
        ({"monthly_volume": "1e400"}, "monthly_volume"),
        ({"monthly_volume": "NaN"}, "monthly_volume"),
        ({"id": "mine"}, "id"),
    ],
)
async def test_a_business_that_cannot_be_is_refused_by_field(
    nobody: httpx2.AsyncClient, change: dict[str, Any], named: str
) -> None:
    refused = await nobody.post("/users", **as_sent({**BUSINESS, **change}))
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in refused.json()["errors"]] == [named]
    assert BUSINESS["password"] not in refused.text


async def test_the_profile_changes_by_what_is_named(asha: httpx2.AsyncClient) -> None:
    before = (await asha.get("/me")).json()
    after = (await asha.patch("/me", json={"monthly_volume": None, "company_size": "Medium"})).json()
    differs = {name for name in before if before[name] != after[name]}
    assert differs == {"monthly_volume", "company_size", "updated_at"}
    refused = await asha.patch("/me", json={"company_name": None})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "company_name")


async def test_a_business_takes_its_data_along_and_leaves(
    asha: httpx2.AsyncClient, new_report: NewReport, admin: httpx2.AsyncClient
) -> None:
    report_id = await new_report()
    user_id = (await asha.get("/me")).json()["id"]
    export = await asha.get("/me/data")
    assert export.headers["content-disposition"].startswith("attachment")
    assert "password" not in export.text
    data = export.json()
    assert [report["product_name"] for report in data["reports"]] == [REPORT["product_name"]]
    assert data["reports"][0]["tasks"] != []
    assert (await asha.delete("/me")).status_code == 204
    for path in ("/me", "/me/data", "/me/metrics"):
        assert (await asha.get(path)).json()["code"] == "EXPORTER_NOT_FOUND"
    assert (await admin.get(f"/reports/{report_id}")).status_code == 404
    assert (await admin.get(f"/users/{user_id}")).status_code == 404


async def test_exports_that_arrived_are_counted(asha: httpx2.AsyncClient, new_report: NewReport) -> None:
    await new_report()
    counted = (await asha.post("/me/exports", json={"exported_at": "2026-01-05T00:00:00Z"})).json()
    assert (counted["exports_completed"], counted["success_rate"]) == (1, "100.00")
    to_come = await asha.post("/me/exports", json={"exported_at": "2200-01-05T00:00:00Z"})
    assert (to_come.status_code, to_come.json()["errors"][0]["field"]) == (422, "exported_at")


async def test_savings_add_up_to_the_paisa(asha: httpx2.AsyncClient) -> None:
    for amount in ("0.10", "0.20"):
        saved = await asha.post("/me/savings", json={"amount": amount})
    assert saved.json()["cost_savings"] == "0.30"
    for wrong in ("0", "-1", "0.001", "1e13", 0.1):
        refused = await asha.post("/me/savings", json={"amount": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "amount"), refused.text
    too_much = await asha.post("/me/savings", json={"amount": "999999999999.99"})
    assert (too_much.status_code, too_much.json()["code"]) == (422, "VALUE_OUT_OF_RANGE")
    assert (await asha.get("/me/metrics")).json()["cost_savings"] == "0.30"


async def test_administrators_list_businesses(admin: httpx2.AsyncClient) -> None:
    first = (await admin.get("/users", params={"limit": 1})).json()
    rest = (await admin.get("/users", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    emails = [user["email"] for user in first["items"] + rest["items"]]
    assert emails == ["bala@example.com", "asha@example.com"]
    assert (await admin.get("/users", params={"business_type": "SaaS"})).json()["items"] == []
    user_id = first["items"][0]["id"]
    assert (await admin.get(f"/users/{user_id}/metrics")).json()["user_id"] == user_id
    assert (await admin.delete(f"/users/{user_id}")).status_code == 204
    assert (await admin.get("/me")).json()["code"] == "EXPORTER_NOT_FOUND"
