"""What a table of Strongroom is made of: exact types, coerced rows, named constraints, triggers as data."""

from strongroom.kernel.tables.arrays import TextArray, empty_list, has_all, has_any
from strongroom.kernel.tables.capabilities import (
    Capabilities,
    cached_models,
    capabilities_of,
    hide_soft_deleted,
    is_soft_deletable,
)
from strongroom.kernel.tables.columns import (
    CreatedAt,
    DeletedAt,
    Id,
    UpdatedAt,
    database_clock,
    database_now,
    default_decimal,
)
from strongroom.kernel.tables.conditions import drawn_from, holding_object, matching, non_empty, within
from strongroom.kernel.tables.documents import JsonDocument, canonical_json
from strongroom.kernel.tables.history import as_known, find_history, history_of, known_rows
from strongroom.kernel.tables.partitions import yearly_partitions
from strongroom.kernel.tables.remembering import known_now, remember_changes
from strongroom.kernel.tables.rows import NAMING_CONVENTION, Row, room_metadata
from strongroom.kernel.tables.triggers import (
    DatabaseObject,
    refuse_changes,
    touch_updated_at,
    trigger_functions,
)
from strongroom.kernel.tables.types import EnumText, ExactDecimal, Moment, MoneyAmount
from strongroom.kernel.tables.versions import cache_versions, renew_versions, version_functions

__all__ = [
    "NAMING_CONVENTION",
    "Capabilities",
    "CreatedAt",
    "DatabaseObject",
    "DeletedAt",
    "EnumText",
    "ExactDecimal",
    "Id",
    "JsonDocument",
    "Moment",
    "MoneyAmount",
    "Row",
    "TextArray",
    "UpdatedAt",
    "as_known",
    "cache_versions",
    "cached_models",
    "canonical_json",
    "capabilities_of",
    "database_clock",
    "database_now",
    "default_decimal",
    "drawn_from",
    "empty_list",
    "find_history",
    "has_all",
    "has_any",
    "hide_soft_deleted",
    "history_of",
    "holding_object",
    "is_soft_deletable",
    "known_now",
    "known_rows",
    "matching",
    "non_empty",
    "refuse_changes",
    "remember_changes",
    "renew_versions",
    "room_metadata",
    "touch_updated_at",
    "trigger_functions",
    "version_functions",
    "within",
    "yearly_partitions",
]
