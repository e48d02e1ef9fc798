"""Claims about money set aside, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def balances(client: httpx2.AsyncClient, account_id: str) -> tuple[str, str, str]:
    account = (await client.get(f"/accounts/{account_id}")).json()
    return account["current_balance"], account["reserved_balance"], account["available_balance"]


async def test_a_hold_reserves_and_is_captured_in_part(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    placed = await teller.post(f"/accounts/{account_id}/holds", json={"amount": "40", "description": "Hotel"})
    assert (placed.status_code, placed.json()["status"]) == (201, "active")
    assert await balances(ada, account_id) == ("100.00", "40.00", "60.00")
    refused = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "60.01"})
    assert refused.json()["code"] == "INSUFFICIENT_FUNDS"
    path, key = f"/holds/{placed.json()['id']}", {"Idempotency-Key": "capture-1"}
    first, again = [await teller.post(f"{path}/capture", json={"amount": "25"}, headers=key) for _ in range(2)]
    assert (first.status_code, first.json()["amount"], first.json()["balance_after"]) == (201, "25.00", "75.00")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await balances(ada, account_id) == ("75.00", "0.00", "75.00")
    shown = (await ada.get(path)).json()
    assert (shown["status"], shown["captured_amount"]) == ("captured", "25.00")
    twice = await teller.post(f"{path}/capture", json={})
    assert (twice.status_code, twice.json()["code"]) == (400, "BUSINESS_RULE_VIOLATION")


async def test_a_released_hold_gives_the_money_free_once(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    hold = (await teller.post(f"/accounts/{account_id}/holds", json={"amount": "40", "lifetime_s": 60})).json()
    released = await teller.post(f"/holds/{hold['id']}/release")
    assert (released.json()["status"], released.json()["resolved_at"] is not None) == ("released", True)
    assert await balances(ada, account_id) == ("100.00", "0.00", "100.00")
    assert (await teller.post(f"/holds/{hold['id']}/release")).status_code == 400
    assert (await teller.post(f"/holds/{hold['id']}/capture", json={})).status_code == 400
    assert await balances(ada, account_id) == ("100.00", "0.00", "100.00")


async def test_owners_see_their_holds_and_cannot_touch_them(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    holds = f"/accounts/{account_id}/holds"
    made = [(await teller.post(holds, json={"amount": str(n)})).json() for n in (10, 20)]
    assert (await ada.get(holds)).json()["items"] == made[::-1]
    await teller.post(f"/holds/{made[0]['id']}/release")
    assert (await ada.get(holds, params={"status": "active"})).json()["items"] == [made[1]]
    assert (await ada.get(f"/holds/{made[1]['id']}")).json() == made[1]
    for answer in (
        await ada.post(holds, json={"amount": "1"}),
        await ada.post(f"/holds/{made[1]['id']}/release"),
        await ada.post(f"/holds/{made[1]['id']}/capture", json={}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS_DENIED")
    assert (await ben.get(holds)).json()["code"] == "ACCOUNT_NOT_FOUND"
    assert (await ben.get(f"/holds/{made[1]['id']}")).json()["code"] == "HOLD_NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        {"amount": "0"},
        {"amount": 1.5},
        {"amount": "1", "lifetime_s": 0},
        {"amount": "1", "lifetime_s": 1.5},
        {"amount": "1", "lifetime_s": 10**12},
        {"amount": "1", "status": "captured"},
    ],
)
async def test_a_hold_that_cannot_be_reserves_nothing(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount, body: dict[str, object]
) -> None:
    account_id = await new_account(ada, "100")
    assert (await teller.post(f"/accounts/{account_id}/holds", json=body)).status_code == 422
    assert await balances(ada, account_id) == ("100.00", "0.00", "100.00")


async def test_no_more_is_held_than_is_there_nor_captured_than_is_held(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    refused = await teller.post(f"/accounts/{account_id}/holds", json={"amount": "100.01"})
    assert (refused.status_code, refused.json()["code"]) == (400, "INSUFFICIENT_FUNDS")
    hold = (await teller.post(f"/accounts/{account_id}/holds", json={"amount": "40"})).json()
    assert (await teller.post(f"/holds/{hold['id']}/capture", json={"amount": "40.01"})).status_code == 422
    assert (await teller.post(f"/holds/{NOBODY}/capture", json={})).json()["code"] == "HOLD_NOT_FOUND"
    assert (await teller.post(f"/accounts/{NOBODY}/holds", json={"amount": "1"})).status_code == 404
    assert await balances(ada, account_id) == ("100.00", "40.00", "60.00")


async def test_a_capture_that_is_refused_leaves_the_hold_as_it_was(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    hold = (await teller.post(f"/accounts/{account_id}/holds", json={"amount": "40"})).json()
    await teller.put(f"/accounts/{account_id}/status", json={"status": "suspended"})
    refused = await teller.post(f"/holds/{hold['id']}/capture", json={})
    assert (refused.status_code, refused.json()["code"]) == (400, "ACCOUNT_NOT_ACTIVE")
    assert (await ada.get(f"/holds/{hold['id']}")).json() == hold
    assert await balances(ada, account_id) == ("100.00", "40.00", "60.00")
