"""Claims about API clients, reports, alerts and webhooks over HTTP: secrets once, keys ended, steps kept."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.sessions import AsyncDatabase
from strongroom.systems.biotech.models import WebhookDelivery
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from tests.systems.biotech.outbox import KEY
from tests.systems.biotech.routes.conftest import ALERT, HOOK, Dial, NewCompany, Program, sent

SIGNAL = {"ticker": "ABCD", "signal_type": "sec_filing", "event_date": "2026-01-02", "title": "8-K"}
REPORT = {"report_type": "daily_digest", "title": "Today", "report_date": "2026-01-02T06:00:00Z"}


async def test_a_key_is_shown_once_and_opens_the_door_until_it_is_rotated(
    admin: httpx2.AsyncClient, dial: Dial
) -> None:
    made = await sent(admin, "POST", "/clients", client_name="Fund", metadata={"tier": "gold"})
    client, key = made["client"], made["key"]
    assert (client["client_type"], client["metadata"], client["rate_limit_per_hour"]) == (
        "standard",
        {"tier": "gold"},
        1000,
    )
    program = await dial(X_API_Key=key)
    assert (await program.get("/client")).json()["id"] == client["id"]
    for place in ("/clients", f"/clients/{client['id']}", f"/clients/{client['id']}/usage"):
        assert key not in (await admin.get(place)).text
        assert key[-43:] not in (await admin.get(place)).text
    new = await sent(admin, "POST", f"/clients/{client['id']}/rotate-key", 200, overlap_s=3600)
    assert (await program.get("/client")).status_code == 200
    final = await sent(admin, "POST", f"/clients/{client['id']}/rotate-key", 200)
    usage = (await admin.get(f"/clients/{client['id']}/usage")).json()
    assert len(usage["keys"]) == 3
    assert usage["allowance"]["used"] == usage["client"]["request_count"] == 2
    renewed = await dial(X_API_Key=final["key"])
    assert (await renewed.get("/client")).status_code == 200
    assert (await (await dial(X_API_Key=new["key"])).get("/client")).json()["code"] == "API_KEY_REFUSED"
    assert (await sent(admin, "POST", f"/clients/{client['id']}/revoke-keys", 200))["revoked"] >= 1
    assert (await renewed.get("/client")).status_code == 401


async def test_a_closed_account_opens_nothing(admin: httpx2.AsyncClient, program: Program) -> None:
    place = f"/clients/{program.id}"
    assert (await admin.delete(place)).status_code == 204
    assert (await program.http.get("/companies")).status_code == 401
    assert (await admin.get(place)).status_code == 404
    assert (await admin.post(f"{place}/restore")).status_code == 200
    assert (await program.http.get("/companies")).status_code == 200
    await sent(admin, "PATCH", place, 200, is_active=False)
    assert (await program.http.get("/companies")).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"client_name": ""},
        {"rate_limit_per_hour": 0},
        {"rate_limit_per_hour": 10**9},
        {"allowed_endpoints": ["scores"]},
        {"allowed_endpoints": ["/"]},
        {"allowed_endpoints": ["/scores/../clients"]},
        {"contact_email": "nobody"},
        {"request_count": 0},
        {"watchlist_tickers": ["X"]},
        {"api_key": "mine"},
    ],
)
async def test_a_client_that_cannot_be_is_refused_by_field(admin: httpx2.AsyncClient, change: dict[str, Any]) -> None:
    refused = await admin.post("/clients", json={"client_name": "Fund", **change})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].split(".")[0] == next(iter(change))


async def test_a_person_is_no_client(admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/client")).json()["code"] == "CLIENT_NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "body", "secret"),
    [
        ("/clients", {"client_name": "Fund", "contact_email": "a@b.example"}, "key"),
        ("/webhooks", HOOK, "secret"),
        ("/alerts", {**ALERT, "company_tickers": ["abcd"], "metadata": {"a": 1}}, None),
        ("/reports", {**REPORT, "key_findings": ["x"]}, None),
    ],
)
async def test_a_repeated_request_enters_nothing_twice_and_tells_no_secret_again(
    admin: httpx2.AsyncClient, path: str, body: dict[str, Any], secret: str | None
) -> None:
    key = {"Idempotency-Key": "once"}
    first, again = [await admin.post(path, json=body, headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201), again.text
    if secret is not None:
        assert first.json().pop(secret) != again.json()[secret] is None
    assert first.json() | {secret: None} == again.json() | {secret: None}
    assert len((await admin.get(path)).json()["items"]) == 1
    name = {"/clients": "client_name", "/reports": "title"}.get(path, "name")
    different = await admin.post(path, json={**body, name: "Other"}, headers=key)
    assert (different.status_code, different.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    without = [(await admin.post(path, json=body)).json() for _ in range(2)]
    assert without[0] != without[1]


async def test_of_requests_with_one_key_that_arrive_at_once_one_enters_a_row(program: Program) -> None:
    key = {"Idempotency-Key": "once"}
    answers = await asyncio.gather(*(program.http.post("/webhooks", json=HOOK, headers=key) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["webhook"]["id"] for answer in answers}) == 1
    assert len([answer for answer in answers if answer.json()["secret"] is not None]) == 1


async def test_a_secret_is_shown_when_it_is_made_and_never_again(program: Program) -> None:
    made = await sent(program.http, "POST", "/webhooks", **HOOK)
    assert made["secret"].startswith("whsec_")
    assert made["webhook"]["event_types"] == ["score_update", "new_signal"]
    assert made["webhook"]["retry_policy"] == {"max_retries": 3, "retry_delay_seconds": 60}
    place = f"/webhooks/{made['webhook']['id']}"
    rotated = await sent(program.http, "POST", f"{place}/rotate-secret", 200)
    assert rotated["secret"] != made["secret"]
    assert rotated["webhook"]["previous_secret_until"] is not None
    for path in ("/webhooks", place):
        shown = (await program.http.get(path)).text
        assert "whsec_" not in shown
        assert "sealed" not in shown


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "UNSAFE_URL"),
        ("https://localhost/", "UNSAFE_URL"),
        ("https://10.0.0.1/", "UNSAFE_URL"),
        ("https://[::1]/", "UNSAFE_URL"),
        ("https://169.254.169.254/latest/meta-data", "UNSAFE_URL"),
        ("ftp://hooks.example.com/", "UNSAFE_URL"),
        ("no address", "VALIDATION_ERROR"),
    ],
)
async def test_an_address_inside_of_the_house_is_refused(app: FastAPI, program: Program, url: str, code: str) -> None:
    made = await sent(program.http, "POST", "/webhooks", **HOOK)
    app.state.biotech_options = BiotechOptions(keyring=Keyring(KEY))
    for refused in (
        await program.http.post("/webhooks", json={**HOOK, "url": url}),
        await program.http.patch(f"/webhooks/{made['webhook']['id']}", json={"url": url}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_a_webhook_is_changed_switched_off_and_taken_away(program: Program) -> None:
    made = await sent(program.http, "POST", "/webhooks", **HOOK)
    place = f"/webhooks/{made['webhook']['id']}"
    changed = await sent(program.http, "PATCH", place, 200, retry_policy={"max_retries": 1}, min_score=70)
    assert changed["retry_policy"] == {"max_retries": 1, "retry_delay_seconds": 60}
    assert (changed["min_score"], changed["name"]) == (70.0, "Hook")
    off = await sent(program.http, "POST", f"{place}/disable", 200)
    assert (off["is_active"], off["disabled_at"] is None) == (False, False)
    assert (await program.http.get("/webhooks", params={"is_active": True})).json()["items"] == []
    assert (await sent(program.http, "POST", f"{place}/enable", 200))["is_active"] is True
    assert (await program.http.delete(place)).status_code == 204
    assert (await program.http.get(place)).status_code == 404


async def test_a_dead_letter_is_sent_again_and_only_a_dead_one(
    program: Program, analyst: httpx2.AsyncClient, new_company: NewCompany, async_database: AsyncDatabase
) -> None:
    def bury(session: Session) -> None:
        session.execute(update(WebhookDelivery).values(status=DeliveryStatus.DEAD, attempts=4, error="no answer"))

    await new_company("ABCD")
    hook = (await sent(program.http, "POST", "/webhooks", **HOOK))["webhook"]["id"]
    for number in range(2):
        await sent(analyst, "POST", "/signals", **SIGNAL, source="s", external_id=str(number))
    waiting = (await program.http.get(f"/webhooks/{hook}/deliveries")).json()["items"]
    assert [delivery["position"] for delivery in waiting] == [2, 1]
    refused = await program.http.post(f"/deliveries/{waiting[0]['id']}/replay")
    assert (refused.status_code, refused.json()["code"]) == (409, "STEP_REFUSED")
    await async_database.write(bury)
    assert (await program.http.get(f"/webhooks/{hook}/deliveries/counts")).json() == {"dead": 2}
    again = await sent(program.http, "POST", f"/deliveries/{waiting[0]['id']}/replay", 200)
    assert (again["status"], again["attempts"]) == ("pending", 0)
    assert (await sent(program.http, "POST", f"/webhooks/{hook}/replay", 200)) == {"replayed": 1}
    dead = (await program.http.get(f"/webhooks/{hook}/deliveries", params={"status": "dead"})).json()["items"]
    assert dead == []
    shown = (await program.http.get(f"/deliveries/{waiting[0]['id']}")).json()
    assert shown["body"]["payload"]["signal"]["title"] == "8-K"
    bodies = await async_database.read(lambda session: session.scalars(select(WebhookDelivery.body)).all())
    assert len(bodies) == 2


async def test_an_alert_goes_off_is_seen_and_is_dealt_with(
    program: Program, analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    company = await new_company("ABCD")
    alert = await sent(program.http, "POST", "/alerts", **ALERT, notification_channels=["email"])
    await sent(analyst, "POST", f"/companies/{company}/scores", total_score=85.5)
    (trigger,) = (await program.http.get("/triggers", params={"alert_id": alert["id"]})).json()["items"]
    assert (trigger["company_id"], trigger["status"], trigger["channels"]) == (company, "triggered", ["email"])
    place = f"/triggers/{trigger['id']}"
    early = await program.http.post(f"{place}/resolve")
    assert (early.status_code, early.json()["code"]) == (409, "STEP_REFUSED")
    seen = await sent(program.http, "POST", f"{place}/acknowledge", 200)
    assert seen["acknowledged_by"] == "Fund One"
    done = await sent(analyst, "POST", f"{place}/resolve", 200)
    assert (done["status"], done["resolved_by"]) == ("resolved", "Analyst")
    assert (await program.http.get(f"/alerts/{alert['id']}")).json()["trigger_count"] == 1
    assert (await program.http.get("/triggers", params={"status": "triggered"})).json()["items"] == []
    assert [watched["tier"] for watched in (await program.http.get("/watchlist")).json()] == [1]
    assert (await program.http.get("/watchlist", params={"tier": 2})).json() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"condition": {}}, "condition"),
        ({"condition": {"threshold": 101}}, "condition"),
        ({"condition": {"treshold": 80}}, "condition"),
        ({"condition": {"threshold": 80, "operator": "!="}}, "condition"),
        ({"alert_type": "rumour"}, "alert_type"),
        ({"threshold_value": 80.5}, "threshold_value"),
        ({"company_tickers": ["A B"]}, "company_tickers.0"),
        ({"signal_types": ["not a word"]}, "signal_type"),
        ({"notification_channels": ["pigeon"]}, "notification_channels.0"),
        ({"trigger_count": 0}, "trigger_count"),
    ],
)
async def test_an_alert_that_nobody_could_judge_is_refused_when_it_is_entered_and_when_it_is_changed(
    program: Program, change: dict[str, Any], named: str
) -> None:
    alert = await sent(program.http, "POST", "/alerts", **ALERT)
    for refused in (
        await program.http.post("/alerts", json={**ALERT, **change}),
        await program.http.patch(f"/alerts/{alert['id']}", json=change),
    ):
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, named)
    assert (await program.http.get(f"/alerts/{alert['id']}")).json() == alert


async def test_an_alert_is_changed_taken_away_and_brought_back(program: Program, admin: httpx2.AsyncClient) -> None:
    alert = await sent(program.http, "POST", "/alerts", **ALERT)
    place = f"/alerts/{alert['id']}"
    changed = await sent(program.http, "PATCH", place, 200, threshold_value="85.5", is_active=False)
    assert (changed["threshold_value"], changed["condition"]) == ("85.5000", {"threshold": 80})
    assert (await program.http.get("/alerts", params={"is_active": True})).json()["items"] == []
    assert (await program.http.delete(place)).status_code == 204
    assert (await program.http.get(place)).status_code == 404
    assert (await admin.post(f"{place}/restore")).status_code == 200
    assert (await program.http.get(place)).status_code == 200


async def test_a_report_that_was_sent_stays_sent(analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    report = await sent(analyst, "POST", "/reports", **REPORT, s3_bucket="b", s3_key="k", companies_included=["abcd"])
    assert (report["delivery_status"], report["sent_at"], report["companies_included"]) == ("pending", None, ["ABCD"])
    place = f"/reports/{report['id']}"
    moved = await sent(analyst, "PUT", f"{place}/delivery-status", 200, status="success")
    assert (moved["delivery_status"], moved["sent_at"] is None) == ("sent", False)
    refused = await analyst.put(f"{place}/delivery-status", json={"status": "failed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "STEP_REFUSED")
    listed = (await analyst.get("/reports", params={"report_type": "daily_digest", "start_date": "2026-01-02"})).json()
    assert [row["id"] for row in listed["items"]] == [report["id"]]
    assert (await analyst.get("/reports", params={"delivery_status": "failed"})).json()["items"] == []
    assert (await admin.delete(place)).status_code == 204
    assert (await admin.post(f"{place}/restore")).status_code == 200


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"s3_key": "k"}, "s3_key"),
        ({"s3_bucket": "b"}, "s3_key"),
        ({"period_start": "2026-02-01", "period_end": "2026-01-01"}, "period_end"),
        ({"checksum": "abc"}, "checksum"),
        ({"file_size_bytes": -1}, "file_size_bytes"),
        ({"format": "gif"}, "format"),
        ({"delivery_status": "sent"}, "delivery_status"),
    ],
)
async def test_a_report_that_cannot_be_is_refused_by_field(
    analyst: httpx2.AsyncClient, change: dict[str, Any], named: str
) -> None:
    refused = await analyst.post("/reports", json={**REPORT, **change})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, named)
    nobodys = await analyst.post("/reports", json={**REPORT, "client_id": "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"})
    assert (nobodys.status_code, nobodys.json()["code"]) == (404, "CLIENT_NOT_FOUND")
