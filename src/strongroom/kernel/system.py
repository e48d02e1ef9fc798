"""The plug of a system: all the building needs to know of a room, as data, so that nobody inherits from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.integrity import Check
from strongroom.kernel.jobs import Job
from strongroom.kernel.tables import DatabaseObject


@dataclass(frozen=True, slots=True)
class System:
    """One system.

    name: its package, PostgreSQL schema, URL prefix, Alembic branch, settings prefix and page of the docs.
    tables: its MetaData, in the schema of that name.
    migrations: the folder of its revisions.
    objects: the triggers and functions its newest revision leaves behind.
    checks: truths that must hold.
    jobs: what it has run later or elsewhere.
    errors_by_constraint: its own errors for constraints of its tables.
    load_samples: fills an empty system with sample rows; safe to run twice; returns what it added, by noun.
    routes: where its APIRouter is, as `package.module:name`, or None; only who serves them imports the web framework.
    commands: a Typer app, or None.
    """

    name: str
    title: str
    tables: MetaData
    migrations: Path
    load_samples: Callable[[Session], Mapping[str, int]]
    routes: str | None
    commands: object | None = None
    objects: tuple[DatabaseObject, ...] = ()
    checks: tuple[Check, ...] = ()
    jobs: tuple[Job, ...] = ()
    errors_by_constraint: Mapping[str, type[StrongroomError]] = field(default_factory=dict)

    def load_routes(self) -> Any:
        """The APIRouter, or None."""
        return None if self.routes is None else resolve_name(self.routes)


def errors_of(systems: Iterable[System]) -> dict[str, type[StrongroomError]]:
    """The errors of these systems for constraints of their tables, by `schema.name`."""
    return {f"{system.name}.{name}": error for system in systems for name, error in system.errors_by_constraint.items()}
