"""Claims about models over HTTP: trained by a job, forecast with, judged, and reported on."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.services.training import TRAIN
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.routes.conftest import NewModel, Send

TRAINING = {"model_name": "Sales", "category": "revenue", "method": "seasonal_naive", "horizon": 6}


@pytest.fixture
async def trained(
    analyst: httpx2.AsyncClient, send: Send, database: Database, options: ForecastingOptions
) -> dict[str, Any]:
    """A model that was trained on the analyst's series."""
    assert (await send()).status_code == 201
    accepted = await analyst.post("/models/training", json=TRAINING)
    assert accepted.status_code == 202, accepted.text
    place = accepted.headers["location"].removeprefix("/api/forecasting")
    assert (await analyst.get(place)).json()["status"] == "waiting"
    run_jobs(database, (TRAIN,), options=(options,))
    job = (await analyst.get(place)).json()
    assert job["status"] == "succeeded", job
    found = await analyst.get(f"/models/{job['result']['model_id']}")
    return dict(found.json())


async def test_a_model_is_trained_by_a_job(
    trained: dict[str, Any], viewer: httpx2.AsyncClient, analyst: httpx2.AsyncClient
) -> None:
    assert (trained["model_type"], trained["version"], trained["is_active"]) == ("seasonal_naive", 1, True)
    assert trained["training_data_count"] == 48
    assert float(trained["rmse"]) >= float(trained["mae"]) > 0
    listed = (await viewer.get("/models", params={"model_type": "seasonal_naive", "is_active": True})).json()
    assert listed["items"] == [trained]
    assert (await analyst.get("/models/active", params={"model_name": "Sales"})).json() == trained
    assert (await viewer.get("/models/active", params={"model_name": "Sales"})).status_code == 404
    whose = {"model_name": "Sales", "user_id": trained["user_id"]}
    assert (await viewer.get("/models/versions", params=whose)).json() == {"versions": [trained]}


async def test_a_request_that_cannot_be_trained_is_refused_at_once(analyst: httpx2.AsyncClient) -> None:
    wrong = {"method": "magic", "horizon": 0, "season_length": 0, "model_name": " ", "category": "love"}
    for field, value in wrong.items():
        answer = await analyst.post("/models/training", json={**TRAINING, field: value})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await analyst.post("/models/training", json=TRAINING)).json()["code"] == "SERIES_NOT_FOUND"


async def test_the_methods_are_told(viewer: httpx2.AsyncClient) -> None:
    methods = (await viewer.get("/methods")).json()
    assert {"auto", "arima", "sarima", "ets", "theta"} <= {method["name"] for method in methods}


async def test_forecasts_are_read_by_span_and_furthest_first(
    trained: dict[str, Any], viewer: httpx2.AsyncClient
) -> None:
    place = f"/models/{trained['id']}/forecasts"
    whole = (await viewer.get(place)).json()["items"]
    assert [forecast["forecast_date"][:7] for forecast in whole] == [f"2024-{at:02}" for at in range(1, 7)]
    latest = (await viewer.get(f"{place}/latest", params={"limit": 2})).json()["items"]
    assert latest == whole[:-3:-1]
    span = {"start": "2024-02-01", "end": "2024-03-01"}
    assert (await viewer.get(place, params=span)).json()["items"] == whole[1:3]
    first = whole[0]
    bounds = (float(first["lower_confidence_interval"]), float(first["upper_confidence_interval"]))
    assert bounds[0] < float(first["predicted_value"]) < bounds[1]


async def test_going_on_with_a_model_says_again_what_it_said(
    trained: dict[str, Any], analyst: httpx2.AsyncClient
) -> None:
    place = f"/models/{trained['id']}/forecasts"
    before = (await analyst.get(place)).json()
    assert (await analyst.post(place, json={})).json() == {"forecasts": 6}
    assert (await analyst.get(place)).json() == before
    assert (await analyst.post(place, json={"horizon": 0})).json()["errors"][0]["field"] == "horizon"
    assert (await analyst.post(place, json={"horizon": 8})).json() == {"forecasts": 8}
    assert (await analyst.get(place)).json()["items"][:6] == before["items"]


async def test_a_model_without_its_file_is_not_gone_on_with(analyst: httpx2.AsyncClient, new_model: NewModel) -> None:
    refused = await analyst.post(f"/models/{await new_model()}/forecasts", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "MODEL_FILE_REFUSED")


async def test_what_came_is_held_against_what_was_said(analyst: httpx2.AsyncClient, new_model: NewModel) -> None:
    model_id = await new_model()
    days = [f"2024-0{at}-01" for at in range(1, 6)]
    said, came = ("98", "112", "118", "135", "120"), ("100", "110", "120", "130", "125")
    forecasts = [
        {"forecast_date": day, "predicted_value": value, "lower_confidence_interval": "90"}
        | {"upper_confidence_interval": "140"}
        for day, value in zip(days, said, strict=True)
    ]
    assert (await analyst.put(f"/models/{model_id}/forecasts", json={"forecasts": forecasts})).json() == {
        "forecasts": 5
    }
    pending = (await analyst.get("/forecasts/pending", params={"model_id": model_id})).json()["items"]
    assert len(pending) == 5
    actuals = [{"forecast_date": day, "value": value} for day, value in zip(days, came, strict=True)]
    put = await analyst.put(f"/models/{model_id}/actuals", json={"actuals": actuals})
    assert put.json() == {"forecasts": 5}
    found = (await analyst.get(f"/models/{model_id}/accuracy")).json()
    expected = {"n": 5, "mae": "3.200000", "rmse": "3.521363", "mape": "2.666200", "coverage": "1.000000"}
    assert {name: found[name] for name in expected} == expected
    assert (await analyst.get("/forecasts/pending", params={"model_id": model_id})).json()["items"] == []
    inside_out = [{**forecasts[0], "forecast_date": "2025-01-01", "predicted_value": "150"}]
    refused = await analyst.put(f"/models/{model_id}/forecasts", json={"forecasts": inside_out})
    assert refused.status_code == 422


async def test_scores_from_elsewhere_are_recorded(analyst: httpx2.AsyncClient, new_model: NewModel) -> None:
    place = f"/models/{await new_model()}/scores"
    scored = (await analyst.put(place, json={"mae": "3.2", "rmse": "3.521363"})).json()
    assert (scored["mae"], scored["rmse"], scored["mape"]) == ("3.200000", "3.521363", None)
    assert (await analyst.put(place, json={"mae": 3.2})).status_code == 422
    assert (await analyst.put(place, json={"mae": "3", "rmse": "1"})).status_code == 422


async def test_risk_is_computed_read_and_followed(
    analyst: httpx2.AsyncClient, viewer: httpx2.AsyncClient, new_model: NewModel
) -> None:
    place = f"/models/{await new_model()}/risk"
    assert (await viewer.get(f"{place}/latest")).json()["code"] == "RISK_METRICS_NOT_FOUND"
    computed = await analyst.post(place, json={"simulation": {"paths": 500, "horizon": 3}})
    assert computed.status_code == 201, computed.text
    risk = computed.json()
    figures = {name: float(risk[name]) for name in ("var_95", "var_99", "cvar_95", "cvar_99")}
    assert figures["var_95"] <= figures["var_99"] <= figures["cvar_99"]
    assert figures["cvar_95"] <= figures["cvar_99"]
    assert (risk["scenario_results"]["paths"], risk["scenario_results"]["measures"]["observations"]) == (500, 47)
    assert (await viewer.get(f"{place}/latest")).json() == risk
    assert (await viewer.get(place)).json()["items"] == [risk]
    assert (await viewer.get(place, params={"end": "2020-01-01"})).json()["items"] == []
    trend = (await viewer.get(f"{place}/trend", params={"measure": "volatility"})).json()
    assert [point["value"] for point in trend["points"]] == [risk["volatility"]]
    breaches = (await viewer.get(f"{place}/breaches")).json()
    assert breaches["at_95"]["observations"] == 47
    assert len(breaches["breaches"]) == breaches["at_95"]["breaches"] > 0
    for wrong in ({"horizon": 2}, {"simulation": {"paths": 100_001}}, {"shocks": {"a": -2}}, {"method": "tea leaves"}):
        assert (await analyst.post(place, json=wrong)).status_code == 422, wrong


async def test_key_figures_are_reported_and_rendered(
    analyst: httpx2.AsyncClient, viewer: httpx2.AsyncClient, new_model: NewModel
) -> None:
    model_id = await new_model("<script>alert(1)</script>")
    place = f"/models/{model_id}/kpis"
    assert (await viewer.get(f"{place}/latest")).json()["code"] == "KPI_REPORT_NOT_FOUND"
    period = {"start": "2023-01-01", "end": "2024-01-01", "budget": "16000", "currency": "eur"}
    made = await analyst.post(place, json=period)
    assert made.status_code == 201, made.text
    report = made.json()
    assert float(report["revenue_growth_rate"]) > 0
    assert report["report_data"]["currency"] == "EUR"
    assert (await viewer.get(f"{place}/latest")).json() == report
    assert (await viewer.get(f"/kpis/{report['id']}")).json() == report
    assert (await viewer.get(place)).json()["items"] == [report]
    backwards = await analyst.post(place, json={**period, "end": "2022-01-01"})
    assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (422, "end")
    page = await viewer.get(f"/kpis/{report['id']}/document")
    assert page.status_code == 200, page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    paper = await viewer.get(f"/kpis/{report['id']}/document", params={"format": "pdf"})
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert paper.headers["content-disposition"].endswith('-2023-01-01.pdf"')
    raw = await viewer.get(f"/kpis/{report['id']}/document", params={"format": "json"})
    assert raw.json()["id"] == report["id"]


async def test_the_dashboard_shows_what_is_newest_of_each_active_model(
    analyst: httpx2.AsyncClient, viewer: httpx2.AsyncClient, new_model: NewModel
) -> None:
    first, second = await new_model("first"), await new_model("second")
    risk = (await analyst.post(f"/models/{first}/risk", json={})).json()
    lines = (await analyst.get("/dashboard")).json()["models"]
    assert [line["model"]["id"] for line in lines] == [second, first]
    assert [line["risk"] for line in lines] == [None, risk]
    assert (await viewer.get("/dashboard")).json() == {"models": []}
    assert len((await analyst.get("/dashboard", params={"limit": 1})).json()["models"]) == 1
