"""Claims about money in and out, and about the list of what has moved, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def test_only_administrators_pay_money_in(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    denied = await ada.post(f"/accounts/{account_id}/deposits", json={"amount": "1000000"})
    assert (denied.status_code, denied.json()["code"]) == (403, "ACCESS_DENIED")
    paid = await teller.post(f"/accounts/{account_id}/deposits", json={"amount": "12.50", "description": "Counter"})
    assert paid.status_code == 201
    shown = paid.json()
    assert (shown["amount"], shown["balance_after"], shown["direction"]) == ("12.50", "12.50", "inbound")
    assert (shown["description"], shown["status"]) == ("Counter", "completed")
    assert (await teller.post(f"/accounts/{NOBODY}/deposits", json={"amount": "1"})).status_code == 404


async def test_a_withdrawal_takes_what_is_there_and_says_what_is_missing(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    path = f"/accounts/{account_id}/withdrawals"
    taken = await ada.post(path, json={"amount": "30.25"})
    assert (taken.status_code, taken.json()["balance_after"]) == (201, "69.75")
    refused = (await ada.post(path, json={"amount": "70"})).json()
    assert (refused["status"], refused["code"]) == (400, "INSUFFICIENT_FUNDS")
    assert refused["facts"] == {
        "available": "69.7500", "requested": "70", "currency": "USD", "shortfall": "0.2500"
    }  # fmt: skip
    assert (await ben.post(path, json={"amount": "1"})).json()["code"] == "ACCOUNT_NOT_FOUND"
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "69.75"


async def test_limits_apply_to_withdrawals(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    account_id = await new_account(ada, "50000")
    refused = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "10000.01"})
    assert (refused.status_code, refused.json()["code"]) == (400, "TRANSFER_LIMIT_EXCEEDED")
    assert refused.json()["facts"]["limit"] == "daily"


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "NaN", "Infinity", "1e400", "ten", "", 1.5, True, None, ["1"]])
async def test_an_amount_that_is_none_is_refused_by_name(
    ada: httpx2.AsyncClient, new_account: NewAccount, amount: object
) -> None:
    account_id = await new_account(ada, "100")
    refused = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": amount})
    assert (refused.status_code, refused.json()["code"]) == (422, "VALIDATION_ERROR")
    assert [error["field"] for error in refused.json()["errors"]] == ["amount"]
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "100.00"


async def test_an_amount_beyond_every_column_is_refused(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    refused = await teller.post(f"/accounts/{account_id}/deposits", json={"amount": "9" * 39})
    assert refused.status_code == 422


async def test_a_repeated_key_gives_the_first_answer_and_moves_nothing(
    ada: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    path, key = f"/accounts/{account_id}/withdrawals", {"Idempotency-Key": "a-1"}
    first = await ada.post(path, json={"amount": "10"}, headers=key)
    again = await ada.post(path, json={"amount": "10"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    other = await ada.post(path, json={"amount": "11"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "90.00"


async def test_a_refusal_is_repeated_with_its_key_even_when_money_has_come(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    path, key = f"/accounts/{account_id}/withdrawals", {"Idempotency-Key": "a-2", "X-Request-ID": "same"}
    first = await ada.post(path, json={"amount": "10"}, headers=key)
    await teller.post(f"/accounts/{account_id}/deposits", json={"amount": "100"})
    again = await ada.post(path, json={"amount": "10"}, headers=key)
    assert first.status_code == again.status_code == 400
    assert first.content == again.content


@pytest.mark.parametrize("key", ["two words", "x" * 256, ""])
async def test_a_key_that_is_none_is_refused(ada: httpx2.AsyncClient, new_account: NewAccount, key: str) -> None:
    account_id = await new_account(ada, "100")
    refused = await ada.post(
        f"/accounts/{account_id}/withdrawals", json={"amount": "1"}, headers={"Idempotency-Key": key}
    )
    assert refused.status_code == 422
    assert (await ada.get(f"/accounts/{account_id}")).json()["current_balance"] == "100.00"


async def test_pages_give_every_movement_once_newest_first(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    account_id, other = await new_account(ada, "100"), await new_account(ada, "100")
    made = [
        (await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": str(n)})).json()["id"]
        for n in range(1, 8)
    ]
    seen: list[str] = []
    page: dict[str, str] = {"account_id": account_id, "limit": "3", "direction": "outbound"}
    while True:
        listed = (await ada.get("/transactions", params=page)).json()
        seen += [row["id"] for row in listed["items"]]
        if listed["next_cursor"] is None:
            break
        page["cursor"] = listed["next_cursor"]
    assert seen == made[::-1]
    everything = (await ada.get("/transactions", params={"count": "exact"})).json()
    assert everything["count"] == len(everything["items"]) == 9
    assert {row["account_id"] for row in everything["items"]} == {account_id, other}


async def test_movements_are_found_by_type_status_and_time(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    account_id = await new_account(ada, "100")
    taken = (await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "1"})).json()

    async def found(**filters: str) -> list[str]:
        answer = await ada.get("/transactions", params=filters)
        assert answer.status_code == 200, answer.text
        return [row["transaction_type"] for row in answer.json()["items"]]

    assert await found(transaction_type="withdrawal") == ["withdrawal"]
    assert await found(status="completed") == ["withdrawal", "deposit"]
    assert await found(status="pending") == []
    assert await found(since=taken["transaction_date"]) == ["withdrawal"]
    assert await found(until=taken["transaction_date"]) == ["deposit"]
    assert await found(since=taken["transaction_date"].removesuffix("Z")) == ["withdrawal"]
    unknown = await ada.get("/transactions", params={"transaction_type": "theft"})
    assert (unknown.status_code, "withdrawal" in unknown.text) == (422, True)


@pytest.mark.parametrize("limit", ["0", "1001", "many"])
async def test_a_page_of_impossible_size_is_refused(ada: httpx2.AsyncClient, limit: str) -> None:
    assert (await ada.get("/transactions", params={"limit": limit})).status_code == 422


async def test_what_has_moved_is_there_for_the_owner_and_administrators_only(
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    teller: httpx2.AsyncClient,
    new_account: NewAccount,
    ids: dict[str, str],
) -> None:
    account_id = await new_account(ada, "100")
    transaction = (await ada.get("/transactions")).json()["items"][0]
    path = f"/transactions/{transaction['id']}"
    assert (await ada.get(path)).json() == transaction
    assert (await teller.get(path)).json() == transaction
    assert (await ben.get(path)).json()["code"] == "TRANSACTION_NOT_FOUND"
    assert (await ben.patch(path, json={"notes": "mine"})).status_code == 404
    assert (await ben.get("/transactions")).json()["items"] == []
    assert (await ben.get("/transactions", params={"account_id": account_id})).json()["code"] == "ACCOUNT_NOT_FOUND"
    assert (await ben.get("/transactions", params={"user_id": ids["ada"]})).json()["code"] == "USER_NOT_FOUND"
    assert (await teller.get("/transactions", params={"user_id": ids["ada"]})).json()["items"] == [transaction]


async def test_a_movement_is_annotated_and_stays_what_it_was(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    account_id = await new_account(ada, "100")
    before = (await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "10"})).json()
    path = f"/transactions/{before['id']}"
    changes = {
        "description": "Cash for the fair",
        "merchant_category": "entertainment",
        "tags": ["fun", "family"],
        "notes": "two\nlines",
        "is_disputed": True,
    }
    annotated = await ada.patch(path, json=changes)
    assert annotated.json() == before | changes
    assert (await ada.get(path)).json() == before | changes
    cleared = await ada.patch(path, json={"tags": None, "notes": None, "merchant_category": None})
    assert cleared.json() == before | changes | {"tags": None, "notes": None, "merchant_category": None}
    assert (await ada.patch(path, json={})).json() == cleared.json()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "1"},
        {"status": "reversed"},
        {"balance_after": "1"},
        {"is_fraudulent": True},
        {"description": None},
        {"description": ""},
        {"is_disputed": None},
        {"merchant_category": "sweets"},
        {"tags": ["t"] * 21},
        {"notes": "x" * 2001},
        {"notes": "a\x00b"},
    ],
)
async def test_nothing_else_of_a_movement_changes(
    ada: httpx2.AsyncClient, new_account: NewAccount, change: dict[str, object]
) -> None:
    await new_account(ada, "100")
    before = (await ada.get("/transactions")).json()["items"][0]
    assert (await ada.patch(f"/transactions/{before['id']}", json=change)).status_code == 422
    assert (await ada.get(f"/transactions/{before['id']}")).json() == before
