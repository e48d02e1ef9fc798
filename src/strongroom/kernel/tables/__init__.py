"""What a table of Strongroom is made of: exact types, coerced rows, named constraints, triggers as data."""

from strongroom.kernel.tables.capabilities import (
    Capabilities,
    capabilities_of,
    hide_soft_deleted,
    is_soft_deletable,
)
from strongroom.kernel.tables.columns import CreatedAt, DeletedAt, Id, UpdatedAt, database_now
from strongroom.kernel.tables.conditions import matching, within
from strongroom.kernel.tables.rows import NAMING_CONVENTION, Row, room_metadata
from strongroom.kernel.tables.triggers import (
    DatabaseObject,
    refuse_changes,
    touch_updated_at,
    trigger_functions,
)
from strongroom.kernel.tables.types import (
    EnumText,
    ExactDecimal,
    JsonDocument,
    Moment,
    MoneyAmount,
    canonical_json,
)

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
    "UpdatedAt",
    "canonical_json",
    "capabilities_of",
    "database_now",
    "hide_soft_deleted",
    "is_soft_deletable",
    "matching",
    "refuse_changes",
    "room_metadata",
    "touch_updated_at",
    "trigger_functions",
    "within",
]
