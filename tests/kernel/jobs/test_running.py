"""What comes of a run: a result, another attempt, a dead letter; and what of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.jobs import (
    Backoff,
    Job,
    JobContext,
    JobFinished,
    JobNotFound,
    JobNotReplayable,
    JobRecord,
    RetryLater,
    cancel_job,
    defer,
    find_job,
    get_own_job,
    list_jobs,
    remove_finished_jobs,
    retry_job,
)
from strongroom.kernel.sessions import Actor, Database
from strongroom.testing.jobs import run_jobs
from tests.kernel.jobs.chores import CHORES, FAIL, FAIL_SLOWLY, GIVE_UP, NOTE, POSTPONE, SECRET

NOBODY = 4711


def test_what_a_job_returns_is_kept(any_database: Database) -> None:
    record = _run(any_database, NOTE, word="hello")
    assert (record.status, record.attempt, record.error_code) == ("succeeded", 1, None)
    assert record.result["word"] == "hello"
    assert record.started_at is not None
    assert record.finished_at is not None
    assert record.created_at <= record.started_at <= record.finished_at


def test_a_result_that_json_cannot_hold_is_a_failure(database: Database) -> None:
    record = _run(database, Job("attic.odd", lambda _: object(), attempts=1))
    assert (record.status, record.error_code) == ("failed", "VALIDATION_ERROR")


def test_a_job_that_fails_is_tried_again_until_it_succeeds(any_database: Database) -> None:
    record = _run(any_database, FAIL, times=2)
    assert (record.status, record.attempt, record.result) == ("succeeded", 3, "at last")
    assert (record.error_code, record.error) == (None, None)


def test_a_job_out_of_attempts_is_a_dead_letter(any_database: Database) -> None:
    number = any_database.write(defer, FAIL)
    any_database.write(defer, NOTE)
    assert run_jobs(any_database, CHORES) == 4
    [dead] = any_database.read(list_jobs, status="failed")
    assert (dead.id, dead.attempt, dead.error_code, dead.error) == (number, 3, "JOB_FAILED", "RuntimeError")


def test_of_an_error_of_ours_the_code_and_the_sentence_are_kept(any_database: Database) -> None:
    record = _run(any_database, FAIL, code="must be a word")
    assert (record.error_code, record.error) == ("VALIDATION_ERROR", "word: must be a word")


def test_the_text_of_other_errors_is_kept_nowhere(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    _run(database, FAIL)
    everything = database.read(_all_text)
    assert "RuntimeError" in everything
    assert SECRET not in everything
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_job_may_give_up_at_once(any_database: Database) -> None:
    record = _run(any_database, GIVE_UP, code="gone")
    assert (record.status, record.attempt) == ("failed", 1)


def test_a_job_may_ask_to_be_run_later(any_database: Database) -> None:
    record = _run(any_database, POSTPONE)
    assert (record.status, record.attempt, record.result) == ("succeeded", 2, 2)


def test_a_postponement_counts_unless_it_says_otherwise(any_database: Database) -> None:
    record = _run(any_database, POSTPONE, times=9)
    assert (record.status, record.attempt) == ("failed", 3)
    assert (record.error_code, record.error) == ("RETRY_LATER", "the other side asks us to")
    record = _run(any_database, POSTPONE, times=9, counts=False)
    assert (record.status, record.attempt, record.result) == ("succeeded", 1, 1)


def test_a_job_says_when_it_wants_to_be_run_again(database: Database) -> None:
    moment = datetime(2100, 1, 1, tzinfo=UTC)

    def postpone(_: JobContext) -> None:
        raise RetryLater(at=moment)

    assert _run(database, Job("attic.until", postpone)).run_at == moment


def test_a_failed_job_waits_as_its_backoff_says(database: Database) -> None:
    before = datetime.now(UTC)
    record = _run(database, FAIL_SLOWLY)
    assert (record.status, record.attempt) == ("waiting", 1)
    assert record.run_at is not None
    assert timedelta(minutes=30) <= record.run_at - before <= timedelta(minutes=61)


def test_pauses_grow_up_to_the_longest_and_differ() -> None:
    backoff = Backoff(first_s=10, factor=3, longest_s=200)
    for run, whole in ((1, 10), (2, 30), (3, 90), (4, 200), (5, 200), (5000, 200)):
        pauses = [backoff.pause_s(run) for _ in range(200)]
        assert whole / 2 <= min(pauses) < max(pauses) <= whole
        assert len(set(pauses)) > 100


def test_progress_is_seen_while_the_job_runs(any_database: Database) -> None:
    seen: list[JobRecord | None] = []

    def climb(context: JobContext) -> None:
        context.report(done=1, total=3, message="one")
        context.report(done=2)
        seen.append(context.database.read(find_job, context.job_id))

    _run(any_database, Job("attic.climb", climb))
    [record] = seen
    assert record is not None
    assert (record.status, record.attempt) == ("running", 1)
    assert (record.done, record.total, record.message) == (2, 3, "one")


def test_a_waiting_job_that_is_cancelled_never_runs(any_database: Database) -> None:
    number = any_database.write(defer, NOTE, run_at=datetime(2100, 1, 1, tzinfo=UTC))
    any_database.write(cancel_job, number)
    assert run_jobs(any_database, CHORES, now=True) == 0
    record = any_database.read(find_job, number)
    assert record is not None
    assert record.status == "cancelled"
    assert record.finished_at is not None


def test_a_running_job_that_is_cancelled_stops_where_it_checks(any_database: Database) -> None:
    passed = []

    def work(context: JobContext) -> None:
        context.database.write(cancel_job, context.job_id)
        passed.append("before")
        context.check_cancelled()
        passed.append("after")

    record = _run(any_database, Job("attic.work", work))
    assert (record.status, passed) == ("cancelled", ["before"])


def test_a_cancelled_job_that_fails_is_not_tried_again(any_database: Database) -> None:
    def work(context: JobContext) -> None:
        context.database.write(cancel_job, context.job_id)
        raise RuntimeError

    assert _run(any_database, Job("attic.work", work)).status == "cancelled"


def test_a_cancelled_job_that_came_to_its_end_has_succeeded(any_database: Database) -> None:
    def work(context: JobContext) -> int:
        context.database.write(cancel_job, context.job_id)
        return 1

    record = _run(any_database, Job("attic.work", work))
    assert (record.status, record.result, record.is_cancelling) == ("succeeded", 1, False)


def test_what_has_ended_cannot_be_cancelled(database: Database) -> None:
    number = _run(database, NOTE).id
    with pytest.raises(JobFinished, match="succeeded"):
        database.write(cancel_job, number)
    with pytest.raises(JobNotFound):
        database.write(cancel_job, NOBODY)


def test_a_dead_letter_is_run_again_with_all_its_attempts(any_database: Database) -> None:
    dead = _run(any_database, FAIL, times=99)
    any_database.write(retry_job, dead.id)
    run_jobs(any_database, CHORES)
    again = any_database.read(find_job, dead.id)
    assert again is not None
    assert (again.status, again.attempt) == ("failed", 3)
    assert again.started_at is not None
    assert dead.finished_at is not None
    assert again.started_at >= dead.finished_at


def test_what_waits_or_succeeded_is_not_run_again(any_database: Database) -> None:
    waiting = any_database.write(defer, NOTE, run_at=datetime(2100, 1, 1, tzinfo=UTC))
    for number in (waiting, _run(any_database, NOTE).id):
        with pytest.raises(JobNotReplayable):
            any_database.write(retry_job, number)


def test_a_dead_letter_is_not_run_again_beside_one_that_waits_under_its_key(database: Database) -> None:
    number = database.write(defer, FAIL, key="daily")
    run_jobs(database, CHORES)
    database.write(defer, NOTE, key="daily")
    with pytest.raises(JobNotReplayable, match="another job waits under the key"):
        database.write(retry_job, number)


def test_of_a_failed_job_and_one_that_waits_under_its_key_one_is_left(database: Database) -> None:
    def work(context: JobContext) -> None:
        context.database.write(defer, NOTE, key="daily")
        raise RuntimeError

    record = _run(database, Job("attic.work", work), key="daily")
    assert (record.status, record.attempt) == ("failed", 1)
    assert [job.name for job in database.read(list_jobs, status="succeeded")] == ["attic.note"]


def test_a_job_this_worker_does_not_know_is_left_to_others(any_database: Database) -> None:
    number = any_database.write(defer, Job("attic.newer", lambda _: 1))
    run_jobs(any_database, CHORES)
    record = any_database.read(find_job, number)
    assert record is not None
    assert (record.status, record.error_code) == ("waiting", "JOB_UNKNOWN")


def test_a_job_may_defer_others(any_database: Database) -> None:
    def split(context: JobContext) -> None:
        with context.database.session() as session:
            for word in "abc":
                defer(session, NOTE, word=word)

    _run(any_database, Job("attic.split", split))
    run_jobs(any_database, CHORES)
    assert [job.status for job in any_database.read(list_jobs)] == ["succeeded"] * 4


def test_a_job_acts_as_the_program_and_knows_who_asked(database: Database) -> None:
    heard: dict[str, Any] = {}
    ada = Actor(UUID(int=7), "Ada", frozenset({"clerk"}))

    def work(context: JobContext) -> None:
        heard.update(asked=context.actor_id, acts=context.database.actor.name, first=context.is_last_attempt)

    database.acting_as(ada).write(defer, Job("attic.work", work, attempts=1))
    run_jobs(database, (Job("attic.work", work),))
    assert heard == {"asked": ada.id, "acts": "system", "first": True}


def test_a_job_is_given_the_options_of_its_kind(database: Database) -> None:
    heard: list[Backoff] = []
    job = Job("attic.work", lambda context: heard.append(context.option(Backoff)))
    given = Backoff(first_s=1)
    for options in ((), (3, given)):
        database.write(defer, job)
        run_jobs(database, (job,), options=options)
    assert heard == [Backoff(), given]


def test_people_see_their_own_jobs_and_administrators_all(database: Database) -> None:
    ada, bob = (database.acting_as(Actor(UUID(int=n), "", frozenset({"clerk"}))) for n in (1, 2))
    admin = database.acting_as(Actor(UUID(int=3), "", frozenset({"admin"})))
    number = ada.write(defer, NOTE)
    ours = database.write(defer, NOTE)
    assert ada.read(get_own_job, number).id == number
    assert admin.read(get_own_job, number, system="attic").id == number
    for asked, whom in ((number, bob), (ours, ada), (NOBODY, admin)):
        with pytest.raises(JobNotFound):
            whom.read(get_own_job, asked)
    with pytest.raises(JobNotFound):
        admin.read(get_own_job, number, system="cellar")


def test_jobs_are_listed_newest_first_and_read_on_from_an_id(any_database: Database) -> None:
    numbers = [any_database.write(defer, job) for job in (NOTE, FAIL_SLOWLY, NOTE, Job("cellar.note", lambda _: None))]
    assert [job.id for job in any_database.read(list_jobs)] == numbers[::-1]
    assert [job.id for job in any_database.read(list_jobs, system="attic", limit=2)] == numbers[2:0:-1]
    assert [job.id for job in any_database.read(list_jobs, system="attic", before=numbers[1])] == numbers[:1]
    assert [job.id for job in any_database.read(list_jobs, name="attic.note")] == [numbers[2], numbers[0]]


def test_old_jobs_are_removed_and_dead_letters_stay(any_database: Database) -> None:
    good, bad = _run(any_database, NOTE), _run(any_database, FAIL)
    waiting = any_database.write(defer, NOTE, run_at=datetime(2100, 1, 1, tzinfo=UTC))
    now = datetime.now(UTC)
    assert any_database.write(remove_finished_jobs, now - timedelta(days=1)) == 0
    assert any_database.write(remove_finished_jobs, now + timedelta(days=1)) == 1
    assert [job.id for job in any_database.read(list_jobs)] == [waiting, bad.id]
    assert any_database.read(find_job, good.id) is None


@pytest.mark.parametrize("name", ["note", "attic.", "Attic.note", "attic.note.again", "attic/note"])
def test_a_job_is_named_after_its_system(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"system\.verb"):
        Job(name, lambda _: None)


def test_a_job_is_tried_at_least_once() -> None:
    with pytest.raises(ConfigurationError):
        Job("attic.note", lambda _: None, attempts=0)


def _run(
    database: Database, job: Job, /, *, key: str | None = None, runs: int | None = None, **arguments: Any
) -> JobRecord:
    """Defer it, run all that is due, and see what came of it."""
    number = database.write(defer, job, key=key, **arguments)
    run_jobs(database, (job, *CHORES))
    record = database.read(find_job, number)
    assert record is not None
    return record


def _all_text(session: Session) -> str:
    tables = ("records", "procrastinate_jobs", "procrastinate_events")
    rows = [session.execute(text(f"SELECT t::text FROM jobs.{table} t")).scalars() for table in tables]
    return "\n".join(line for lines in rows for line in lines)
