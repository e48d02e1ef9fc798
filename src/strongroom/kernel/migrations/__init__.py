"""Migrations: Alembic, once for every system, each in its own schema with its own history."""

from strongroom.kernel.migrations.commands import downgrade_once, list_revisions, upgrade_once
from strongroom.kernel.migrations.configuration import Migrated, build_config
from strongroom.kernel.migrations.drift import Drift, find_drift
from strongroom.kernel.migrations.objects import install, remove

__all__ = [
    "Drift",
    "Migrated",
    "build_config",
    "downgrade_once",
    "find_drift",
    "install",
    "list_revisions",
    "remove",
    "upgrade_once",
]
