"""Claims about reports over HTTP: what they say, whose they are, and that each is made once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.systems.export_readiness.routes.conftest import REPORT, NewReport


async def test_a_report_is_judged_when_it_is_asked_for(asha: httpx2.AsyncClient) -> None:
    made = await asha.post("/reports", json=REPORT)
    assert made.status_code == 201, made.text
    report = made.json()
    assert report["id"].startswith("rpt_")
    assert (report["status"], report["hs_code"], report["hs_code_confidence"]) == ("completed", "0910.30", "100.00")
    # a registration at the FDA for food is mandatory, ZED is offered to manufacturers
    assert {one["id"] for one in report["report_data"]["certifications"]} == {
        "fda-food-facility",
        "zed-certification",
    }
    # (15,000 + 30,000) / 2 and (20,000 + 100,000) / 2 for certificates, 10,000 for papers, 25,000 for freight
    assert (report["estimated_cost"], report["estimated_timeline_days"]) == ("117500.00", 107)
    assert (await asha.get(f"/reports/{report['id']}")).json() == report
    bare = report["id"].removeprefix("rpt_")
    assert (await asha.get(f"/reports/{bare}")).json() == report
    status = (await asha.get(f"/reports/{report['id']}/status")).json()
    assert (status["report_id"], status["status"], status["reason"]) == (report["id"], "completed", None)
    assert (await asha.get("/me/metrics")).json()["reports_generated"] == 1


async def test_evidence_is_weighed(asha: httpx2.AsyncClient) -> None:
    evidence = {
        "hs_codes": [{"code": "091020", "confidence": "40"}, {"code": "0910.30", "confidence": "62.5"}],
        "restricted_substances": [{"name": "Lead chromate"}],
        "past_rejections": [{"source": "FDA", "product": "Turmeric", "rejected_on": "2025-03-01"}],
        "retrieved_sources": [{"title": "Import alert 28-13", "url": "https://example.com/28-13"}],
    }
    values = {name: value for name, value in REPORT.items() if name != "hs_code"}
    plain = (await asha.post("/reports", json={**REPORT})).json()
    made = await asha.post("/reports", json={**values, "evidence": evidence})
    assert made.status_code == 201, made.text
    report = made.json()
    assert (report["hs_code"], report["hs_code_confidence"]) == ("0910.30", "62.50")
    assert [one["code"] for one in report["report_data"]["hs_code"]["alternatives"]] == ["091020"]
    assert report["risk_score"] == plain["risk_score"] + 15 + 20 + 15


async def test_a_report_waits_for_its_evidence_fails_and_begins_again(asha: httpx2.AsyncClient) -> None:
    report = (await asha.post("/reports", json={**REPORT, "is_assessed": False})).json()
    place = f"/reports/{report['id']}"
    assert (report["status"], report["risk_score"]) == ("processing", None)
    failed = (await asha.post(f"{place}/failure", json={"reason": "the search is down"})).json()
    assert failed["status"] == "failed"
    assert (await asha.get(f"{place}/status")).json()["reason"] == "the search is down"
    refused = await asha.post(f"{place}/assessment", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "EXPORT_REPORT_STEP_REFUSED")
    assert (await asha.post(f"{place}/restart")).json()["status"] == "processing"
    assert (await asha.post(f"{place}/assessment", json={})).json()["status"] == "completed"
    again = await asha.post(f"{place}/assessment", json={})
    assert again.json()["code"] == "EXPORT_REPORT_STEP_REFUSED"


async def test_a_key_makes_one_report_however_often_it_is_sent(
    asha: httpx2.AsyncClient, bala: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "turmeric-1"}
    first, again = [await asha.post("/reports", json=REPORT, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await asha.post("/reports", json={**REPORT, "destination_country": "Japan"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    somebody_elses = await bala.post("/reports", json=REPORT, headers=key)
    assert somebody_elses.status_code == 201
    assert somebody_elses.json()["id"] != first.json()["id"]
    assert len((await asha.get("/reports")).json()["items"]) == 1
    assert (await asha.get("/me/metrics")).json()["reports_generated"] == 1


async def test_one_key_makes_one_report_also_when_it_is_sent_twice_at_once(asha: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "turmeric-1"}
    made = await asyncio.gather(*(asha.post("/reports", json=REPORT, headers=key) for _ in range(4)))
    assert [answer.status_code for answer in made] == [201] * 4
    assert len({answer.json()["id"] for answer in made}) == 1
    places = ("Japan", "Germany")
    bodies = [{**REPORT, "destination_country": place} for place in places]
    key = {"Idempotency-Key": "turmeric-2"}
    rivals = await asyncio.gather(*(asha.post("/reports", json=body, headers=key) for body in bodies))
    assert sorted(answer.status_code for answer in rivals) == [201, 409]


async def test_a_code_that_a_person_has_chosen_is_certain(asha: httpx2.AsyncClient, new_report: NewReport) -> None:
    place = f"/reports/{await new_report()}"
    before = (await asha.get(place)).json()
    changed = await asha.put(f"{place}/hs-code", json={"hs_code": "0910 20"})
    assert changed.status_code == 200, changed.text
    report = changed.json()
    assert (report["hs_code"], report["hs_code_confidence"]) == ("0910.20", "100.00")
    assert report["report_data"]["hs_code"]["code"] == "091020"
    late = await asha.put(f"{place}/hs-code", json={"hs_code": "091030", "unchanged_since": before["updated_at"]})
    assert (late.status_code, late.json()["code"]) == (409, "EXPORT_REPORT_CHANGED")
    for wrong in ("12", "abcdef", "0910300000000", "٠٩١٠"):
        assert (await asha.put(f"{place}/hs-code", json={"hs_code": wrong})).status_code == 422


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"product_name": " "}, "product_name"),
        ({"product_name": "x" * 201}, "product_name"),
        ({"product_name": "a\x00b"}, "product_name"),
        ({"destination_country": ""}, "destination_country"),
        ({"destination_country": "a\nb"}, "destination_country"),
        ({"ingredients": "x" * 2001}, "ingredients"),
        ({"ingredients": "\x00"}, "ingredients"),
        ({"payment_mode": "x" * 101}, "payment_mode"),
        ({"monthly_volume": 1.5}, "monthly_volume"),
        ({"monthly_volume": "-1"}, "monthly_volume"),
        ({"hs_code": "12"}, "hs_code"),
        ({"is_assessed": False, "evidence": {}}, "evidence"),
        ({"status": "completed"}, "status"),
        ({"user_id": "somebody else"}, "user_id"),
        ({"evidence": {"hs_codes": [{"code": "091030", "confidence": 62.5}]}}, "evidence.hs_codes.0.confidence"),
        ({"evidence": {"hs_codes": [{"code": "091030", "confidence": "101"}]}}, "evidence.hs_codes.0.confidence"),
        (
            {"evidence": {"retrieved_sources": [{"title": "a", "url": "javascript:alert(1)"}]}},
            "evidence.retrieved_sources.0.url",
        ),
        ({"evidence": {"restricted_substances": [{"name": "a"}] * 51}}, "evidence.restricted_substances"),
    ],
)
async def test_a_report_that_cannot_be_is_refused_by_field_and_leaves_nothing(
    asha: httpx2.AsyncClient, change: dict[str, Any], named: str
) -> None:
    refused = await asha.post("/reports", json={**REPORT, **change})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json"), refused.text
    assert [error["field"] for error in refused.json()["errors"]] == [named]
    assert (await asha.get("/reports")).json()["items"] == []


async def test_what_looks_like_a_statement_is_a_name(asha: httpx2.AsyncClient, new_report: NewReport) -> None:
    name = "'; DROP TABLE export_readiness.reports; -- <script>alert(1)</script> हल्दी"
    report_id = await new_report(product_name=name)
    assert (await asha.get(f"/reports/{report_id}")).json()["product_name"] == name


@pytest.mark.parametrize("wrong", ["rpt_", "doc_018f3c5ae1d27c0b9f2c6a1d4e8b7f30", "1%00", "{0}", "%F0%9F%8C%B6", "-1"])
async def test_what_is_no_id_is_not_found(asha: httpx2.AsyncClient, wrong: str) -> None:
    missing = await asha.get(f"/reports/{wrong}")
    assert (missing.status_code, missing.json()["code"]) == (404, "EXPORT_REPORT_NOT_FOUND")


async def test_reports_are_listed_newest_first_page_by_page_and_by_what_they_are(
    asha: httpx2.AsyncClient, bala: httpx2.AsyncClient, admin: httpx2.AsyncClient, new_report: NewReport
) -> None:
    made = [
        await new_report(),
        await new_report(destination_country="Germany"),
        await new_report(hs_code="6109.10", product_name="Shirts"),
        await new_report(is_assessed=False),
    ]
    await bala.post("/reports", json=REPORT)
    first = (await asha.get("/reports", params={"limit": 3, "count": "exact"})).json()
    rest = (await asha.get("/reports", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [report["id"] for report in first["items"] + rest["items"]] == made[::-1]
    assert (first["count"], rest["next_cursor"]) == (4, None)
    filters = {"destination_country": "Germany", "hs_code": "6109.10", "status": "processing"}
    for (name, value), index in zip(filters.items(), (1, 2, 3), strict=True):
        found = (await asha.get("/reports", params={name: value})).json()["items"]
        assert [report["id"] for report in found] == [made[index]]
    elsewhere = await asha.get("/reports", params={"status": "completed", "cursor": first["next_cursor"]})
    assert elsewhere.json()["code"] == "INVALID_CURSOR"
    assert (await admin.get("/reports", params={"count": "exact"})).json()["count"] == 5
    owner = (await bala.get("/me")).json()["id"]
    assert len((await admin.get("/reports", params={"user_id": owner})).json()["items"]) == 1
    peeking = await asha.get("/reports", params={"user_id": owner})
    assert (peeking.status_code, peeking.json()["code"]) == (404, "EXPORTER_NOT_FOUND")


async def test_a_report_is_removed_with_what_follows_from_it(asha: httpx2.AsyncClient, new_report: NewReport) -> None:
    report_id = await new_report()
    assert (await asha.delete(f"/reports/{report_id}")).status_code == 204
    for path in ("", "/status", "/plan", "/certifications", "/dashboard"):
        assert (await asha.get(f"/reports/{report_id}{path}")).json()["code"] == "EXPORT_REPORT_NOT_FOUND"
    assert (await asha.get("/me/metrics")).json()["reports_generated"] == 1
