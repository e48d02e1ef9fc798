"""A room for the kernel's own tests: boxes with items in them and a list of entries, on real tables with a history."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.errors import AlreadyExists
from strongroom.kernel.system import System
from tests.kernel.attic.models import Base, Box, Colour, Entry, Item, Shelf
from tests.kernel.attic.objects import OBJECTS


class NameTaken(AlreadyExists):
    """a box of this name exists already"""

    code = "NAME_TAKEN"


BOXES = Base.metadata.tables["attic.boxes"]
ENTRIES = Base.metadata.tables["attic.entries"]

attic = System(
    name="attic",
    title="Attic",
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    objects=OBJECTS,
    errors_by_constraint={"uq_boxes_name": NameTaken},
    load_samples=lambda _: {},
    routes=None,
)

__all__ = ["BOXES", "ENTRIES", "Base", "Box", "Colour", "Entry", "Item", "NameTaken", "Shelf", "attic"]
