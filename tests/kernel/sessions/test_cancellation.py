"""A cancelled task: its query ends, its connection comes back clean, and a COMMIT in flight is waited for."""

from __future__ import annotations

import asyncio
import gc
import time

import anyio
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from strongroom.kernel.errors import CheckFailed, StrongroomError
from strongroom.kernel.sessions import AsyncDatabase
from tests.kernel.attic import Box
from tests.kernel.attic.watching import Watcher


def add_and_sleep(session: Session) -> None:
    session.add(Box(name="a"))
    session.flush()
    session.execute(text("SELECT pg_sleep(20)"))


async def add_and_wait(session: AsyncSession) -> None:
    session.add(Box(name="a"))
    await session.flush()
    await asyncio.sleep(20)


def add_slowly(session: Session) -> None:
    session.add(Box(name="a", rank=1))


@pytest.mark.parametrize("action", [add_and_sleep, add_and_wait])
async def test_a_cancelled_task_leaves_nothing_behind(
    async_database: AsyncDatabase, watcher: Watcher, action: object
) -> None:
    assert callable(action)
    task = asyncio.create_task(async_database.write(action))
    await asyncio.sleep(0.2)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < 5
    await _check_is_clean(async_database, watcher)
    assert watcher.names() == []


async def test_a_task_cancelled_in_a_read_leaves_nothing_behind(
    async_database: AsyncDatabase, watcher: Watcher
) -> None:
    task = asyncio.create_task(async_database.read(lambda session: session.execute(text("SELECT pg_sleep(20)"))))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _check_is_clean(async_database, watcher)


async def test_a_cancelled_scope_of_anyio_gives_its_connection_up(
    async_database: AsyncDatabase, watcher: Watcher
) -> None:
    with anyio.move_on_after(0.2) as scope:
        await async_database.write(add_and_sleep)
    assert scope.cancelled_caught
    # a scope cancels again what asks the server to stop, so the server may go on until it looks for its client
    watcher.terminate_all("SELECT pg_sleep")
    await _check_is_clean(async_database, watcher)
    assert watcher.names() == []


@pytest.mark.parametrize("times", [1, 3])
async def test_a_task_cancelled_during_commit_waits_for_it(
    async_database: AsyncDatabase, watcher: Watcher, times: int
) -> None:
    watcher.slow_commits_down()
    task = asyncio.create_task(async_database.write(add_slowly))
    await asyncio.to_thread(watcher.process_in, "COMMIT")
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0.05)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert watcher.names() == ["a"]
    await _check_is_clean(async_database, watcher)


async def test_a_scope_cancelled_during_commit_waits_for_it(async_database: AsyncDatabase, watcher: Watcher) -> None:
    watcher.slow_commits_down()
    spent = time.process_time()
    with anyio.move_on_after(0.3) as scope:
        await async_database.write(add_slowly)
    assert time.process_time() - spent < 0.4  # it waits for the second that the commit takes, and does not spin
    assert scope.cancelled_caught
    assert watcher.names() == ["a"]
    await _check_is_clean(async_database, watcher)


async def test_a_commit_that_fails_after_its_caller_was_cancelled_disturbs_nobody(
    async_database: AsyncDatabase, watcher: Watcher
) -> None:
    watcher.slow_commits_down()
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    task = asyncio.create_task(async_database.write(add_slowly))
    process = await asyncio.to_thread(watcher.process_in, "COMMIT")
    task.cancel()
    await asyncio.sleep(0.05)
    watcher.cancel(process)
    with pytest.raises(asyncio.CancelledError):
        await task
    del task
    await _check_is_clean(async_database, watcher)
    assert watcher.names() == []
    gc.collect()
    assert complaints == []


async def test_a_task_cancelled_while_it_waits_for_a_connection_takes_none(
    async_database: AsyncDatabase, watcher: Watcher
) -> None:
    async with asyncio.timeout(20):
        tasks = [asyncio.create_task(async_database.write(add_and_sleep)) for _ in range(3)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        assert [type(outcome) for outcome in await asyncio.gather(*tasks, return_exceptions=True)] == [
            asyncio.CancelledError
        ] * 3
    await _check_is_clean(async_database, watcher)


async def test_a_timeout_inside_an_action_is_not_mistaken_for_a_fault(async_database: AsyncDatabase) -> None:
    async def give_up(session: AsyncSession) -> None:
        async with asyncio.timeout(0.1):
            await session.execute(text("SELECT pg_sleep(20)"))

    with pytest.raises(TimeoutError) as caught:
        await async_database.write(give_up)
    assert not isinstance(caught.value, StrongroomError)


async def test_nothing_is_left_in_a_transaction_after_many_endings(
    async_database: AsyncDatabase, watcher: Watcher
) -> None:
    async def fail(session: AsyncSession) -> None:
        session.add(Box(name="a", rank=-1))
        await session.flush()

    async def one(number: int) -> None:
        task = asyncio.create_task(async_database.write(fail if number % 3 == 0 else add_and_wait))
        await asyncio.sleep(0.01 * (number % 7))
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() or isinstance(task.exception(), CheckFailed)

    await asyncio.gather(*(one(number) for number in range(30)))
    await _check_is_clean(async_database, watcher)


async def _check_is_clean(database: AsyncDatabase, watcher: Watcher) -> None:
    """The pool has every connection back, none is in a transaction, and the next write is served."""
    for _ in range(40):
        if set(await asyncio.to_thread(watcher.states)) <= {"idle"}:
            break
        await asyncio.sleep(0.05)  # the server needs a moment to end what was cut off
    assert set(watcher.states()) <= {"idle"}
    assert (await database.info())["pool_info"]["checked_out"] == 1  # the one that is asking
    assert await database.write(lambda session: session.scalar(select(1))) == 1
