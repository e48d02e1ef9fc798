"""A room whose harvests are cut into years: for tests of partitions, indexes, plans and cached reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists
from strongroom.kernel.system import System
from tests.kernel.granary.models import Base, Farm, Harvest, Visit
from tests.kernel.granary.objects import OBJECTS


class HarvestedAlready(AlreadyExists):
    """this farm has brought that crop in on that day"""

    code = "HARVESTED_ALREADY"


def load_samples(session: Session) -> Mapping[str, int]:
    """One farm, with a harvest in a year that has a partition and one in a year that has none."""
    if session.scalar(select(Farm.id).limit(1)) is not None:
        return {"farms": 0, "harvests": 0}
    farm = Farm(name="Hill")
    session.add(farm)
    session.flush()
    session.add_all(Harvest(farm_id=farm.id, day=date(year, 5, 5)) for year in (2025, 1999))
    return {"farms": 1, "harvests": 2}


granary = System(
    name="granary",
    title="Granary",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    objects=OBJECTS,
    errors_by_constraint={"uq_harvests_farm_id_day_crop": HarvestedAlready},
    load_samples=load_samples,
    routes=None,
)

__all__ = ["Base", "Farm", "Harvest", "HarvestedAlready", "Visit", "granary"]
