"""Alembic's configuration for one system, made in memory, so that an installed package needs no alembic.ini."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TextIO

from alembic.config import Config
from sqlalchemy import MetaData

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.tables import DatabaseObject

SCRIPTS = Path(__file__).parent / "script"


class Migrated(Protocol):
    """What has a history of its own: a schema's name, what it should hold, and the folder of its revisions."""

    @property
    def name(self) -> str: ...
    @property
    def tables(self) -> MetaData: ...
    @property
    def objects(self) -> tuple[DatabaseObject, ...]: ...
    @property
    def migrations(self) -> Path: ...


def build_config(system: Migrated, options: DatabaseOptions, output: TextIO | None = None) -> Config:
    """What Alembic's commands take. output: where they print; standard output when None."""
    config = Config(stdout=output) if output is not None else Config()
    config.set_main_option("script_location", _escaped(SCRIPTS))
    config.set_main_option("version_locations", _escaped(system.migrations))
    config.set_main_option("path_separator", "newline")  # a path may have a colon in it
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("revision_environment", "true")  # which numbers a revision that is not generated, too
    config.attributes["system"] = system
    config.attributes["database_options"] = options
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
