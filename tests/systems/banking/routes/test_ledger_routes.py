"""Claims about the books over HTTP: what administrators see and post, and that nobody else does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def balance(client: httpx2.AsyncClient, account_id: str) -> str:
    return str((await client.get(f"/accounts/{account_id}")).json()["current_balance"])


async def withdrawn(client: httpx2.AsyncClient, account_id: str, amount: str) -> dict[str, Any]:
    return dict((await client.post(f"/accounts/{account_id}/withdrawals", json={"amount": amount})).json())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ledger/trial-balance"),
        ("GET", "/ledger/checks"),
        ("GET", "/ledger/entries"),
        ("GET", f"/ledger/entries/{NOBODY}"),
        ("POST", f"/accounts/{NOBODY}/fees"),
        ("POST", f"/accounts/{NOBODY}/interest"),
        ("POST", f"/transactions/{NOBODY}/refunds"),
        ("POST", f"/transactions/{NOBODY}/reversal"),
    ],
)
async def test_the_books_are_for_administrators_only(
    ada: httpx2.AsyncClient, stranger: httpx2.AsyncClient, method: str, path: str
) -> None:
    denied = await ada.request(method, path, json={"amount": "1"} if method == "POST" else None)
    assert (denied.status_code, denied.json()["code"]) == (403, "ACCESS_DENIED")
    unknown = await stranger.request(method, path)
    assert (unknown.status_code, unknown.json()["code"]) == (401, "NOT_AUTHENTICATED")


async def test_the_trial_balance_is_zero_and_the_checks_hold(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    await new_account(ada, "50", currency="EUR")
    await teller.post(f"/accounts/{account_id}/fees", json={"amount": "1.50"})
    lines = (await teller.get("/ledger/trial-balance")).json()
    by_code = {(line["currency"], line["code"]): line["balance"] for line in lines}
    assert by_code == {
        ("EUR", "cash"): "50.00",
        ("EUR", "customers"): "-50.00",
        ("USD", "cash"): "100.00",
        ("USD", "customers"): "-98.50",
        ("USD", "fee_income"): "-1.50",
    }
    checks = (await teller.get("/ledger/checks")).json()
    assert len(checks) >= 8
    assert all(check["holds"] and check["count"] == 0 for check in checks)


async def test_every_entry_shown_balances(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    await new_account(ada, "7")
    fee = (await teller.post(f"/accounts/{account_id}/fees", json={"amount": "1.50"})).json()
    listed = (await teller.get("/ledger/entries", params={"limit": 2, "count": "exact"})).json()
    rest = (await teller.get("/ledger/entries", params={"cursor": listed["next_cursor"]})).json()
    entries = listed["items"] + rest["items"]
    assert [entry["kind"] for entry in entries] == ["fee", "deposit", "deposit"]
    assert listed["count"] == 3
    for entry in entries:
        signed = [Decimal(line["amount"]) * (1 if line["side"] == "D" else -1) for line in entry["lines"]]
        assert (len(signed), sum(signed)) == (2, 0)
    of_one = (await teller.get("/ledger/entries", params={"ledger_account_id": account_id})).json()["items"]
    assert of_one == [entries[0], entries[2]]
    assert (await teller.get(f"/ledger/entries/{fee['journal_id']}")).json() == entries[0]
    assert {line["code"] for line in entries[0]["lines"]} >= {"fee_income"}
    missing = await teller.get(f"/ledger/entries/{NOBODY}")
    assert (missing.status_code, missing.json()["code"]) == (404, "JOURNAL_ENTRY_NOT_FOUND")


async def test_fees_and_interest_are_posted_once_for_a_key(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    for kind, expected in (("fees", "98.50"), ("interest", "100.00")):
        path, key = f"/accounts/{account_id}/{kind}", {"Idempotency-Key": kind}
        first, again = [await teller.post(path, json={"amount": "1.50"}, headers=key) for _ in range(2)]
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert first.status_code == 201
        assert await balance(ada, account_id) == expected
        assert (await teller.post(path, json={"amount": 1.5})).status_code == 422
    refused = await teller.post(f"/accounts/{account_id}/fees", json={"amount": "100.01"})
    assert refused.json()["code"] == "INSUFFICIENT_FUNDS"
    assert (await teller.post(f"/accounts/{NOBODY}/interest", json={"amount": "1"})).status_code == 404


async def test_refunds_together_never_exceed_the_payment(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    paid = await withdrawn(ada, account_id, "50")
    path = f"/transactions/{paid['id']}/refunds"
    part = await teller.post(path, json={"amount": "20"})
    assert (part.status_code, part.json()["refund_of"], part.json()["direction"]) == (201, paid["id"], "inbound")
    too_much = await teller.post(path, json={"amount": "30.01"})
    assert (too_much.status_code, too_much.json()["facts"]["rule"]) == (400, "refund_maximum")
    assert (await teller.post(path, json={"amount": "30"})).status_code == 201
    assert await balance(ada, account_id) == "100.00"
    of_a_refund = await teller.post(f"/transactions/{part.json()['id']}/refunds", json={"amount": "1"})
    assert of_a_refund.json()["code"] == "BUSINESS_RULE_VIOLATION"
    assert (await teller.post(f"/transactions/{NOBODY}/refunds", json={"amount": "1"})).status_code == 404


async def test_a_repeated_refund_of_everything_answers_the_same(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    paid = await withdrawn(ada, account_id, "50")
    key = {"Idempotency-Key": "refund-1"}
    first, again = [
        await teller.post(f"/transactions/{paid['id']}/refunds", json={"amount": "50"}, headers=key) for _ in range(2)
    ]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.status_code == 201
    assert await balance(ada, account_id) == "100.00"


async def test_a_movement_is_reversed_once(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    paid = await withdrawn(ada, account_id, "50")
    path, key = f"/transactions/{paid['id']}/reversal", {"Idempotency-Key": "reverse-1"}
    first, again = [await teller.post(path, json={"reason": "Mistake"}, headers=key) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (first.status_code, first.json()["reversal_of"], first.json()["direction"]) == (201, paid["id"], "inbound")
    assert (await ada.get(f"/transactions/{paid['id']}")).json()["status"] == "reversed"
    assert await balance(ada, account_id) == "100.00"
    twice = await teller.post(path, json={})
    assert (twice.status_code, twice.json()["code"]) == (409, "ALREADY_REVERSED")
    assert await balance(ada, account_id) == "100.00"
    assert (await teller.post(f"/transactions/{NOBODY}/reversal", json={})).json()["code"] == "TRANSACTION_NOT_FOUND"


async def test_what_was_refunded_is_not_given_back_again_by_a_reversal(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    paid = await withdrawn(ada, account_id, "50")
    back = (await teller.post(f"/transactions/{paid['id']}/refunds", json={"amount": "20"})).json()
    path = f"/transactions/{paid['id']}/reversal"
    refused = await teller.post(path, json={})
    assert (refused.status_code, refused.json()["facts"]["rule"]) == (400, "reverse_refunded")
    assert await balance(ada, account_id) == "70.00"
    assert (await teller.post(f"/transactions/{back['id']}/reversal", json={})).status_code == 201
    assert (await teller.post(path, json={})).status_code == 201
    assert await balance(ada, account_id) == "100.00"
    of_a_reversed = await teller.post(f"/transactions/{paid['id']}/refunds", json={"amount": "1"})
    assert of_a_reversed.json()["code"] == "BUSINESS_RULE_VIOLATION"


async def test_money_that_is_gone_comes_back_only_when_it_may_overdraw(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    paid = (await teller.post(f"/accounts/{account_id}/deposits", json={"amount": "100"})).json()
    await withdrawn(ada, account_id, "60")
    path = f"/transactions/{paid['id']}/reversal"
    refused = await teller.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (400, "INSUFFICIENT_FUNDS")
    assert (await ada.get(f"/transactions/{paid['id']}")).json()["status"] == "completed"
    assert (await teller.post(path, json={"may_overdraw": True})).status_code == 201
    assert await balance(ada, account_id) == "-60.00"
    assert all(check["holds"] for check in (await teller.get("/ledger/checks")).json())


async def test_a_reversed_transfer_goes_back_on_both_sides(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)
    order = {"from_account_id": source, "to_account_id": destination, "amount": "40"}
    made = (await ada.post("/transfers", json=order)).json()
    sent = (await ada.get("/transactions", params={"transaction_type": "transfer_out"})).json()["items"][0]
    assert (await teller.post(f"/transactions/{sent['id']}/reversal", json={})).status_code == 201
    assert (await ada.get(f"/transfers/{made['id']}")).json()["status"] == "reversed"
    assert (await balance(ada, source), await balance(ben, destination)) == ("100.00", "0.00")
    assert all(check["holds"] for check in (await teller.get("/ledger/checks")).json())
