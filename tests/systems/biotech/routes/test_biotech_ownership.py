"""Claims about what belongs to a client: it sees and changes its own, and another's is as if it were not there."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.systems.biotech.routes.conftest import ALERT, HOOK, NOBODYS_ID, NewCompany, Program, sent

SIGNAL = {"ticker": "ABCD", "signal_type": "sec_filing", "event_date": "2026-01-02", "title": "8-K"}
ON_SIGNALS = {"name": "Filings", "alert_type": "new_signal", "condition": {"severity": "low"}}
REPORT = {"report_type": "daily_digest", "title": "Today", "report_date": "2026-01-02T06:00:00Z"}

#: route by route what may be done with a row of a client; {0} is its id; what takes it away comes last
DOINGS = {
    "trigger": [
        ("GET", "/triggers/{0}"),
        ("POST", "/triggers/{0}/acknowledge"),
        ("POST", "/triggers/{0}/resolve"),
    ],
    "alert": [("GET", "/alerts/{0}"), ("PATCH", "/alerts/{0}"), ("DELETE", "/alerts/{0}")],
    "delivery": [("GET", "/deliveries/{0}"), ("POST", "/deliveries/{0}/replay")],
    "webhook": [
        ("GET", "/webhooks/{0}"),
        ("PATCH", "/webhooks/{0}"),
        ("POST", "/webhooks/{0}/rotate-secret"),
        ("POST", "/webhooks/{0}/disable"),
        ("POST", "/webhooks/{0}/enable"),
        ("GET", "/webhooks/{0}/deliveries"),
        ("GET", "/webhooks/{0}/deliveries/counts"),
        ("POST", "/webhooks/{0}/replay"),
        ("DELETE", "/webhooks/{0}"),
    ],
    "report": [("GET", "/reports/{0}")],
    "client": [
        ("GET", "/clients/{0}"),
        ("GET", "/clients/{0}/usage"),
        ("GET", "/clients/{0}/watchlist"),
        ("PUT", "/clients/{0}/watchlist/ABCD"),
        ("DELETE", "/clients/{0}/watchlist/ABCD"),
    ],
}
LISTS = ("/alerts", "/triggers", "/webhooks", "/reports")


@pytest.fixture
async def rows(program: Program, analyst: httpx2.AsyncClient, new_company: NewCompany) -> dict[str, str]:
    """One row of each kind, all of them the program's: the id by kind."""
    await new_company("ABCD")
    alert = await sent(program.http, "POST", "/alerts", **ON_SIGNALS)
    hook = await sent(program.http, "POST", "/webhooks", **HOOK)
    report = await sent(analyst, "POST", "/reports", **REPORT, client_id=program.id)
    await sent(analyst, "POST", "/signals", **SIGNAL)
    (trigger,) = (await program.http.get("/triggers")).json()["items"]
    (delivery,) = (await program.http.get(f"/webhooks/{hook['webhook']['id']}/deliveries")).json()["items"]
    return {
        "alert": alert["id"],
        "trigger": trigger["id"],
        "webhook": hook["webhook"]["id"],
        "delivery": delivery["id"],
        "report": report["id"],
        "client": program.id,
    }


async def _done(http: httpx2.AsyncClient, method: str, path: str, row_id: str) -> httpx2.Response:
    return await http.request(method, path.format(row_id), json={} if method != "GET" else None)


async def test_another_clients_row_is_as_if_it_were_not_there(other: Program, rows: dict[str, str]) -> None:
    for kind, doings in DOINGS.items():
        for method, path in doings:
            anothers = await _done(other.http, method, path, rows[kind])
            nobodys = await _done(other.http, method, path, NOBODYS_ID)
            assert anothers.status_code == nobodys.status_code == 404, (method, path, anothers.text)
            told, expected = (answer.json() | {"instance": None} for answer in (anothers, nobodys))
            assert told == expected, (method, path)


async def test_its_own_row_is_there(program: Program, rows: dict[str, str]) -> None:
    for kind, doings in DOINGS.items():
        for method, path in doings:
            # 409: a delivery that was not given up cannot be replayed
            status = (await _done(program.http, method, path, rows[kind])).status_code
            assert status in (200, 204) or (kind, status) == ("delivery", 409), (method, path)


async def test_lists_show_a_client_its_own_and_people_all(
    program: Program, other: Program, admin: httpx2.AsyncClient, rows: dict[str, str]
) -> None:
    house = await sent(admin, "POST", "/alerts", **ALERT)
    for path in LISTS:
        assert (await other.http.get(path)).json()["items"] == [], path
        assert len((await program.http.get(path, params={"count": "exact"})).json()["items"]) == 1, path
    assert (await program.http.get("/alerts", params={"count": "exact"})).json()["count"] == 1
    assert len((await admin.get("/alerts")).json()["items"]) == 2
    assert (await program.http.get(f"/alerts/{house['id']}")).status_code == 404
    # by the id of another's alert, either
    assert (await other.http.get("/triggers", params={"alert_id": rows["alert"]})).json()["items"] == []


async def test_a_cursor_of_one_client_opens_nothing_for_another(program: Program, other: Program) -> None:
    for _ in range(2):
        await sent(program.http, "POST", "/alerts", **ALERT)
    cursor = (await program.http.get("/alerts", params={"limit": 1})).json()["next_cursor"]
    refused = await other.http.get("/alerts", params={"cursor": cursor})
    assert refused.json()["code"] == "INVALID_CURSOR"
    assert len((await program.http.get("/alerts", params={"cursor": cursor})).json()["items"]) == 1


async def test_a_report_for_people_or_for_another_client_is_not_shown_to_a_client(
    program: Program, other: Program, analyst: httpx2.AsyncClient
) -> None:
    house = await sent(analyst, "POST", "/reports", **REPORT)
    for client in (program, other):
        assert (await client.http.get("/reports")).json()["items"] == []
        assert (await client.http.get(f"/reports/{house['id']}")).status_code == 404
    assert (await analyst.get(f"/reports/{house['id']}")).json()["client_id"] is None


async def test_what_alerts_and_reports_of_the_house_say_is_told_to_no_client(
    program: Program, admin: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    await new_company("ABCD")
    events = {"event_types": ["alert_triggered", "report_ready", "new_signal"]}
    hooks = {
        whose: (await sent(http, "POST", "/webhooks", **{**HOOK, **events}))["webhook"]["id"]
        for whose, http in (("client", program.http), ("house", admin))
    }
    await sent(program.http, "POST", "/alerts", name="Reports", alert_type="report_ready", condition={})
    await sent(admin, "POST", "/alerts", **ON_SIGNALS)
    await sent(admin, "POST", "/alerts", name="Reports", alert_type="report_ready", condition={})
    await sent(admin, "POST", "/signals", **SIGNAL)
    await sent(admin, "POST", "/reports", **REPORT)
    await sent(admin, "POST", "/reports", **REPORT, client_id=program.id)

    async def told(whose: str) -> list[str]:
        deliveries = (await admin.get(f"/webhooks/{hooks[whose]}/deliveries")).json()["items"]
        return sorted(delivery["event_type"] for delivery in deliveries)

    # of the market, of its own report, and that its own alert went off over it
    assert await told("client") == ["alert_triggered", "new_signal", "report_ready"]
    assert await told("house") == ["alert_triggered"] * 4 + ["new_signal"] + ["report_ready"] * 2
    assert len((await program.http.get("/triggers")).json()["items"]) == 1


@pytest.mark.parametrize(("path", "body"), [("/alerts", ALERT), ("/webhooks", HOOK)])
async def test_nobody_enters_a_row_for_somebody_else(
    program: Program, other: Program, path: str, body: dict[str, Any]
) -> None:
    refused = await program.http.post(path, json={**body, "client_id": other.id})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "client_id")


async def test_a_key_of_one_client_is_no_key_of_another(program: Program, other: Program) -> None:
    key = {"Idempotency-Key": "same"}
    one, another = [
        (await client.http.post("/alerts", json=ALERT, headers=key)).json()["id"] for client in (program, other)
    ]
    assert one != another


async def test_a_client_watches_companies_for_itself(
    program: Program, other: Program, admin: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    await new_company("ABCD")
    place = f"/clients/{program.id}/watchlist"
    for _ in range(2):
        assert (await program.http.put(f"{place}/abcd")).json() == {"tickers": ["ABCD"]}
    nowhere = await program.http.put(f"{place}/NONE")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "BIOTECH_COMPANY_NOT_FOUND")
    assert (await program.http.put(f"{place}/AB%25")).status_code == 422
    assert (await other.http.get(f"/clients/{other.id}/watchlist")).json() == {"tickers": []}
    assert (await admin.get(place)).json() == {"tickers": ["ABCD"]}
    for _ in range(2):
        assert (await program.http.delete(f"{place}/ABCD")).json() == {"tickers": []}
