"""The schema: bring it up, take it down, say where it is, and prove that it is what the models say."""

from strongroom.kernel.migrations import Drift, find_drift
from strongroom.operations.schema.revisions import Position, describe_history, find_position, write_revision
from strongroom.operations.schema.upgrade import downgrade, drop, upgrade

__all__ = [
    "Drift",
    "Position",
    "describe_history",
    "downgrade",
    "drop",
    "find_drift",
    "find_position",
    "upgrade",
    "write_revision",
]
