"""Claims about accounts over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx2
import pytest

NewAccount = Callable[..., Awaitable[str]]
CHECKING = {"account_name": "Everyday", "account_type": "checking"}
NOBODY = "0199b8f0-4c1e-7d50-9c5f-3f6f0f3a9a11"


async def test_a_persons_first_account_is_their_primary_one(ada: httpx2.AsyncClient, ids: dict[str, str]) -> None:
    first = await ada.post("/accounts", json=CHECKING)
    second = await ada.post("/accounts", json={**CHECKING, "account_type": "savings", "currency": "EUR"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json()["is_primary"], second.json()["is_primary"]) == (True, False)
    assert first.json()["user_id"] == ids["ada"]
    assert first.json()["current_balance"] == "0.00"
    assert second.json()["currency"] == "EUR"
    listed = (await ada.get("/accounts")).json()["items"]
    assert listed == [first.json(), second.json()]


async def test_a_sixth_account_is_refused(ada: httpx2.AsyncClient) -> None:
    answers = [await ada.post("/accounts", json=CHECKING) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [400]
    assert answers[-1].json()["code"] == "BUSINESS_RULE_VIOLATION"


async def test_only_an_administrator_opens_an_account_for_somebody_else(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, ids: dict[str, str]
) -> None:
    body = {**CHECKING, "user_id": ids["ben"]}
    refused = await ada.post("/accounts", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "USER_NOT_FOUND")
    assert (await teller.post("/accounts", json=body)).json()["user_id"] == ids["ben"]


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"account_type": "piggy_bank"}, 422, "checking"),
        ({"account_name": ""}, 422, "account_name"),
        ({"account_name": "a\x00b"}, 422, "account_name"),
        ({"currency": "usd"}, 422, "currency"),
        ({"currency": "XQX"}, 400, "INVALID_CURRENCY"),
        ({"currency": "AFN"}, 400, "this bank keeps no accounts in AFN"),
        ({"current_balance": "1000000"}, 422, "current_balance"),
        ({"user_id": "me"}, 422, "user_id"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_by_name(
    ada: httpx2.AsyncClient, change: dict[str, str], status: int, named: str
) -> None:
    refused = await ada.post("/accounts", json={**CHECKING, **change})
    assert refused.status_code == status
    assert named in refused.text
    assert (await ada.get("/accounts")).json()["items"] == []


async def test_an_account_is_there_for_its_owner_and_administrators_only(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    assert (await ada.get(f"/accounts/{account_id}")).json()["id"] == account_id
    assert (await teller.get(f"/accounts/{account_id}")).json()["id"] == account_id
    theirs, nobodys = await ben.get(f"/accounts/{account_id}"), await ben.get(f"/accounts/{NOBODY}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["code"] == "ACCOUNT_NOT_FOUND"
    assert theirs.json() == {**nobodys.json(), "instance": theirs.json()["instance"]}


async def test_accounts_of_somebody_else_are_listed_for_administrators_only(
    ada: httpx2.AsyncClient,
    ben: httpx2.AsyncClient,
    teller: httpx2.AsyncClient,
    new_account: NewAccount,
    ids: dict[str, str],
) -> None:
    account_id = await new_account(ada)
    assert (await ben.get("/accounts")).json()["items"] == []
    assert (await ben.get("/accounts", params={"user_id": ids["ada"]})).status_code == 404
    seen = await teller.get("/accounts", params={"user_id": ids["ada"]})
    assert [account["id"] for account in seen.json()["items"]] == [account_id]
    assert (await teller.get("/accounts", params={"user_id": NOBODY})).json()["code"] == "USER_NOT_FOUND"


async def test_accounts_are_listed_by_status_and_in_pages(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    made = [await new_account(ada) for _ in range(3)]
    await ada.post(f"/accounts/{made[1]}/close")
    first = (await ada.get("/accounts", params={"limit": 1, "status": "active", "count": "exact"})).json()
    rest = (await ada.get("/accounts", params={"limit": 5, "status": "active", "cursor": first["next_cursor"]})).json()
    assert [account["id"] for account in first["items"] + rest["items"]] == [made[0], made[2]]
    assert (first["count"], rest["next_cursor"]) == (2, None)
    elsewhere = await ada.get("/accounts", params={"cursor": first["next_cursor"]})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "INVALID_CURSOR")


async def test_the_primary_account_moves(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    old, new = [await new_account(ada) for _ in range(2)]
    assert (await ben.put(f"/accounts/{new}/primary")).status_code == 404
    assert (await ada.put(f"/accounts/{new}/primary")).json()["is_primary"] is True
    assert (await ada.get(f"/accounts/{old}")).json()["is_primary"] is False


async def test_closing_the_primary_account_promotes_another(ada: httpx2.AsyncClient, new_account: NewAccount) -> None:
    first, second = [await new_account(ada) for _ in range(2)]
    closed = (await ada.post(f"/accounts/{first}/close")).json()
    assert (closed["status"], closed["is_primary"]) == ("closed", False)
    assert closed["closed_at"] is not None
    assert (await ada.get(f"/accounts/{second}")).json()["is_primary"] is True
    for again in (await ada.post(f"/accounts/{first}/close"), await ada.put(f"/accounts/{first}/primary")):
        assert (again.status_code, again.json()["code"]) == (400, "BUSINESS_RULE_VIOLATION")


async def test_an_account_with_money_stays_open(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "0.01")
    assert (await ben.post(f"/accounts/{account_id}/close")).status_code == 404
    assert (await ada.post(f"/accounts/{account_id}/close")).json()["code"] == "BUSINESS_RULE_VIOLATION"
    assert (await ada.put(f"/accounts/{account_id}/status", json={"status": "closed"})).status_code == 400
    assert (await ada.get(f"/accounts/{account_id}")).json()["status"] == "active"


async def test_the_owner_rests_an_account_and_only_an_administrator_suspends_it(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    path = f"/accounts/{await new_account(ada)}/status"
    assert (await ada.put(path, json={"status": "inactive"})).json()["status"] == "inactive"
    assert (await ada.put(path, json={"status": "active"})).json()["status"] == "active"
    assert (await ben.put(path, json={"status": "inactive"})).status_code == 404
    denied = await ada.put(path, json={"status": "suspended"})
    assert (denied.status_code, denied.json()["code"]) == (403, "ACCESS_DENIED")
    assert (await teller.put(path, json={"status": "suspended"})).json()["status"] == "suspended"
    assert (await ada.put(path, json={"status": "active"})).status_code == 403
    assert (await teller.put(path, json={"status": "active"})).json()["status"] == "active"
    assert "inactive" in (await ada.put(path, json={"status": "asleep"})).text


async def test_an_overdraft_is_given_by_administrators_and_ends_when_it_is_paid_back(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    path = f"/accounts/{account_id}/overdraft"
    assert (await ada.put(path, json={"enabled": True})).status_code == 403
    given = (await teller.put(path, json={"enabled": True, "limit": "250.00"})).json()
    assert (given["overdraft_limit"], given["spendable"]) == ("250.00", "250.00")
    assert (await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "100"})).status_code == 201
    in_use = await teller.put(path, json={"enabled": False})
    assert (in_use.status_code, in_use.json()["code"]) == (400, "BUSINESS_RULE_VIOLATION")
    assert (await teller.put(path, json={"enabled": True, "limit": "-1"})).status_code == 422
    assert (await teller.post(f"/accounts/{account_id}/deposits", json={"amount": "100"})).status_code == 201
    ended = (await teller.put(path, json={"enabled": False})).json()
    assert (ended["is_overdraft_enabled"], ended["overdraft_limit"]) == (False, "0.00")


async def test_an_overdraft_limit_below_what_is_used_is_refused(
    ada: httpx2.AsyncClient, teller: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada)
    path = f"/accounts/{account_id}/overdraft"
    await teller.put(path, json={"enabled": True, "limit": "250.00"})
    await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "100"})
    refused = await teller.put(path, json={"enabled": True, "limit": "50"})
    assert 400 <= refused.status_code < 500
    assert (await ada.get(f"/accounts/{account_id}")).json()["overdraft_limit"] == "250.00"


async def test_a_minimum_balance_lies_within_the_balance_and_is_kept(
    ada: httpx2.AsyncClient, ben: httpx2.AsyncClient, new_account: NewAccount
) -> None:
    account_id = await new_account(ada, "100")
    path = f"/accounts/{account_id}/minimum-balance"
    assert (await ben.put(path, json={"minimum_balance": "1"})).status_code == 404
    assert (await ada.put(path, json={"minimum_balance": "100.01"})).status_code == 400
    kept = (await ada.put(path, json={"minimum_balance": "30.00"})).json()
    assert (kept["minimum_balance"], kept["spendable"]) == ("30.00", "70.00")
    refused = await ada.post(f"/accounts/{account_id}/withdrawals", json={"amount": "70.01"})
    assert refused.json()["code"] == "INSUFFICIENT_FUNDS"
