"""Claims about ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import derived_id, keyed_id, moment_of, new_id

moments = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_new_ids_are_uuids_of_version_7_and_rise() -> None:
    made = [new_id() for _ in range(10_000)]
    assert all(type(one) is UUID and one.version == 7 for one in made)
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_new_id_holds_the_moment_it_was_made() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= moment_of(new_id()) <= datetime.now(UTC) + timedelta(milliseconds=50)


@given(moments, st.text())
def test_a_derived_id_is_a_valid_uuid_7_of_its_moment(moment: datetime, key: str) -> None:
    derived = derived_id(moment, key)
    assert (derived.version, derived.variant) == (7, RFC_4122)
    assert moment - timedelta(milliseconds=1) < moment_of(derived) <= moment


@given(moments, st.text(), st.text())
def test_the_same_key_gives_the_same_id_and_another_key_another(moment: datetime, key: str, other: str) -> None:
    assert derived_id(moment, key) == derived_id(moment, key)
    assert (derived_id(moment, key) == derived_id(moment, other)) == (key == other)


@given(moments, moments, st.text(), st.text())
def test_derived_ids_sort_by_time(first: datetime, second: datetime, key: str, other: str) -> None:
    if second - first >= timedelta(milliseconds=1):
        assert derived_id(first, key) < derived_id(second, other)


def test_a_derived_id_never_changes_between_versions() -> None:
    derived = derived_id(datetime(1993, 1, 1, tzinfo=UTC), "transaction:695247")
    assert str(derived) == "00a8ffd1-1c00-7a5f-bf75-e3558bb3469a"


def test_a_moment_before_1970_has_no_id() -> None:
    with pytest.raises(ValueError, match="before 1970"):
        derived_id(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "x")


def test_only_version_7_holds_a_moment() -> None:
    with pytest.raises(ValueError, match="only a UUIDv7"):
        moment_of(uuid4())


def test_a_keyed_id_is_the_same_for_the_same_parts_and_no_other() -> None:
    first = keyed_id("room.noun", "actor", "key")
    assert first == keyed_id("room.noun", "actor", "key")
    assert (first.version, first.variant) == (8, RFC_4122)
    assert len({first, keyed_id("room.noun", "actor", "yek"), keyed_id("room.noun", "actork", "ey")}) == 3
