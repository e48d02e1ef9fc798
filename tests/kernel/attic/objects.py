"""The triggers and functions of the attic."""

from __future__ import annotations

from strongroom.kernel.tables import refuse_changes, touch_updated_at, trigger_functions

OBJECTS = (
    trigger_functions("attic"),
    touch_updated_at("attic", "boxes"),
    refuse_changes("attic", "entries", frozen=("id", "amount"), changeable=("remark",)),
)
