"""Alembic loads this file; all it says stands in strongroom.kernel.migrations.environment."""

from strongroom.kernel.migrations.environment import run

run()
