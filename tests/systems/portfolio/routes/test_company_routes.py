"""Claims about companies over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from strongroom.kernel.values import new_id
from tests.systems.portfolio.routes.conftest import COMPANY, NewCompany, Submit

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def test_a_company_is_entered_in_the_name_of_whoever_enters_it(analyst: httpx2.AsyncClient) -> None:
    entered = await analyst.post("/companies", json=COMPANY)
    assert entered.status_code == 201, entered.text
    company = entered.json()
    assert (company["created_by"], company["last_updated_by"]) == ("Analyst", None)
    assert (company["reporting_status"], company["revenue_type"]) == ("Active", "Subscription")
    assert company["equity_raised"] == "20000000.00"
    assert (await analyst.get(f"/companies/{company['id']}")).json() == company
    assert (await analyst.get("/companies/by-name", params={"name": "Acme"})).json() == company


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"reporting_currency": "dollars"}, "reporting_currency"),
        ({"reporting_currency": "XQX"}, "reporting_currency"),
        ({"customer_type": "Everybody"}, "customer_type"),
        ({"equity_raised": 1.5}, "equity_raised"),
        ({"equity_raised": "-1"}, "equity_raised"),
        ({"equity_raised": "NaN"}, "equity_raised"),
        ({"year_end_date": "December"}, "year_end_date"),
        ({"created_by": "somebody else"}, "created_by"),
    ],
)
async def test_a_company_that_cannot_be_is_refused_by_field(
    analyst: httpx2.AsyncClient, change: dict[str, Any], named: str
) -> None:
    refused = await analyst.post("/companies", json={**COMPANY, **change})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert [error["field"] for error in refused.json()["errors"]] == [named]
    assert (await analyst.get("/companies")).json()["items"] == []


async def test_a_name_is_taken_once(analyst: httpx2.AsyncClient, new_company: NewCompany) -> None:
    await new_company("Acme")
    other = await new_company("Brisk")
    again = await analyst.post("/companies", json=COMPANY)
    renamed = await analyst.patch(f"/companies/{other}", json={"name": " Acme "})
    for refused in (again, renamed):
        assert (refused.status_code, refused.json()["code"]) == (409, "COMPANY_ALREADY_EXISTS")


async def test_a_key_enters_one_company_however_often_it_is_sent(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "acme-1"}
    first, again = [await analyst.post("/companies", json=COMPANY, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await analyst.post("/companies", json={**COMPANY, "fund": "Fund II"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    somebody_elses = await admin.post("/companies", json={**COMPANY, "name": "Brisk"}, headers=key)
    assert (somebody_elses.status_code, somebody_elses.json()["id"] != first.json()["id"]) == (201, True)
    # what became of the company since does not make the request another one
    await analyst.patch(f"/companies/{first.json()['id']}", json={"fund": "Fund III"})
    assert (await analyst.post("/companies", json=COMPANY, headers=key)).json()["fund"] == "Fund III"
    assert (await analyst.get("/companies", params={"count": "exact"})).json()["count"] == 2


async def test_a_company_is_put_under_an_id_of_the_callers_own(analyst: httpx2.AsyncClient) -> None:
    place = f"/companies/{new_id()}"
    made = await analyst.put(place, json=COMPANY)
    changed = await analyst.put(place, json={**COMPANY, "fund": "Fund II"})
    assert (made.status_code, changed.status_code) == (201, 200)
    assert (changed.json()["fund"], changed.json()["last_updated_by"]) == ("Fund II", "Analyst")


async def test_a_change_leaves_alone_what_it_does_not_name(
    analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    place = f"/companies/{await new_company()}"
    before = (await analyst.get(place)).json()
    after = (await analyst.patch(place, json={"equity_raised": None})).json()
    differs = {name for name in before if before[name] != after[name]}
    assert differs == {"equity_raised", "last_update_date", "last_updated_by"}
    refused = await analyst.patch(place, json={"name": None})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")
    retired = await analyst.put(f"{place}/status", json={"reporting_status": "Exited"})
    assert retired.json()["reporting_status"] == "Exited"


async def test_companies_are_listed_by_name_page_by_page_and_by_what_they_are(
    viewer: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    for name, fund in (("Cobalt", "Fund I"), ("Acme", "Fund I"), ("Brisk", "Fund II")):
        await new_company(name, fund=fund)
    first = (await viewer.get("/companies", params={"limit": 2, "count": "exact"})).json()
    rest = (await viewer.get("/companies", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [company["name"] for company in first["items"] + rest["items"]] == ["Acme", "Brisk", "Cobalt"]
    assert (first["count"], rest["next_cursor"]) == (3, None)
    of_two = (await viewer.get("/companies", params={"fund": "Fund II"})).json()["items"]
    assert [company["name"] for company in of_two] == ["Brisk"]
    assert (await viewer.get("/companies", params={"status": "Exited"})).json()["items"] == []
    elsewhere = await viewer.get("/companies", params={"fund": "Fund I", "cursor": first["next_cursor"]})
    assert elsewhere.json()["code"] == "INVALID_CURSOR"


async def test_a_company_is_removed_only_while_it_has_reported_nothing(
    admin: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    empty, reporting = await new_company("Empty"), await new_company("Reporting")
    await submit(reporting)
    assert (await admin.delete(f"/companies/{empty}")).status_code == 204
    refused = await admin.delete(f"/companies/{reporting}")
    assert (refused.status_code, refused.json()["code"]) == (409, "COMPANY_HAS_DATA")
    gone = await admin.get(f"/companies/{empty}")
    assert (gone.status_code, gone.json()["code"]) == (404, "COMPANY_NOT_FOUND")
    trail = (await admin.get(f"/trails/companies/{empty}")).json()["entries"]
    assert [(entry["actor"], entry["action"]) for entry in trail] == [("Analyst", "created"), ("Admin", "deleted")]


async def test_a_company_is_seen_as_it_was_known(viewer: httpx2.AsyncClient, new_company: NewCompany) -> None:
    before = datetime.now(UTC).isoformat()
    company_id = await new_company()
    now = datetime.now(UTC).isoformat()
    unknown = await viewer.get(f"/companies/{company_id}", params={"known_at": before})
    assert unknown.json()["code"] == "COMPANY_NOT_FOUND"
    assert (await viewer.get(f"/companies/{company_id}", params={"known_at": now})).status_code == 200
    assert (await viewer.get("/companies", params={"known_at": before})).json()["items"] == []
    to_come = await viewer.get("/companies", params={"known_at": "2100-01-01T00:00:00Z"})
    assert (to_come.status_code, to_come.json()["errors"][0]["field"]) == (422, "known_at")
