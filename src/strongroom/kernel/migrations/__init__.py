"""Migrations: Alembic, once for every system, each in its own schema with its own history."""

from strongroom.kernel.migrations.configuration import Migrated, build_config
from strongroom.kernel.migrations.objects import install, remove

__all__ = ["Migrated", "build_config", "install", "remove"]
