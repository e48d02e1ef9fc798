"""Claims about what follows from a report over HTTP: certifications, plan, documents, conversations, analyses."""

from __future__ import annotations

import json
import math
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from strongroom.systems.export_readiness.rules.chat import Answer, Question
from tests.systems.export_readiness.routes.conftest import NewReport, as_sent

INVOICE = {
    "invoice_number": "INV-2026-7",
    "exporter_address": "12 Spice Street, Erode",
    "consignee_name": "Golden Foods Inc",
    "consignee_address": "1 Harbor Drive, New York",
    "port_of_discharge": "USNYC",
    "items": [{"description": "Turmeric powder", "quantity": "10", "unit_price": "12.50"}],
    "currency": "USD",
    "payment_terms": "30 days",
}


@pytest.fixture
async def place(new_report: NewReport) -> str:
    return f"/reports/{await new_report()}"


async def test_a_certification_is_taken_step_by_step(asha: httpx2.AsyncClient, place: str) -> None:
    one = f"{place}/certifications/fda-food-facility"
    assert (await asha.get(one)).json()["status"] == "not_started"
    begun = await asha.put(f"{one}/status", json={"status": "in_progress", "notes": "sent today"})
    assert (begun.json()["status"], begun.json()["notes"]) == ("in_progress", "sent today")
    for _ in range(2):
        for name in ("site-plan", "label"):
            marked = await asha.put(f"{one}/documents/{name}")
    assert marked.json()["documents_completed"] == ["site-plan", "label"]
    assert (await asha.delete(f"{one}/documents/label")).json()["documents_completed"] == ["site-plan"]
    under_way = (await asha.get("/certifications-under-way")).json()
    assert [found["certification"]["certification_id"] for found in under_way] == ["fda-food-facility"]
    assert (await asha.get("/certifications-under-way", params={"overdue": True})).json() == []
    done = (await asha.put(f"{one}/status", json={"status": "completed"})).json()
    assert done["completed_at"] is not None
    refused = await asha.put(f"{one}/status", json={"status": "in_progress"})
    assert (refused.status_code, refused.json()["code"]) == (409, "CERTIFICATION_STEP_REFUSED")
    summary = (await asha.get(f"{place}/certification-summary")).json()
    assert (summary["total"], summary["by_status"]["completed"], summary["completion_percentage"]) == (2, 1, "50.00")
    assert (await asha.post(f"{one}/reopening", json={})).json()["completed_at"] is None
    await asha.put(f"{one}/status", json={"status": "completed"})
    assert (await asha.get("/me/metrics")).json()["certifications_completed"] == 1


async def test_a_certification_of_ones_own_is_followed_once(asha: httpx2.AsyncClient, place: str) -> None:
    body = {"name": "Organic", "certification_type": "other"}
    first, again = [await asha.put(f"{place}/certifications/organic", json=body) for _ in range(2)]
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    listed = (await asha.get(f"{place}/certifications", params={"status": "not_started"})).json()
    assert {one["certification_id"] for one in listed} == {"fda-food-facility", "zed-certification", "organic"}
    missing = await asha.get(f"{place}/certifications/halal")
    assert (missing.status_code, missing.json()["code"]) == (404, "CERTIFICATION_NOT_FOUND")


async def test_the_plan_is_ticked_off(asha: httpx2.AsyncClient, place: str) -> None:
    plan = (await asha.get(f"{place}/plan")).json()
    assert [day["day"] for day in plan["days"]] == [1, 2, 3, 4, 5, 6, 7]
    assert all(day["tasks"] for day in plan["days"])
    assert (await asha.put(f"{place}/plan")).json() == plan
    ticked = await asha.put(f"{place}/plan/tasks/task_gst_lut", json={"completed": True})
    assert (ticked.json()["completed"], ticked.json()["completed_at"] is None) == (True, False)
    after = (await asha.get(f"{place}/plan")).json()
    assert (after["tasks_done"], after["tasks"]) == (1, plan["tasks"])
    following = (await asha.get(f"{place}/plan/next", params={"limit": 2})).json()
    assert [task["task_id"] for task in following] == ["task_hs_code_confirmation", "task_iec_verification"]
    missing = await asha.put(f"{place}/plan/tasks/task_of_nobody", json={"completed": True})
    assert missing.json()["code"] == "PLAN_TASK_NOT_FOUND"


async def test_a_document_is_made_checked_corrected_and_downloaded(asha: httpx2.AsyncClient, place: str) -> None:
    body = {"document_type": "commercial_invoice", "fields": INVOICE}
    made = await asha.post(f"{place}/documents", json=body)
    assert made.status_code == 201, made.text
    document = made.json()
    assert document["id"].startswith("doc_")
    assert document["is_valid"], document["validation_results"]
    assert document["document_data"]["total_value"] == "125.00"
    one = f"/documents/{document['id']}"
    broken = (await asha.patch(one, json={"fields": {"currency": "XXX"}})).json()
    assert (broken["is_valid"], broken["validation_results"]["errors"][0]["field"]) == (False, "currency")
    assert (await asha.post(f"{one}/validation")).json()["is_valid"] is False
    assert (await asha.patch(one, json={"fields": {"currency": "USD"}})).json()["is_valid"] is True
    starts = {"pdf": b"%PDF-", "docx": b"PK"}
    for kind, start in starts.items():
        file = await asha.get(f"{one}/file.{kind}")
        assert file.content.startswith(start)
        name = f"commercial-invoice-inv-2026-7.{kind}"
        assert file.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (await asha.get(f"{one}/file.exe")).status_code == 422
    assert (document["pdf_url"] or "").endswith(f"{one}/file.pdf")
    assert (await asha.get("/me/metrics")).json()["documents_generated"] == 1
    assert (await asha.delete(one)).status_code == 204
    assert (await asha.get(one)).json()["code"] == "EXPORT_DOCUMENT_NOT_FOUND"


async def test_a_key_makes_one_document(asha: httpx2.AsyncClient, place: str) -> None:
    key = {"Idempotency-Key": "list-1"}
    body = {"document_type": "packing_list"}
    first, again = [await asha.post(f"{place}/documents", json=body, headers=key) for _ in range(2)]
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    other = await asha.post(f"{place}/documents", json={"document_type": "gst_lut"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert len((await asha.get(f"{place}/documents")).json()) == 1


async def test_documents_are_compared(asha: httpx2.AsyncClient, place: str) -> None:
    early = await asha.get(f"{place}/documents/cross-check")
    assert (early.status_code, early.json()["code"]) == (404, "EXPORT_DOCUMENT_NOT_FOUND")
    for kind, gstin in (("gst_lut", "27AABCU9603R1ZN"), ("shipping_bill", "29AABCU9603R1ZJ")):
        await asha.post(f"{place}/documents", json={"document_type": kind, "fields": {"exporter_gstin": gstin}})
    latest = (await asha.get(f"{place}/documents/latest")).json()
    assert latest.keys() == {"gst_lut", "shipping_bill"}
    found = (await asha.get(f"{place}/documents/cross-check")).json()
    assert (found["is_valid"], found["errors"][0]["field"]) == (False, "exporter_gstin")


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "\x00"},
        {"note": "\ud800"},
        {"\ud800": "note"},
        {"note": math.nan},
        {"note": json.loads("[" * 900 + "]" * 900)},
        {"\x00": "note"},
        {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}},
        {"note": "x" * 2001},
        {"items": [1] * 5001},
        {f"field {number}": 1 for number in range(201)},
    ],
)
async def test_fields_that_cannot_be_kept_are_refused(
    asha: httpx2.AsyncClient, place: str, fields: dict[str, Any]
) -> None:
    sent = as_sent({"document_type": "packing_list", "fields": fields})
    sent["headers"]["Idempotency-Key"] = "hostile"
    refused = await asha.post(f"{place}/documents", **sent)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert (await asha.get(f"{place}/documents")).json() == []


async def test_a_question_is_answered_and_remembered(asha: httpx2.AsyncClient, place: str) -> None:
    key = {"Idempotency-Key": "talk-1"}
    body = {"context": {"buyer": "Golden"}}
    begun = [await asha.post(f"{place}/conversations", json=body, headers=key) for _ in range(2)]
    assert begun[0].status_code == 201, begun[0].text
    conversation = begun[0].json()
    assert (conversation["context_data"]["buyer"], begun[1].json()) == ("Golden", conversation)
    one = f"/conversations/{conversation['id']}"
    asked = await asha.post(f"{one}/questions", json={"question": " Which certification do I need? "})
    assert asked.status_code == 201, asked.text
    exchange = asked.json()
    assert exchange["question"]["content"] == "Which certification do I need?"
    assert exchange["question"]["sources"] is None
    assert exchange["answer"]["content"]
    history = (await asha.get(f"{one}/messages")).json()
    assert [message["role"] for message in history] == ["user", "assistant"]
    assert [message["id"] for message in (await asha.get(f"{one}/messages", params={"limit": 1})).json()] == [
        exchange["answer"]["id"]
    ]
    assert (await asha.delete(f"{one}/messages")).json() == {"forgotten": 2}
    assert [found["id"] for found in (await asha.get(f"{place}/conversations")).json()] == [conversation["id"]]
    assert (await asha.delete(one)).status_code == 204
    assert (await asha.get(one)).json()["code"] == "CHAT_SESSION_NOT_FOUND"


async def test_nothing_is_kept_of_a_question_that_nobody_answered(
    app: FastAPI, asha: httpx2.AsyncClient, place: str
) -> None:
    def answerer(question: Question) -> Answer:
        raise ConnectionError("the model is away, and its key is s3cret")

    app.state.export_readiness_answerer = answerer
    one = f"/conversations/{(await asha.post(f'{place}/conversations', json={})).json()['id']}"
    failed = await asha.post(f"{one}/questions", json={"question": "Why?"})
    assert (failed.status_code, failed.json()["code"]) == (502, "ANSWER_FAILED")
    assert "s3cret" not in failed.text
    assert (await asha.get(f"{one}/messages")).json() == []
    for wrong in ("", " ", "x" * 1001, "a\x00"):
        assert (await asha.post(f"{one}/questions", json={"question": wrong})).status_code == 422


async def test_money_is_worked_out(asha: httpx2.AsyncClient, place: str) -> None:
    early = await asha.get(f"{place}/finance")
    assert (early.status_code, early.json()["code"]) == (404, "ANALYSIS_NOT_FOUND")
    put = await asha.put(f"{place}/finance", json={"has_banking_relationship": True, "day": "2026-01-10"})
    assert put.status_code == 200, put.text
    finance = put.json()
    capital = finance["working_capital_data"]
    # 1000 units of 1000, certificates 82,500, papers 10,000, freight 25,000; 15 % of their sum on top
    assert (capital["product_cost"], capital["buffer"], capital["total"]) == (
        "1000000.00",
        "167625.00",
        "1285125.00",
    )
    assert finance["rodtep_benefit_data"]["benefit"] == "38553.75"
    assert (await asha.get(f"{place}/finance")).json() == finance
    again = (await asha.put(f"{place}/finance", json={"day": "2026-01-10"})).json()
    assert again["created_at"] == finance["created_at"]
    for wrong in ({"gst_paid": 1.5}, {"gst_paid": "-1"}, {"history_months": -1}, {"order_value": "1e30"}, {"x": 1}):
        assert (await asha.put(f"{place}/finance", json=wrong)).status_code == 422


async def test_freight_is_worked_out(asha: httpx2.AsyncClient, place: str) -> None:
    put = await asha.put(f"{place}/logistics", json={"volume": "10", "is_first_time": True, "inr_per_usd": "83.5"})
    assert put.status_code == 200, put.text
    logistics = put.json()
    comparison = logistics["lcl_fcl_comparison"]
    assert (comparison["recommendation"], comparison["lcl"]["cost"]) == ("LCL", "1500.00")
    assert (await asha.get(f"{place}/logistics")).json() == logistics
    for wrong in ({}, {"volume": "0"}, {"volume": 1.5}, {"volume": "10", "season": "rainy"}, {"volume": "1e30"}):
        assert (await asha.put(f"{place}/logistics", json=wrong)).status_code == 422


async def test_a_dashboard_shows_how_far_a_report_is(asha: httpx2.AsyncClient, place: str) -> None:
    await asha.put(f"{place}/plan/tasks/task_gst_lut", json={"completed": True})
    await asha.post(f"{place}/documents", json={"document_type": "commercial_invoice", "fields": INVOICE})
    seen = (await asha.get(f"{place}/dashboard")).json()
    assert (seen["tasks_done"], seen["documents"], seen["documents_valid"], seen["is_ready"]) == (1, 1, 1, False)
    assert seen["certifications"]["total"] == 2
    assert (await asha.get("/dashboard")).json() == [seen]


async def test_administrators_see_what_all_businesses_do(
    asha: httpx2.AsyncClient, admin: httpx2.AsyncClient, place: str
) -> None:
    seen = (await admin.get("/platform", params={"limit": 5})).json()
    assert seen["products"] == [{"name": "Turmeric powder", "reports": 1}]
    assert seen["destinations"] == [{"name": "United States", "reports": 1}]
    assert (seen["achievements"]["businesses"], seen["achievements"]["cost_savings"]) == (2, "0.00")
    assert (await admin.get("/platform", params={"limit": 101})).status_code == 422


async def test_expired_conversations_are_forgotten_by_administrators(admin: httpx2.AsyncClient) -> None:
    assert (await admin.delete("/conversations")).json() == {"forgotten": 0}
