"""Claims about signals, scores and matches over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.systems.biotech.routes.conftest import NewCompany, sent

TRIAL = {
    "ticker": "abcd",
    "signal_type": "clinical_trial",
    "event_date": "2026-01-02T03:04:05",
    "title": "Phase 2 read-out",
    "severity": "high",
    "signal_data": {"trial_id": "nct01234567", "phase": "phase_2", "outcome": "positive"},
    "source": "registry",
    "external_id": "r-1",
}
BUYER = {
    "ticker": "BUYR",
    "name": "Buyer Pharma",
    "therapeutic_areas": ["oncology"],
    "cash_usd": "20000000000",
    "market_cap_usd": "90000000000",
    "deals_in_five_years": 4,
    "patent_cliff_years": 2,
}


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


async def test_a_signal_comes_in_once_however_often_it_is_sent(
    analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    company = await new_company()
    first = await analyst.post("/signals", json=TRIAL)
    again = await analyst.post("/signals", json={**TRIAL, "title": "Another title"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["company_id"] == company
    assert first.json()["event_date"] == "2026-01-02T03:04:05Z"
    assert first.json()["signal_data"]["trial_id"] == "NCT01234567"
    batch = [{**TRIAL, "external_id": name} for name in ("r-1", "r-2", "r-2", "r-3")]
    taken = await sent(analyst, "POST", "/signals/batch", 200, signals=batch)
    assert taken == {"added": 2, "repeated": 2}
    assert (await analyst.get("/signals/counts")).json() == {"clinical_trial": 3}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"signal_data": {"trial_id": "12"}}, "signal_data.trial_id"),
        ({"signal_data": {"outcome": "meh"}}, "signal_data.outcome"),
        ({"signal_data": {"enrollment": -1}}, "signal_data.enrollment"),
        ({"signal_data": []}, "signal_data"),
        ({"signal_type": "Not A Word!"}, "signal_type"),
        ({"severity": "banana"}, "severity"),
        ({"confidence": 7}, "confidence"),
        ({"ma_impact_score": 500}, "ma_impact_score"),
        ({"title": " "}, "title"),
        ({"source": None}, "external_id"),
        ({"ticker": None}, "ticker"),
        ({"company_id": "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"}, "ticker"),
        ({"event_date": "yesterday"}, "event_date"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
async def test_a_signal_that_cannot_be_is_refused_by_field_alone_and_in_a_batch(
    analyst: httpx2.AsyncClient, new_company: NewCompany, change: dict[str, Any], named: str
) -> None:
    await new_company()
    body = {**TRIAL, **change}
    alone = await analyst.post("/signals", json=body)
    assert alone.status_code == 422
    assert [error["field"] for error in alone.json()["errors"]] == [named]
    batch = await analyst.post("/signals/batch", json={"signals": [TRIAL, body]})
    assert [error["field"] for error in batch.json()["errors"]] == [f"signals.1.{named}"]
    assert (await analyst.get("/signals")).json()["items"] == []


async def test_types_that_nobody_has_described_carry_what_they_like(
    analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    await new_company()
    free = {**TRIAL, "signal_type": "patient_forum", "signal_data": {"trial_id": 5, "words": ["a", {"b": None}]}}
    assert (await sent(analyst, "POST", "/signals", **free))["signal_data"] == free["signal_data"]
    nowhere = await analyst.post("/signals", json={**TRIAL, "ticker": "NONE"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "BIOTECH_COMPANY_NOT_FOUND")
    too_many = await analyst.post("/signals/batch", json={"signals": [{}] * 1001})
    assert too_many.status_code == 422


async def test_signals_are_found_by_type_severity_and_time(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    one, other = await new_company("ONE"), await new_company("TWO")
    for number, (ticker, kind, severity, days) in enumerate(
        [("ONE", "a", "low", 1), ("ONE", "b", "critical", 2), ("TWO", "a", "high", 3), ("TWO", "a", "high", 30)]
    ):
        signal = {"ticker": ticker, "signal_type": kind, "severity": severity, "event_date": days_ago(days)}
        await sent(analyst, "POST", "/signals", **signal, title=str(number))

    async def found(path: str, **asked: Any) -> str:
        page = await viewer.get(path, params=asked)
        assert page.status_code == 200, page.text
        return "".join(signal["title"] for signal in page.json()["items"])

    assert await found("/signals") == "0123"
    assert await found(f"/companies/{one}/signals") == "01"
    assert await found(f"/companies/{other}/signals", signal_type=["b", "c"]) == ""
    assert await found("/signals", signal_type=["a"], min_severity="high") == "23"
    assert await found("/signals", start_date=days_ago(2.5), end_date=days_ago(1.5)) == "1"
    assert await found("/signals/recent") == "012"
    assert await found("/signals/recent", days=31, severity="high") == "23"
    assert (await viewer.get("/signals/counts", params={"company_id": one})).json() == {"a": 1, "b": 1}
    assert (await viewer.get("/signals/counts", params={"start_date": days_ago(7)})).json() == {"a": 2, "b": 1}
    first = (await viewer.get("/signals", params={"limit": 3})).json()
    assert await found("/signals", limit=3, cursor=first["next_cursor"]) == "3"
    assert (await viewer.get("/signals/recent", params={"days": 10**9})).status_code == 422
    assert (await viewer.get("/signals", params={"min_severity": "banana"})).status_code == 422


async def test_the_newest_score_counts_and_what_moved_is_told(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    one, other = await new_company("ONE"), await new_company("TWO")
    unscored = await viewer.get(f"/companies/{one}/scores/latest")
    assert (unscored.status_code, unscored.json()["code"]) == (404, "SCORE_NOT_FOUND")
    moment = days_ago(40)
    await sent(analyst, "POST", f"/companies/{one}/scores", total_score=50.25, score_date=moment)
    taken = await analyst.post(f"/companies/{one}/scores", json={"total_score": 1, "score_date": moment})
    assert (taken.status_code, taken.json()["code"]) == (409, "SCORE_EXISTS")
    newest = await sent(analyst, "POST", f"/companies/{one}/scores", total_score=85.5, key_drivers=["Late stage"])
    assert (newest["score_change_30d"], newest["trend"], newest["risk_level"]) == (35.25, "rising", "very_high")
    await sent(analyst, "POST", f"/companies/{other}/scores", total_score=60)
    assert (await viewer.get(f"/companies/{one}/scores/latest")).json()["id"] == newest["id"]

    async def standings(path: str, **asked: Any) -> list[tuple[str, float]]:
        found = (await viewer.get(path, params=asked)).json()
        return [(score["company"]["ticker"], score["total_score"]) for score in found]

    assert await standings("/scores/top") == [("ONE", 85.5), ("TWO", 60.0)]
    assert await standings("/scores/top", limit=1) == [("ONE", 85.5)]
    assert await standings("/scores/top", score_date=moment[:10]) == [("ONE", 50.25)]
    assert await standings("/scores/range", min_score=60, max_score=85.4) == [("TWO", 60.0)]
    changes = (await viewer.get("/scores/changes", params={"since": days_ago(10)})).json()
    assert [(change["score"]["company"]["ticker"], change["change"]) for change in changes] == [("ONE", 35.25)]
    history = (await viewer.get(f"/companies/{one}/scores", params={"limit": 1})).json()
    assert [score["total_score"] for score in history["items"]] == [85.5]
    rest = (await viewer.get(f"/companies/{one}/scores", params={"cursor": history["next_cursor"]})).json()
    assert [score["total_score"] for score in rest["items"]] == [50.25]
    assert (await viewer.get(f"/companies/{one}/scores", params={"days": 7})).json()["next_cursor"] is None
    assert await sent(analyst, "POST", "/scores/percentile-ranks", 200) == {"ranked": 2}
    ranked = (await viewer.get("/scores/top")).json()
    assert [score["percentile_rank"] for score in ranked] == [100.0, 0.0]


@pytest.mark.parametrize("total", [-1, 100.01, "NaN", "Infinity", None, "high"])
async def test_a_score_lies_between_0_and_100(
    analyst: httpx2.AsyncClient, new_company: NewCompany, total: object
) -> None:
    refused = await analyst.post(f"/companies/{await new_company()}/scores", json={"total_score": total})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "total_score")


async def test_a_score_is_computed_with_the_weights_of_a_version_and_keeps_its_inputs(
    analyst: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    company = await new_company(therapeutic_areas=["oncology"], quarterly_burn_rate_usd="100000000")
    first = await sent(analyst, "POST", f"/companies/{company}/scores/compute")
    assert first["score_version"] == "1.0"
    assert first["metadata"]["inputs"]["weights"]["pipeline"] == "0.30"
    weights = {
        "pipeline": "0",
        "patent": "0",
        "financial": "1",
        "insider": "0",
        "strategic_fit": "0",
        "regulatory": "0",
    }
    model = await sent(admin, "POST", "/scoring-models", version="2.0", weights=weights, description="Cash alone")
    assert (model["weights"]["financial"], model["is_default"]) == ("1", False)
    cash_alone = await sent(analyst, "POST", f"/companies/{company}/scores/compute", version="2.0")
    assert cash_alone["total_score"] == cash_alone["financial_score"]
    assert (await admin.put("/scoring-models/2.0/default")).json()["is_default"] is True
    by_default = await sent(analyst, "POST", f"/companies/{company}/scores/compute")
    assert by_default["score_version"] == "2.0"
    models = (await analyst.get("/scoring-models")).json()
    assert [(row["version"], row["is_default"]) for row in models] == [("1.0", False), ("2.0", True)]
    unknown = await analyst.post(f"/companies/{company}/scores/compute", json={"version": "3.0"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "SCORING_MODEL_NOT_FOUND")
    ahead = await analyst.post(f"/companies/{company}/scores/compute", json={"as_of": "2999-01-01"})
    assert (ahead.status_code, ahead.json()["errors"][0]["field"]) == (422, "as_of")


async def test_weights_that_do_not_add_up_or_change_are_refused(admin: httpx2.AsyncClient) -> None:
    fair = {part: "0.1" for part in ("pipeline", "patent", "financial", "insider", "strategic_fit", "regulatory")}
    for wrong in (fair, {"pipeline": "1"}, {**fair, "luck": "0.4"}):
        refused = await admin.post("/scoring-models", json={"version": "9", "weights": wrong})
        assert refused.status_code == 422
    again = await admin.post("/scoring-models", json={"version": "1.0", "weights": {**fair, "pipeline": "0.5"}})
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_EXISTS")


async def test_acquirers_are_judged_ranked_and_shown_by_target_and_by_acquirer(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    target = await new_company("TRGT", therapeutic_areas=["oncology"])
    tracked = await new_company("BIGP", market_cap_usd=10**11, cash_position_usd=10**10, therapeutic_areas=["oncology"])
    body = {"acquirers": [BUYER], "companies": [{"company_id": tracked, "deals_in_five_years": 1}], "min_score": 0}
    computed = await analyst.post(f"/companies/{target}/matches/compute", json=body)
    assert computed.status_code == 200, computed.text
    ranked = computed.json()
    assert [(match["acquirer_ticker"], match["match_rank"]) for match in ranked] == [("BUYR", 1), ("BIGP", 2)]
    assert ranked[1]["acquirer_company_id"] == tracked
    assert ranked[0]["valuation_base_usd"].endswith(".00")
    assert (await viewer.get(f"/companies/{target}/matches")).json() == ranked
    top = (await viewer.get("/matches/top")).json()
    assert {match["target_company"]["ticker"] for match in top} == {"TRGT"}
    by_buyer = (await viewer.get("/acquirers/buyr/matches")).json()
    assert [match["id"] for match in by_buyer] == [ranked[0]["id"]]


async def test_matches_that_were_judged_elsewhere_take_the_place_of_the_run_before(
    viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient, new_company: NewCompany
) -> None:
    place = f"/companies/{await new_company('TRGT')}/matches"
    for fits in ((5, 9), (7,)):
        matches = [{"acquirer_ticker": f"B{fit}", "acquirer_name": "Buyer", "strategic_fit_score": fit} for fit in fits]
        put = await analyst.put(place, json={"matches": matches})
        assert put.status_code == 200, put.text
        assert [match["acquirer_ticker"] for match in put.json()] == sorted((f"B{fit}" for fit in fits), reverse=True)
    assert [match["acquirer_ticker"] for match in (await viewer.get(place)).json()] == ["B7"]
    match = {"acquirer_ticker": "B1", "acquirer_name": "Buyer", "strategic_fit_score": 1}
    for wrong, named in (
        ([match, match], "matches"),
        ([{**match, "strategic_fit_score": 11}], "matches.0.strategic_fit_score"),
        ([{**match, "valuation_low_usd": "2", "valuation_base_usd": "1"}], "matches.0.valuation_base_usd"),
        ([{**match, "acquirer_ticker": "TRGT"}], "acquirer_ticker"),
    ):
        refused = await analyst.put(place, json={"matches": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, named)
