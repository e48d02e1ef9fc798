"""Cached reads of the granary, with a count of how often the database was really asked."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.caching import anyone, cached_read
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.system import System
from tests.kernel.granary import Farm, Harvest, granary

#: how often each read ran; a cached read must not do such things, and these are not noticed
ASKED: Counter[str] = Counter()


class Total(NamedTuple):
    """What a farm brought in. heard_by: who asked."""

    weight: Decimal
    heard_by: str


@cached_read("granary", by="farm_id")
def total_of(session: Session, farm_id: UUID, since: date = date(2000, 1, 1)) -> Total:
    ASKED["total_of"] += 1
    query = select(func.coalesce(func.sum(Harvest.weight), Decimal(0))).where(
        Harvest.farm_id == farm_id, Harvest.day >= since
    )
    return Total(Decimal(session.scalar(query) or 0), actor_of(session).name)


@cached_read("granary", seen_by=anyone)
def names(session: Session) -> list[str]:
    ASKED["names"] += 1
    return list(session.scalars(select(Farm.name).order_by(Farm.name)))


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    ASKED.clear()
