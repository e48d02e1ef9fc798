"""Claims about money from person to person over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.values import FixedClock

NewAccount = Callable[..., Awaitable[str]]
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def balance(client: httpx2.AsyncClient, account_id: str) -> str:
    return str((await client.get(f"/accounts/{account_id}")).json()["current_balance"])


async def test_money_sent_arrives_at_once_on_the_primary_account(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source, destination = await new_account(ada, "1000"), await new_account(ben)
    body = {"from_account_id": source, "recipient_id": ids["ben"], "amount": "200", "description": "Rent"}
    sent = await ada.post("/payments", json=body)
    assert sent.status_code == 201
    shown = sent.json()
    assert (shown["status"], shown["fee_amount"], shown["kind"]) == ("completed", "0.50", "send")
    assert (await balance(ada, source), await balance(ben, destination)) == ("799.50", "200.00")
    for client in (ada, ben):
        assert (await client.get(f"/payments/{shown['id']}")).json() == shown
        assert (await client.get("/payments")).json()["items"] == [shown]


async def test_a_repeated_payment_answers_the_same_and_moves_nothing(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)
    body, key = {"from_account_id": source, "recipient_id": ids["ben"], "amount": "20"}, {"Idempotency-Key": "p-1"}
    first, again = [await ada.post("/payments", json=body, headers=key) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await balance(ben, destination) == "20.00"
    other = await ada.post("/payments", json={**body, "amount": "21"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")


async def test_a_repeated_offer_is_one_offer(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    body = {"from_account_id": await new_account(ada, "100"), "recipient_id": ids["ben"], "amount": "20"}
    key = {"Idempotency-Key": "offer-1"}
    # ben has no account yet, so it waits for him
    at_once = await asyncio.gather(*(ada.post("/payments", json=body, headers=key) for _ in range(5)))
    await new_account(ben)
    later = await ada.post("/payments", json=body, headers=key)
    assert {(answer.status_code, answer.content) for answer in (*at_once, later)} == {(201, later.content)}
    assert (await ben.get("/payments")).json()["items"] == [later.json()]
    other = await ada.post("/payments", json={**body, "amount": "21"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")


async def test_an_offer_waits_for_the_recipient_alone(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source, destination = await new_account(ada, "100"), await new_account(ben)
    body = {"from_account_id": source, "recipient_id": ids["ben"], "amount": "20", "needs_acceptance": True}
    key = {"Idempotency-Key": "accept-1"}
    offered = (await ada.post("/payments", json=body, headers=key)).json()
    assert (offered["status"], offered["expires_at"] is not None) == ("pending", True)
    assert await balance(ada, source) == "100.00"
    path = f"/payments/{offered['id']}"
    for client, decision in ((ada, "accept"), (ada, "decline"), (ben, "cancel")):
        refused = await client.post(f"{path}/{decision}", json={})
        assert (refused.status_code, refused.json()["code"]) == (400, "BUSINESS_RULE_VIOLATION")
    first, again = [await ben.post(f"{path}/accept", json={}, headers=key) for _ in range(2)]
    assert first.json()["status"] == "completed"
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (await balance(ada, source), await balance(ben, destination)) == ("80.00", "20.00")
    assert (await ada.post(f"{path}/cancel")).json()["code"] == "BUSINESS_RULE_VIOLATION"


async def test_a_request_is_paid_from_the_account_the_payer_names(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    primary, second = await new_account(ada, "100"), await new_account(ada, "100")
    destination = await new_account(ben)
    asked = await ben.post("/payments/requests", json={"payer_id": ids["ada"], "amount": "30"})
    assert (asked.status_code, asked.json()["kind"]) == (201, "request")
    path = f"/payments/{asked.json()['id']}"
    assert (await ben.post(f"{path}/accept", json={})).status_code == 400
    assert (await ada.post(f"{path}/accept", json={"from_account_id": destination})).status_code == 404
    paid = await ada.post(f"{path}/accept", json={"from_account_id": second})
    assert paid.json()["status"] == "completed"
    assert (await balance(ada, primary), await balance(ada, second)) == ("100.00", "70.00")
    assert await balance(ben, destination) == "30.00"


async def test_a_request_is_declined_by_the_payer_and_cancelled_by_whoever_asked(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, ids: dict[str, str]
) -> None:
    asked = [
        (await ben.post("/payments/requests", json={"payer_id": ids["ada"], "amount": "30"})).json()["id"]
        for _ in range(2)
    ]
    assert (await ben.post(f"/payments/{asked[0]}/decline")).status_code == 400
    assert (await ada.post(f"/payments/{asked[0]}/decline")).json()["status"] == "declined"
    assert (await ada.post(f"/payments/{asked[1]}/cancel")).status_code == 400
    assert (await ben.post(f"/payments/{asked[1]}/cancel")).json()["status"] == "cancelled"
    assert [row["id"] for row in (await ada.get("/payments", params={"status": "declined"})).json()["items"]] == [
        asked[0]
    ]


async def test_an_expired_request_is_paid_no_more(
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    new_account: NewAccount,
    ids: dict[str, str],
    async_database: AsyncDatabase,
) -> None:
    await new_account(ada, "100")
    await new_account(ben)
    asked = (await ben.post("/payments/requests", json={"payer_id": ids["ada"], "amount": "30"})).json()
    async_database.clock = FixedClock(datetime.now(UTC) + timedelta(days=31))
    refused = await ada.post(f"/payments/{asked['id']}/accept", json={})
    assert (refused.status_code, refused.json()["facts"]["rule"]) == (400, "p2p_expired")


async def test_a_payment_is_there_for_its_two_people_and_administrators_only(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, ids: dict[str, str]
) -> None:
    asked = (await teller.post("/payments/requests", json={"payer_id": ids["ada"], "amount": "30"})).json()
    path = f"/payments/{asked['id']}"
    for answer in (
        await ben.get(path),
        await ben.post(f"{path}/accept", json={}),
        await ben.post(f"{path}/decline"),
        await ben.post(f"{path}/cancel"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "P2P_TRANSACTION_NOT_FOUND")
    assert (await ben.get("/payments")).json()["items"] == []
    assert (await ben.get("/payments", params={"user_id": ids["ada"]})).status_code == 404
    assert (await teller.get("/payments", params={"user_id": ids["ada"]})).json()["items"] == [asked]


async def test_money_that_could_not_be_sent_is_seen_by_its_sender_only(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source = await new_account(ada)
    await new_account(ben)
    body = {"from_account_id": source, "recipient_id": ids["ben"], "amount": "20"}
    refused = await ada.post("/payments", json=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "INSUFFICIENT_FUNDS")
    failed = (await ada.get("/payments")).json()["items"]
    assert [(row["status"], row["failure_reason"]) for row in failed] == [("failed", "INSUFFICIENT_FUNDS")]
    assert (await ben.get("/payments")).json()["items"] == []
    assert (await ben.get(f"/payments/{failed[0]['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"recipient_id": NOBODY}, 404),
        ({"recipient_id": "ben"}, 422),
        ({"from_account_id": NOBODY}, 404),
        ({"amount": 20.5}, 422),
        ({"amount": "0"}, 422),
        ({"sender_id": NOBODY}, 422),
        ({"needs_acceptance": "perhaps"}, 422),
    ],
)
async def test_a_payment_that_cannot_be_moves_nothing(
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    new_account: NewAccount,
    ids: dict[str, str],
    change: dict[str, object],
    status: int,
) -> None:
    source = await new_account(ada, "100")
    await new_account(ben)
    body = {"from_account_id": source, "recipient_id": ids["ben"], "amount": "20"} | change
    assert (await ada.post("/payments", json=body)).status_code == status
    assert await balance(ada, source) == "100.00"


async def test_nobody_pays_from_an_account_of_others_or_to_themselves(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount, ids: dict[str, str]
) -> None:
    source, theirs = await new_account(ada, "100"), await new_account(ben, "100")
    stolen = {"from_account_id": theirs, "recipient_id": ids["ada"], "amount": "20"}
    assert (await ada.post("/payments", json=stolen)).json()["code"] == "ACCOUNT_NOT_FOUND"
    circular = {"from_account_id": source, "recipient_id": ids["ada"], "amount": "20"}
    assert (await ada.post("/payments", json=circular)).status_code == 422
    assert (await ada.post("/payments/requests", json={"payer_id": ids["ada"], "amount": "1"})).status_code == 422
    unknown = await ada.post("/payments/requests", json={"payer_id": ids["ben"], "amount": "1", "currency": "XQX"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "INVALID_CURRENCY")
