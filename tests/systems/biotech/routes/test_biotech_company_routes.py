"""Claims about companies and their pipelines over HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from tests.systems.biotech.routes.conftest import NOBODYS_ID, NewCompany, Program, sent

COMPANY = {"ticker": "abcd", "name": "ABC Bio", "market_cap_usd": "1500000000.10", "cash_position_usd": 250_000_000}
CANDIDATE = {
    "name": "ABC-101",
    "phase": "phase_2",
    "indication": "Melanoma",
    "mechanism": "PD-1 inhibitor",
    "therapeutic_area": "oncology",
    "patent_expiry": "2039-05-01",
    "next_milestone_date": "2027-q1",
    "market_potential_usd": "900000000",
}
SCRIPT = "<script>alert('x')</script>"


async def test_money_keeps_every_cent_and_what_follows_from_it_is_computed(analyst: httpx2.AsyncClient) -> None:
    company = await sent(
        analyst, "POST", "/companies", **COMPANY, quarterly_burn_rate_usd="100000000", metadata={"desk": 1}
    )
    assert (company["ticker"], company["market_cap_usd"]) == ("ABCD", "1500000000.10")
    assert (company["cash_position_usd"], company["total_debt_usd"]) == ("250000000.00", "0.00")
    assert (company["enterprise_value_usd"], company["runway_quarters"]) == ("1250000000.10", 2.5)
    assert (company["is_cash_constrained"], company["metadata"]) == (True, {"desk": 1})
    assert (await analyst.get(f"/companies/{company['id']}")).json() == company
    assert (await analyst.get("/companies/by-ticker/AbCd")).json() == company


async def test_a_change_leaves_alone_what_it_does_not_name(
    analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    place = f"/companies/{await new_company(quarterly_burn_rate_usd='10000000')}"
    before = (await analyst.get(place)).json()
    after = await sent(analyst, "PATCH", place, 200, cash_position_usd="300000000.00")
    differs = {name for name in before if before[name] != after[name]}
    assert differs == {"cash_position_usd", "enterprise_value_usd", "runway_quarters", "updated_at"}
    assert (await analyst.get(place)).json() == after
    unknown = await sent(analyst, "PATCH", place, 200, quarterly_burn_rate_usd=None, metadata={"note": "x"})
    assert (unknown["runway_quarters"], unknown["metadata"]) == (None, {"note": "x"})
    refused = await analyst.patch(place, json={"name": None})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ticker": "TOO-LONG-BY-FAR"}, "ticker"),
        ({"ticker": "AB%D"}, "ticker"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"market_cap_usd": 1.5}, "market_cap_usd"),
        ({"market_cap_usd": "-1"}, "market_cap_usd"),
        ({"market_cap_usd": "NaN"}, "market_cap_usd"),
        ({"market_cap_usd": "1.001"}, "market_cap_usd"),
        ({"market_cap_usd": "9" * 30}, "market_cap_usd"),
        ({"therapeutic_areas": ["astrology"]}, "therapeutic_areas.0"),
        ({"founded_year": 1812}, "founded_year"),
        ({"employee_count": 2**31}, "employee_count"),
        ({"metadata": {"a": "\x00"}}, "metadata"),
        ({"metadata": {"a": "\ud800"}}, "metadata"),
        ({"metadata": {"a": "x" * 70_000}}, "metadata"),
        ({"last_data_refresh": "0001-01-01T00:00:00+14:00"}, "last_data_refresh"),
        ({"id": NOBODYS_ID}, "id"),
        ({"deleted_at": None}, "deleted_at"),
        ({"enterprise_value_usd": "1"}, "enterprise_value_usd"),
    ],
)
async def test_a_company_that_cannot_be_is_refused_by_field(
    analyst: httpx2.AsyncClient, change: dict[str, Any], named: str
) -> None:
    body = json.dumps({**COMPANY, **change})  # with escapes: JSON carries what UTF-8 cannot
    refused = await analyst.post("/companies", content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), refused.text
    assert [error["field"] for error in refused.json()["errors"]] == [named]
    assert (await analyst.get("/companies")).json()["items"] == []


async def test_a_document_that_is_nested_without_end_is_refused(analyst: httpx2.AsyncClient) -> None:
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"a": deep}
    refused = await analyst.post("/companies", json={**COMPANY, "metadata": deep})
    assert refused.json()["errors"][0]["field"] == "metadata"


async def test_companies_are_found_by_what_they_are(viewer: httpx2.AsyncClient, new_company: NewCompany) -> None:
    await new_company("BIG", market_cap_usd="9000", therapeutic_areas=["oncology", "neurology"])
    await new_company("MID", market_cap_usd="500", therapeutic_areas=["oncology"], quarterly_burn_rate_usd=10**9)
    await new_company("LOW", market_cap_usd="20", therapeutic_areas=["neurology"])

    async def found(**asked: Any) -> list[str]:
        page = await viewer.get("/companies", params=asked)
        assert page.status_code == 200, page.text
        return [company["ticker"] for company in page.json()["items"]]

    both = ["oncology", "neurology"]
    assert await found() == ["BIG", "MID", "LOW"]
    assert await found(therapeutic_area=both) == ["BIG"]
    assert await found(therapeutic_area=both, match="any") == ["BIG", "MID", "LOW"]
    assert await found(min_market_cap="20", max_market_cap="500.00") == ["MID", "LOW"]
    assert await found(is_cash_constrained=True) == ["MID"]
    assert await found(name="id bI") == ["MID"]
    for wrong in ({"match": "some"}, {"therapeutic_area": "astrology"}, {"min_market_cap": "lots"}):
        assert (await viewer.get("/companies", params=wrong)).status_code == 422


@pytest.mark.parametrize("wildcard", ["%", "_", "B_o", "%Bio%", "\\", "' OR 1=1 --"])
async def test_a_name_is_searched_for_as_it_is_written(
    viewer: httpx2.AsyncClient, new_company: NewCompany, wildcard: str
) -> None:
    await new_company("ABCD", name="Plain Bio")
    assert (await viewer.get("/companies", params={"name": wildcard})).json()["items"] == []
    await new_company("WXYZ", name=f"Odd {wildcard} Bio")
    items = (await viewer.get("/companies", params={"name": wildcard})).json()["items"]
    assert [company["ticker"] for company in items] == ["WXYZ"]


async def test_a_name_that_looks_like_a_script_is_a_name(viewer: httpx2.AsyncClient, new_company: NewCompany) -> None:
    place = f"/companies/{await new_company(name=SCRIPT)}"
    answer = await viewer.get(place)
    assert (answer.json()["name"], answer.headers["content-type"]) == (SCRIPT, "application/json")
    similar = await viewer.get("/companies/similar", params={"name": SCRIPT})
    assert [company["name"] for company in similar.json()] == [SCRIPT]


async def test_a_list_goes_on_where_its_page_ended_and_a_cursor_opens_no_other_list(
    viewer: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    for ticker in ("A", "B", "C"):
        await new_company(ticker)
    first = (await viewer.get("/companies", params={"limit": 2, "count": "exact"})).json()
    rest = (await viewer.get("/companies", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [company["ticker"] for company in first["items"] + rest["items"]] == ["A", "B", "C"]
    assert (first["count"], rest["next_cursor"]) == (3, None)
    filtered = await viewer.get("/companies", params={"name": "A", "cursor": first["next_cursor"]})
    assert filtered.json()["code"] == "INVALID_CURSOR"
    for elsewhere in ("/signals", "/alerts", "/candidates", "/reports", "/triggers"):
        refused = await viewer.get(elsewhere, params={"cursor": first["next_cursor"]})
        assert refused.json()["code"] == "INVALID_CURSOR", elsewhere


@pytest.mark.parametrize(
    "path", ["/companies", "/candidates", "/signals", "/signals/recent", "/reports", "/alerts", "/triggers"]
)
async def test_a_page_has_bounds(viewer: httpx2.AsyncClient, path: str) -> None:
    forged = "A" * 40
    for wrong in ({"limit": 0}, {"limit": 1001}, {"limit": 10**30}, {"cursor": forged}, {"cursor": "x" * 5000}):
        refused = await viewer.get(path, params=wrong)
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert (await viewer.get(path, params={"limit": 1000})).json()["items"] == []


async def test_a_ticker_is_taken_once_and_free_again_when_its_company_is_deleted(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    first = await new_company("ABCD")
    assert (await analyst.post("/companies", json=COMPANY)).json()["code"] == "TICKER_TAKEN"
    assert (await admin.delete(f"/companies/{first}")).status_code == 204
    assert (await admin.delete(f"/companies/{first}")).status_code == 404
    second = await new_company("ABCD")
    refused = await admin.post(f"/companies/{first}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "TICKER_TAKEN")
    assert [company["id"] for company in (await admin.get("/companies/deleted")).json()] == [first]
    await admin.delete(f"/companies/{second}")
    assert (await admin.post(f"/companies/{first}/restore")).json()["deleted_at"] is None


async def test_a_deleted_company_and_all_about_it_is_hidden_until_it_is_restored(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, program: Program, new_company: NewCompany
) -> None:
    company = await new_company("GONE")
    candidate = await sent(analyst, "POST", f"/companies/{company}/candidates", **CANDIDATE)
    signal = await sent(analyst, "POST", "/signals", ticker="GONE", signal_type="a", event_date="2026-01-01", title="t")
    score = await sent(analyst, "POST", f"/companies/{company}/scores", total_score=90)
    match = {"acquirer_ticker": "BUYR", "acquirer_name": "Buyer", "strategic_fit_score": 9}
    await analyst.put(f"/companies/{company}/matches", json={"matches": [match]})
    alert = await sent(analyst, "POST", "/alerts", name="n", alert_type="new_signal", condition={"severity": "low"})
    places = [f"/companies/{company}{part}" for part in ("", "/candidates", "/signals", "/scores", "/scores/latest")]
    places += [f"/companies/{company}/matches", "/companies/by-ticker/GONE", f"/signals/{signal['id']}"]
    places += [f"/candidates/{candidate['id']}", f"/scores/{score['id']}"]
    lists = ["/companies", "/candidates", "/signals", "/scores/top", "/scores/range?min_score=0", "/matches/top"]
    lists += ["/acquirers/BUYR/matches", "/signals/counts", "/watchlist", f"/triggers?alert_id={alert['id']}"]
    lists += ["/scores/changes?since=2020-01-01&min_change=0", "/scores/top?score_date=2099-01-01"]

    async def seen(path: str) -> bool:
        answer = (await program.http.get(path)).json()
        return bool(answer["items"] if isinstance(answer, dict) and "items" in answer else answer)

    shown = {path for path in lists if await seen(path)}
    assert set(lists) - shown == {f"/triggers?alert_id={alert['id']}", "/scores/changes?since=2020-01-01&min_change=0"}
    await admin.delete(f"/companies/{company}")
    for place in places:
        assert (await program.http.get(place)).status_code == 404, place
    assert [path for path in lists if await seen(path)] == []
    assert (await program.http.get("/companies/statistics")).json()["total_companies"] == 0
    written = await analyst.post(f"/companies/{company}/scores", json={"total_score": 1})
    assert written.status_code == 404
    await admin.post(f"/companies/{company}/restore")
    assert {path for path in lists if await seen(path)} == shown
    for place in places:
        assert (await program.http.get(place)).status_code == 200, place


async def test_statistics_are_exact_and_the_shortest_of_cash_come_first(
    viewer: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    nothing = (await viewer.get("/companies/statistics")).json()
    assert nothing == {
        "total_companies": 0,
        "avg_market_cap": "0.00",
        "total_market_cap": "0.00",
        "cash_constrained_count": 0,
    }
    await new_company("A", market_cap_usd="0.01", cash_position_usd=30, quarterly_burn_rate_usd=10)
    await new_company("B", market_cap_usd="0.02", cash_position_usd=20, quarterly_burn_rate_usd=10)
    await new_company("C", market_cap_usd="0.01", cash_position_usd=90, quarterly_burn_rate_usd=10)
    figures = (await viewer.get("/companies/statistics")).json()
    assert (figures["total_market_cap"], figures["avg_market_cap"]) == ("0.04", "0.01")
    assert figures["cash_constrained_count"] == 2
    short = (await viewer.get("/companies/cash-constrained")).json()
    assert [company["ticker"] for company in short] == ["B", "A"]
    assert (await viewer.get("/companies/cash-constrained", params={"below_quarters": "NaN"})).status_code == 422


async def test_a_pipeline_is_shown_with_its_company_and_by_itself(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    company = await new_company()
    place = f"/companies/{company}/candidates"
    made = await sent(analyst, "POST", place, **CANDIDATE)
    assert (made["phase_score"], made["next_milestone_date"], made["market_potential_usd"]) == (
        6.0,
        "2027-Q1",
        "900000000.00",
    )
    assert made["patent_years_remaining"] > 5
    early = await sent(analyst, "POST", place, **{**CANDIDATE, "name": "ABC-102", "phase": "discovery"})
    twice = await analyst.post(place, json={**CANDIDATE, "name": "abc-101"})
    assert (twice.status_code, twice.json()["code"]) == (409, "DRUG_CANDIDATE_EXISTS")
    assert [row["name"] for row in (await analyst.get(place)).json()] == ["ABC-101", "ABC-102"]
    shown = (await analyst.get(f"/companies/{company}", params={"include_pipeline": True})).json()
    assert [row["id"] for row in shown["drug_candidates"]] == [made["id"], early["id"]]
    assert "drug_candidates" not in (await analyst.get(f"/companies/{company}")).json()
    moved = await sent(analyst, "PATCH", f"/candidates/{early['id']}", 200, phase="phase_3")
    assert moved["phase_score"] == 8.5
    assert (await admin.delete(f"/candidates/{made['id']}")).status_code == 204
    shown = (await analyst.get("/companies/by-ticker/ABCD", params={"include_pipeline": True})).json()
    assert [row["id"] for row in shown["drug_candidates"]] == [early["id"]]
    assert (await admin.post(f"/candidates/{made['id']}/restore")).status_code == 200
    of_area = (await analyst.get("/candidates", params={"therapeutic_area": "oncology", "phase": "phase_3"})).json()
    assert [row["id"] for row in of_area["items"]] == [early["id"]]


@pytest.mark.parametrize("milestone", ["2027-13-01", "1999-Q1", "soon", "2027-Q5"])
async def test_a_milestone_that_is_no_day_and_no_quarter_is_refused(
    analyst: httpx2.AsyncClient, new_company: NewCompany, milestone: str
) -> None:
    place = f"/companies/{await new_company()}/candidates"
    refused = await analyst.post(place, json={**CANDIDATE, "next_milestone_date": milestone})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "next_milestone_date")
