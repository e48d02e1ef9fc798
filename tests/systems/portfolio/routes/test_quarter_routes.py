"""Claims about quarters over HTTP: what is sent, what follows from it, and at which rates."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.systems.portfolio.routes.conftest import DAYS, FIGURES, NewCompany, Submit

NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def test_a_submission_is_converted_and_measured_at_once(
    viewer: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company(reporting_currency="EUR")
    sent = await submit(company_id, currency="EUR", debt_outstanding="1000000.00")
    assert (sent["created_by"], sent["fiscal_reporting_quarter"], sent["reporting_year"]) == ("Analyst", 4, 2025)
    place = f"/companies/{company_id}/financials/{DAYS[-1]}"
    in_dollars = (await viewer.get(place)).json()
    in_loonies = (await viewer.get(place, params={"currency": "cad"})).json()
    assert (in_dollars["total_revenue"], in_dollars["exchange_rate_used"]) == ("1320000.00", "1.1000000000")
    assert in_loonies["total_revenue"] == "1650000.00"
    metrics = (await viewer.get(f"/companies/{company_id}/metrics", params={"year": 2025, "quarter": 4})).json()
    assert (metrics["arr"], metrics["runway_months"], metrics["revenue_growth"]) == ("4400000.00", "60.0", None)
    listed = (await viewer.get("/metrics", params={"company_id": company_id})).json()["items"]
    assert sorted(row["currency"] for row in listed) == ["CAD", "EUR", "USD"]
    assert metrics in listed


async def test_a_quarter_sent_again_is_restated_and_its_history_stays(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company()
    first, again = await submit(company_id), await submit(company_id, total_revenue="1500000.00")
    assert (first["id"], again["total_revenue"]) == (again["id"], "1500000.00")
    patched = await analyst.patch(f"/inputs/{first['id']}", json={"customers": 12, "debt_outstanding": "0"})
    assert (patched.json()["customers"], patched.json()["debt_outstanding"]) == (12, "0.00")
    assert (await analyst.get(f"/companies/{company_id}/inputs/latest")).json() == patched.json()
    assert (await analyst.get(f"/companies/{company_id}/inputs/{DAYS[-1]}")).json() == patched.json()
    assert (await admin.delete(f"/inputs/{first['id']}")).status_code == 204
    assert (await analyst.get(f"/inputs/{first['id']}")).json()["code"] == "INPUT_NOT_FOUND"
    assert (await analyst.get("/financials")).json()["items"] == []
    trail = (await analyst.get(f"/trails/inputs/{first['id']}")).json()["entries"]
    assert [entry["action"] for entry in trail] == ["created", "changed", "changed", "deleted"]
    revenue = [change for change in trail[1]["changes"] if change["field"] == "total_revenue"]
    assert revenue == [{"field": "total_revenue", "before": "1200000.00", "after": "1500000.00"}]


@pytest.mark.parametrize(
    ("day", "change", "named"),
    [
        ("2025-12-30", {}, "fiscal_reporting_date"),
        ("2025-11-30", {}, "fiscal_reporting_date"),
        (DAYS[-1], {"total_revenue": 1.5}, "total_revenue"),
        (DAYS[-1], {"recurring_revenue": "1200000.01"}, "recurring_revenue"),
        (DAYS[-1], {"sales_marketing_expense": "900000.01"}, "total_operating_expense"),
        (DAYS[-1], {"cash_balance": "-1"}, "cash_balance"),
        (DAYS[-1], {"employees": 0}, "employees"),
        (DAYS[-1], {"employees": "many"}, "employees"),
        (DAYS[-1], {"currency": "XQX"}, "currency"),
        (DAYS[-1], {"arr": "1"}, "arr"),
    ],
)
async def test_figures_that_cannot_be_are_refused_by_field(
    analyst: httpx2.AsyncClient, new_company: NewCompany, rates: None, day: str, change: dict[str, Any], named: str
) -> None:
    company_id = await new_company()
    refused = await analyst.put(f"/companies/{company_id}/inputs/{day}", json={**FIGURES, **change})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, named)
    assert (await analyst.get("/inputs")).json()["items"] == []


async def test_nothing_is_stored_without_an_exchange_rate(
    analyst: httpx2.AsyncClient, new_company: NewCompany, rates: None
) -> None:
    company_id = await new_company()
    refused = await analyst.put(f"/companies/{company_id}/inputs/{DAYS[-1]}", json={**FIGURES, "currency": "GBP"})
    assert (refused.status_code, refused.json()["code"]) == (422, "RATE_UNAVAILABLE")
    assert (await analyst.get("/inputs")).json()["items"] == []
    nobody = await analyst.put(f"/companies/{NOBODY}/inputs/{DAYS[-1]}", json=FIGURES)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "COMPANY_NOT_FOUND")


async def test_quarters_are_listed_newest_first_by_time_and_page(
    viewer: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company()
    for day in DAYS:
        await submit(company_id, day)
    first = (await viewer.get("/inputs", params={"limit": 3})).json()
    rest = (await viewer.get("/inputs", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    listed = [row["fiscal_reporting_date"] for row in first["items"] + rest["items"]]
    assert listed == sorted(DAYS, reverse=True)
    between = {"start_date": DAYS[1], "end_date": DAYS[2], "currency": "USD", "count": "exact"}
    assert (await viewer.get("/metrics", params=between)).json()["count"] == 2
    of_quarter = await viewer.get("/financials", params={"year": 2025, "quarter": 1})
    assert {row["fiscal_reporting_date"] for row in of_quarter.json()["items"]} == {DAYS[0]}
    refused = await viewer.get("/inputs", params={"start_date": DAYS[2], "end_date": DAYS[1]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "end_date")


async def test_what_follows_is_computed_anew_on_request(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company()
    await submit(company_id, DAYS[2])
    await submit(company_id, DAYS[3])
    await admin.put("/rates", json={"rates": [{"base": "USD", "quote": "CAD", "day": DAYS[3], "rate": "1.5"}]})
    place = f"/companies/{company_id}/financials/{DAYS[3]}?currency=CAD"
    quarter = f"/companies/{company_id}/quarters/{DAYS[3]}/recompute"
    assert (await analyst.post(quarter)).json() == {"quarters": 1}
    assert (await analyst.get(place)).json()["exchange_rate_used"] == "1.2500000000"
    assert (await analyst.post(quarter, params={"with_new_rates": True})).json() == {"quarters": 1}
    assert (await analyst.get(place)).json()["exchange_rate_used"] == "1.5000000000"
    assert (await analyst.post(f"/companies/{company_id}/recompute")).json() == {"quarters": 2}
    assert (await admin.post("/recompute")).json() == {"quarters": 2}


async def test_a_quarter_keeps_the_valuation_of_its_time_until_it_is_corrected(
    analyst: httpx2.AsyncClient, new_company: NewCompany, submit: Submit
) -> None:
    company_id = await new_company()
    await submit(company_id, DAYS[2])
    await submit(company_id, DAYS[3])
    await analyst.patch(f"/companies/{company_id}", json={"post_money_valuation": "90000000"})

    async def values() -> list[str]:
        listed = await analyst.get("/metrics", params={"company_id": company_id, "currency": "USD"})
        return [row["enterprise_value"] for row in listed.json()["items"]]

    assert await values() == ["90000000.00", "50000000.00"]
    body = {"equity_raised": "1000000.00", "post_money_valuation": "60000000.00"}
    put = await analyst.put(f"/companies/{company_id}/valuations/{DAYS[2]}", json=body)
    assert (put.status_code, put.json()["post_money_valuation"]) == (200, "60000000.00")
    assert await values() == ["90000000.00", "60000000.00"]


async def test_a_rate_is_found_and_applied_with_what_it_is_made_of(
    viewer: httpx2.AsyncClient, admin: httpx2.AsyncClient, rates: None
) -> None:
    wanted = {"base": "EUR", "quote": "CAD", "day": "2026-01-03"}
    found = (await viewer.get("/rates/applied", params=wanted)).json()
    assert (found["rate"], found["source"]) == ("1.3750000000", "cross")
    assert [quote["day"] for quote in found["quotes"]] == [DAYS[3], DAYS[3]]
    wanted = {"amount": "100.00", "source": "CAD", "target": "USD", "day": DAYS[3]}
    converted = (await viewer.get("/rates/conversion", params=wanted)).json()
    assert (converted["amount"], converted["rate"]["source"]) == ("80.00", "inverse")
    missing = await viewer.get("/rates/applied", params={"base": "EUR", "quote": "GBP", "day": DAYS[3]})
    assert missing.json()["code"] == "RATE_UNAVAILABLE"
    listed = (await viewer.get("/rates", params={"base": "EUR", "limit": 3})).json()
    rest = (await viewer.get("/rates", params={"base": "EUR", "cursor": listed["next_cursor"]})).json()
    assert [row["rate_date"] for row in listed["items"] + rest["items"]] == sorted(DAYS, reverse=True)
    assert (await viewer.get("/rates/pairs")).json() == [{"base": "USD", "quote": "CAD"}]
    wrong = [{"base": "USD", "quote": "CAD", "day": DAYS[0], "rate": rate} for rate in ("1.3", "0")]
    assert (await admin.put("/rates", json={"rates": wrong})).status_code == 422
    applied = await viewer.get("/rates/applied", params={"base": "USD", "quote": "CAD", "day": DAYS[0]})
    assert applied.json()["rate"] == "1.2500000000"
