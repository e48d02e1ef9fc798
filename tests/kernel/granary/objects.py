"""The partitions, triggers and functions of the granary."""

from __future__ import annotations

from strongroom.kernel.tables import (
    renew_versions,
    touch_updated_at,
    trigger_functions,
    version_functions,
    yearly_partitions,
)

OBJECTS = (
    yearly_partitions("granary", "harvests", 2024, 2026),
    trigger_functions("granary"),
    touch_updated_at("granary", "harvests"),
    version_functions("granary"),
    renew_versions("granary", "farms", "id"),
    renew_versions("granary", "harvests", "farm_id"),
)
