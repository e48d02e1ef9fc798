"""Uploads and their points: in whole or not at all, added up by the database, and nothing counted twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import UploadFinal, UploadNotFound
from strongroom.systems.forecasting.models import DataUpload, User
from strongroom.systems.forecasting.repositories import Point, SeriesRepository, UploadRepository, count_rows
from strongroom.systems.forecasting.rules import CategoryEnum, DataTypeEnum, PeriodEnum, UploadStatusEnum
from tests.systems.forecasting.building import REVENUE, add_upload, add_user, month, points

EXPENSE = CategoryEnum.EXPENSE


@pytest.fixture
def user(any_database: Database) -> User:
    return any_database.write(add_user)


def begin(session: Session, user_id: UUID) -> DataUpload:
    return UploadRepository(session).begin(user_id, "file.csv", DataTypeEnum.FINANCIAL_DATA, {"source": "here"})


def test_an_upload_is_validated_with_the_points_it_holds(any_database: Database, user: User) -> None:
    upload = any_database.write(begin, user.id)
    assert (upload.status, upload.row_count) == (UploadStatusEnum.PROCESSING, 0)

    def take_in(session: Session) -> DataUpload:
        uploads = UploadRepository(session)
        assert uploads.add_points(upload.id, points(range(5))) == 5
        return uploads.finish(upload.id, {"data_quality_score": 100})

    done = any_database.write(take_in)
    assert (done.status, done.row_count) == (UploadStatusEnum.VALIDATED, 5)
    assert done.extra == {"source": "here", "data_quality_score": 100}
    found = any_database.read(lambda session: SeriesRepository(session).of_upload(upload.id))
    assert [(point.timestamp, point.value) for point in found] == [(month(at), Decimal(at)) for at in range(5)]


def test_an_upload_that_fails_says_why_and_leaves_nothing(any_database: Database, user: User) -> None:
    upload = any_database.write(begin, user.id)
    any_database.write(lambda session: UploadRepository(session).add_points(upload.id, points([1, 2])))
    failed = any_database.write(lambda session: UploadRepository(session).fail(upload.id, "line 3: no number"))
    assert (failed.status, failed.error_message, failed.row_count) == (UploadStatusEnum.ERROR, "line 3: no number", 0)
    assert any_database.read(count_rows)["timeseries_data"] == 0
    again = any_database.write(lambda session: UploadRepository(session).retry(upload.id))
    assert (again.status, again.error_message) == (UploadStatusEnum.PROCESSING, None)


def test_what_is_validated_stays_so(any_database: Database, user: User) -> None:
    upload = any_database.write(add_upload, user.id, points([1]))
    for act in (
        lambda session: UploadRepository(session).fail(upload.id, "no"),
        lambda session: UploadRepository(session).finish(upload.id),
        lambda session: UploadRepository(session).retry(upload.id),
    ):
        with pytest.raises(UploadFinal):
            any_database.write(act)


def test_a_bad_point_leaves_no_point(any_database: Database, user: User) -> None:
    upload = any_database.write(begin, user.id)

    def add(session: Session, bad: Point) -> int:
        return UploadRepository(session).add_points(upload.id, [*points([1, 2]), bad])

    with pytest.raises(InvalidValue):
        any_database.write(add, Point(month(0), Decimal("NaN"), REVENUE))
    with pytest.raises(AlreadyExists):
        any_database.write(add, points([1])[0])
    assert any_database.read(count_rows)["timeseries_data"] == 0


def test_uploads_are_listed_newest_first_with_their_total(any_database: Database, user: User) -> None:
    made = [any_database.write(add_upload, user.id, points([1])) for _ in range(3)]
    other = any_database.write(add_user, "bob")
    any_database.write(begin, other.id)
    found = any_database.read(lambda session: UploadRepository(session).list_uploads(user.id, limit=2))
    assert ([upload.id for upload in found.items], found.total) == ([made[2].id, made[1].id], 3)
    waiting = any_database.read(
        lambda session: UploadRepository(session).list_uploads(status=UploadStatusEnum.PROCESSING)
    )
    assert [upload.user_id for upload in waiting.items] == [other.id]


def test_the_latest_validated_upload_is_that_with_points_of_the_category(any_database: Database, user: User) -> None:
    revenue = any_database.write(add_upload, user.id, points([1]))
    expense = any_database.write(add_upload, user.id, points([1], EXPENSE))
    any_database.write(begin, user.id)

    def latest(session: Session, wanted: CategoryEnum | None) -> DataUpload | None:
        return UploadRepository(session).latest_validated(user.id, wanted)

    for category, upload in ((None, expense), (EXPENSE, expense), (REVENUE, revenue)):
        found = any_database.read(latest, category)
        assert found is not None
        assert found.id == upload.id
    nobody = any_database.read(lambda session: UploadRepository(session).latest_validated(new_id()))
    assert nobody is None


def test_an_upload_is_removed_with_its_points(any_database: Database, user: User) -> None:
    upload = any_database.write(add_upload, user.id, points([1, 2]))
    any_database.write(lambda session: UploadRepository(session).remove(upload.id))
    assert any_database.read(count_rows)["timeseries_data"] == 0
    with pytest.raises(UploadNotFound):
        any_database.write(lambda session: UploadRepository(session).remove(upload.id))


@pytest.mark.parametrize("period", PeriodEnum, ids=lambda period: period.value)
def test_the_database_adds_up_by_the_periods_of_the_rules(
    any_database: Database, user: User, period: PeriodEnum
) -> None:
    moments = [datetime(2023, 12, 25, 23, 59, 59, 999999, UTC) + timedelta(hours=37 * at) for at in range(400)]
    rows = [Point(moment, Decimal(at) + Decimal("0.1234"), REVENUE) for at, moment in enumerate(moments)]
    upload = any_database.write(add_upload, user.id, rows)
    expected: dict[datetime, list[Decimal]] = {}
    for row in rows:
        expected.setdefault(period.floor(row.timestamp), []).append(row.value)
    found = any_database.read(lambda session: SeriesRepository(session).resample(upload.id, REVENUE, period))
    assert [(bucket.start, bucket.total, bucket.count) for bucket in found] == [
        (start, sum(values), len(values)) for start, values in sorted(expected.items())
    ]


def test_a_mean_is_rounded_to_what_a_value_holds(any_database: Database, user: User) -> None:
    rows = [Point(month(0) + timedelta(days=at), Decimal(value), REVENUE) for at, value in enumerate((1, 1, 2))]
    upload = any_database.write(add_upload, user.id, rows)
    (found,) = any_database.read(
        lambda session: SeriesRepository(session).resample(upload.id, REVENUE, PeriodEnum.MONTH)
    )
    assert (found.total, found.mean) == (Decimal(4), Decimal("1.3333"))


def test_gaps_are_the_periods_between_with_nothing_in_them(any_database: Database, user: User) -> None:
    rows = [Point(month(at), Decimal(1), REVENUE) for at in (0, 1, 4, 6)]
    upload = any_database.write(add_upload, user.id, rows)

    def gaps(session: Session) -> list[datetime]:
        return SeriesRepository(session).gaps(upload.id, REVENUE, PeriodEnum.MONTH)

    assert any_database.read(gaps) == [month(2), month(3), month(5)]


def test_a_range_includes_both_ends_and_leaves_out_what_is_not_validated(any_database: Database, user: User) -> None:
    any_database.write(add_upload, user.id, points(range(6)))
    half = any_database.write(begin, user.id)
    any_database.write(lambda session: UploadRepository(session).add_points(half.id, points([99] * 6)))

    def values(session: Session) -> list[Decimal]:
        found = SeriesRepository(session).between(REVENUE, month(1), month(3), user_id=user.id)
        return [point.value for point in found]

    assert any_database.read(values) == [Decimal(1), Decimal(2), Decimal(3)]
    newest = any_database.read(lambda session: SeriesRepository(session).latest_timestamp(REVENUE, user.id))
    assert newest == month(5)
    assert any_database.read(lambda session: SeriesRepository(session).latest_timestamp(EXPENSE)) is None


def test_moments_that_two_uploads_hold_are_named(any_database: Database, user: User) -> None:
    any_database.write(add_upload, user.id, points([1, 2, 3]))
    any_database.write(add_upload, user.id, points([1, 2]))
    any_database.write(add_upload, user.id, points([1, 2], EXPENSE))
    found = any_database.read(lambda session: SeriesRepository(session).duplicates(user.id))
    assert [(each.category, each.timestamp, each.uploads) for each in found] == [
        (REVENUE, month(0), 2),
        (REVENUE, month(1), 2),
    ]
    only = any_database.read(lambda session: SeriesRepository(session).duplicates(user.id, EXPENSE))
    assert only == []


def test_only_uploads_that_are_old_as_a_whole_are_purged(any_database: Database, user: User) -> None:
    any_database.write(add_upload, user.id, points([1, 2]))
    kept = any_database.write(add_upload, user.id, points([1, 2, 3]))
    assert any_database.write(lambda session: SeriesRepository(session).purge(month(2))) == 2
    left = any_database.read(lambda session: UploadRepository(session).list_uploads(user.id))
    assert [upload.id for upload in left.items] == [kept.id]
    assert any_database.read(count_rows)["timeseries_data"] == 3


async def test_uploads_and_series_are_handled_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    user = await any_async_database.write(add_user)
    async with any_async_database.session() as session:
        uploads = UploadRepository(session)
        upload = await uploads.begin(user.id, "file.csv", "custom")
        await uploads.add_points(upload.id, points([1, 2]))
        done = await uploads.finish(upload.id)
        found = await SeriesRepository(session).resample(upload.id, REVENUE, PeriodEnum.YEAR)
    assert (done.row_count, [bucket.total for bucket in found]) == (2, [Decimal(3)])
