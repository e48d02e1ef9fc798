"""Claims about `strongroom biotech …`, as a person types it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import pytest
from typer.testing import CliRunner

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.commands import commands
from strongroom.systems.biotech.options import BiotechOptions
from tests.systems.biotech.outbox import (
    KEY,
    OPTIONS,
    add_company,
    add_webhook,
    find_deliveries,
    get_webhook,
    publish_numbers,
)
from tests.systems.biotech.receiver import OK, Receiver, Reply, receiving

T = TypeVar("T")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
Typed = Callable[..., str]


@dataclass
class Office:
    """What the commands are handed."""

    database: Database
    options: BiotechOptions = OPTIONS

    def option(self, kind: type[T]) -> T:
        return cast("T", self.options)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def office(any_database: Database, clock: FixedClock) -> Office:
    any_database.clock = clock
    return Office(any_database)


@pytest.fixture
def biotech(office: Office) -> Typed:
    """Types the words and returns what is printed."""

    def run(*words: object, code: int = 0) -> str:
        result = CliRunner().invoke(commands, [str(word) for word in words], obj=office, env={"COLUMNS": "300"})
        assert result.exit_code == code, result.output
        return result.output

    return run


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def prepare(office: Office, receiver: Receiver, *numbers: int) -> Any:
    webhook = office.database.write(add_webhook, receiver.url, retry_policy={"max_retries": 0}).webhook
    office.database.write(publish_numbers, office.database.write(add_company).id, *numbers)
    return webhook


def test_one_pass_delivers_what_is_due_and_says_what_came_of_it(
    office: Office, receiver: Receiver, biotech: Typed
) -> None:
    prepare(office, receiver, 1, 2, 3)
    receiver.script = lambda number, headers, body: OK if number else Reply(500)
    assert biotech("deliver", "--at-once", 2) == "2 delivered, 1 failed\n"
    assert biotech("deliver") == "nothing is due\n"


def test_dead_letters_are_listed_and_sent_again(office: Office, receiver: Receiver, biotech: Typed) -> None:
    webhook = prepare(office, receiver, 1, 2)
    receiver.script = lambda number, headers, body: Reply(500)
    biotech("deliver")
    listed = biotech("deliveries", "list", "--status", "dead")
    assert listed.count("the receiver answered 500") == 2
    assert listed.endswith("2 dead\n")
    first, second = office.database.read(find_deliveries)
    assert str(first.id) in listed
    receiver.script = lambda number, headers, body: OK
    assert biotech("deliveries", "replay", second.id) == "1 will be sent again\n"
    assert biotech("deliveries", "replay", "--webhook", webhook.id) == "1 will be sent again\n"
    assert biotech("deliver") == "2 delivered\n"
    assert [one.event["payload"]["number"] for one in receiver.accepted] == [1, 2]
    assert biotech("deliveries", "list", "--webhook", webhook.id).endswith("2 delivered\n")


def test_where_nothing_is_named_nothing_is_sent_again(biotech: Typed) -> None:
    assert "name dead letters" in biotech("deliveries", "replay", code=2)
    assert biotech("deliveries", "list").endswith("there are none\n")


def test_after_resealing_the_old_key_is_not_needed(office: Office, receiver: Receiver, biotech: Typed) -> None:
    webhook = prepare(office, receiver, 1)
    new_key = b"another key for tests, not for us"
    office.options = replace(OPTIONS, keyring=Keyring(new_key, KEY))
    assert biotech("reseal") == "secrets sealed anew: 1\n"
    office.options = replace(OPTIONS, keyring=Keyring(new_key))
    assert biotech("deliver") == "1 delivered\n"
    assert office.database.read(get_webhook, webhook.id).secret_key_id == Keyring(new_key).key_id


def test_what_is_no_longer_needed_is_forgotten(
    office: Office, receiver: Receiver, clock: FixedClock, biotech: Typed
) -> None:
    prepare(office, receiver, 1, 2, 3)
    biotech("deliver")
    clock.advance(OPTIONS.delivery_history + timedelta(days=1))
    assert biotech("expire") == "deliveries forgotten: 2\nhours forgotten: 0\n"
