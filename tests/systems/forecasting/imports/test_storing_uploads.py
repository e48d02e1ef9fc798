"""Claims about storing a file: all of it or nothing, once however often it is sent, and only where its sender may."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.systems.forecasting.errors import SeriesNotFound, UploadNotFound, UploadRefused
from strongroom.systems.forecasting.imports import store_prepared
from strongroom.systems.forecasting.models import DataUpload, TimeSeriesData, User
from strongroom.systems.forecasting.rules import CategoryEnum, DataTypeEnum, PeriodEnum, RoleEnum, UploadStatusEnum
from strongroom.systems.forecasting.services import series, uploads
from tests.systems.forecasting.building import acting, add_user
from tests.systems.forecasting.imports.sending import monthly, prepared

ROOT = Path(__file__).parents[4]
REVENUE = CategoryEnum.REVENUE


def count_points(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(TimeSeriesData)) or 0


def all_uploads(session: Session) -> list[DataUpload]:
    return list(session.scalars(select(DataUpload)))


@pytest.fixture
def ada(any_database: Database) -> User:
    return any_database.write(add_user)


@pytest.fixture
def office(any_database: Database, ada: User) -> Database:
    """The database as Ada uses it."""
    return any_database.acting_as(acting(ada))


def test_a_file_is_stored_and_validated_in_one_unit_of_work(office: Database, ada: User) -> None:
    heard: list[tuple[str, int, int | None]] = []
    done = office.write(store_prepared, prepared(monthly(14)), progress=lambda *said: heard.append(said))
    upload = office.read(uploads.get_upload, done.upload.id)
    assert (upload.status, upload.row_count, upload.user_id) == (UploadStatusEnum.VALIDATED, 14, ada.id)
    assert upload.extra["data_quality_score"] == "100.00"
    assert upload.extra["schema"] == {"date": "timestamp", "revenue": "revenue"}
    assert upload.extra["preprocessing"]["date_format"] == "year_first"
    points = office.read(series.points_of_upload, upload.id)
    assert (points[0].timestamp, points[0].value, points[0].category) == (
        datetime(2024, 1, 1, tzinfo=UTC), Decimal(100), REVENUE,
    )  # fmt: skip
    assert heard[-1] == ("storing", 14, 14)


def test_the_same_file_sent_again_changes_nothing(office: Database) -> None:
    first = office.write(store_prepared, prepared(monthly()))
    again = office.write(store_prepared, prepared(monthly(), "renamed.csv"))
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.upload.id, again.upload.filename) == (first.upload.id, "series.csv")
    assert office.read(count_points) == 12
    other = office.write(store_prepared, prepared(monthly(), rolling_window=3))
    assert other.upload.id != first.upload.id


def test_the_same_file_of_another_user_is_theirs(any_database: Database, office: Database) -> None:
    mine = office.write(store_prepared, prepared(monthly()))
    bob = any_database.write(add_user, "bob")
    theirs = any_database.acting_as(acting(bob)).write(store_prepared, prepared(monthly()))
    assert (theirs.is_new, theirs.upload.user_id) == (True, bob.id)
    assert mine.upload.id != theirs.upload.id


def test_a_file_with_bad_rows_is_kept_as_an_error_without_points(office: Database) -> None:
    bad = monthly(3) + "2024-04-01,many\n"
    with pytest.raises(UploadRefused, match="1 of 4 rows cannot be read: line 5, revenue: is no number") as refused:
        office.write(store_prepared, prepared(bad))
    assert [(one["line"], one["value"]) for one in refused.value.facts["problems"]] == [(5, "many")]
    [upload] = office.read(all_uploads)
    assert (upload.status, upload.row_count) == (UploadStatusEnum.ERROR, 0)
    assert upload.error_message is not None
    assert "line 5, revenue" in upload.error_message
    assert office.read(count_points) == 0
    with pytest.raises(UploadRefused):
        office.write(store_prepared, prepared(bad))
    assert len(office.read(all_uploads)) == 1


def test_what_fails_half_way_leaves_the_reason_and_no_point(office: Database) -> None:
    file = prepared(monthly(3))
    point = next(file.points())
    written = uploads.File("series.csv", "0" * 64, "", DataTypeEnum.TIME_SERIES, {})
    with pytest.raises(UploadRefused):
        office.write(uploads.store_file, written, iter([*file.points(), point]))
    [upload] = office.read(all_uploads)
    assert upload.status is UploadStatusEnum.ERROR
    assert office.read(count_points) == 0
    again = office.write(uploads.store_file, written, file.points())
    assert (again.is_new, again.upload.id, again.upload.row_count) == (True, upload.id, 3)
    assert again.upload.error_message is None


def test_an_accident_while_storing_leaves_nothing(office: Database) -> None:
    def stumble(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.write(store_prepared, prepared(monthly()), progress=stumble)
    assert office.read(all_uploads) == []


def test_viewers_may_not_upload_and_analysts_only_for_themselves(any_database: Database, ada: User) -> None:
    eve = any_database.write(add_user, "eve", RoleEnum.VIEWER)
    with pytest.raises(AccessDenied):
        any_database.acting_as(acting(eve)).write(store_prepared, prepared(monthly()))
    with pytest.raises(AccessDenied):
        any_database.acting_as(acting(ada)).write(store_prepared, prepared(monthly()), user_id=eve.id)


def test_uploads_are_listed_newest_first_and_deleted_with_their_points(office: Database) -> None:
    first, second = (office.write(store_prepared, prepared(monthly(count))).upload for count in (3, 5))
    listing = office.read(uploads.list_uploads, limit=1)
    assert ([one.id for one in listing.items], listing.total) == ([second.id], 2)
    office.write(uploads.delete_upload, second.id)
    assert office.read(count_points) == 3
    with pytest.raises(UploadNotFound):
        office.read(uploads.get_upload, second.id)
    assert office.read(uploads.get_upload, first.id).row_count == 3


def test_a_series_is_read_back_by_span_by_period_and_with_its_gaps(office: Database, ada: User) -> None:
    lines = [line for line in monthly(6).splitlines() if not line.startswith("2024-03")]
    done = office.write(store_prepared, prepared("\n".join(lines)))
    span = office.read(
        series.points_between, REVENUE, datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC)
    )
    assert [point.value for point in span] == [101, 103, 104]
    quarters = office.read(series.totals_by_period, REVENUE, PeriodEnum.QUARTER, user_id=ada.id)
    assert [(bucket.start.month, bucket.total, bucket.count) for bucket in quarters] == [
        (1, Decimal(201), 2),
        (4, Decimal(312), 3),
    ]
    gaps = office.read(series.gaps_of, REVENUE, PeriodEnum.MONTH, upload_id=done.upload.id)
    assert gaps == [datetime(2024, 3, 1, tzinfo=UTC)]
    assert office.read(series.latest_timestamp, REVENUE) == datetime(2024, 6, 1, tzinfo=UTC)
    assert office.read(series.duplicates_of, ada.id) == []
    office.write(store_prepared, prepared(monthly(1)))
    [twice] = office.read(series.duplicates_of, ada.id)
    assert (twice.timestamp, twice.uploads) == (datetime(2024, 1, 1, tzinfo=UTC), 2)
    with pytest.raises(SeriesNotFound):
        office.read(series.totals_by_period, CategoryEnum.EXPENSE, PeriodEnum.MONTH, user_id=ada.id)


def test_the_same_file_sent_twice_at_once_is_stored_once(database: Database) -> None:
    office = database.acting_as(acting(database.write(add_user)))
    files = [prepared(monthly(500)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda file: office.write(store_prepared, file), files))
    assert sorted(one.is_new for one in done) == [False, False, False, True]
    assert {one.upload.row_count for one in done} == {500}
    assert office.read(count_points) == 500


async def test_asynchronous_callers_store_by_the_same_function(
    async_database: AsyncDatabase, database: Database
) -> None:
    user = database.write(add_user)
    done = await async_database.acting_as(acting(user)).write(store_prepared, prepared(monthly(200)))
    assert done.upload.row_count == 200


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """So many rows that storing them takes a while."""
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.write("timestamp,cash flow\n")
        for at in range(30_000):
            stream.write(
                f"2024-{at // 43200 + 1:02}-{at // 1440 % 30 + 1:02}T{at // 60 % 24:02}:{at % 60:02}:00,{at % 977}.5\n"
            )
    return path


def running(options: DatabaseOptions, path: Path) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.systems.forecasting.imports.uploading", options.url, str(path), "ada"]
    return subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    return (line.strip() for line in process.stdout)


def test_a_process_killed_while_it_stores_leaves_nothing_and_the_next_one_stores_all(
    database: Database, postgresql_options: DatabaseOptions, large_file: Path
) -> None:
    database.write(add_user)
    with running(postgresql_options, large_file) as process:
        for line in said(process):
            if line.startswith("storing") and int(line.split()[1]) >= 10_000:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    assert database.read(all_uploads) == []
    assert database.read(count_points) == 0
    with running(postgresql_options, large_file) as process:
        assert list(said(process))[-1] == "30000"
    [upload] = database.read(all_uploads)
    assert (upload.status, upload.row_count) == (UploadStatusEnum.VALIDATED, 30_000)
    assert database.read(count_points) == 30_000
