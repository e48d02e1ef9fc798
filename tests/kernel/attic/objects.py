"""The triggers and functions of the attic."""

from __future__ import annotations

from strongroom.kernel.tables import (
    known_now,
    refuse_changes,
    remember_changes,
    touch_updated_at,
    trigger_functions,
)

OBJECTS = (
    trigger_functions("attic"),
    touch_updated_at("attic", "boxes"),
    refuse_changes("attic", "entries", frozen=("id", "amount"), changeable=("remark",)),
    known_now("attic"),
    remember_changes("attic", "shelves", ("id", "room", "width", "holds", "lends")),
)
