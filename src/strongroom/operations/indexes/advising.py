"""What an administrator should know of the indexes: each finding is a sentence; nothing is changed here.

Unused, redundant, missing and broken indexes, after PgHero (github.com/ankane/pghero) and the PostgreSQL wiki's
page on index maintenance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.indexes import check_indexes
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System
from strongroom.operations.indexes.usage import IndexUsage, measure_usage

#: an index of fewer rows costs nothing worth saving
ROWS_WORTH_SAVING = 10_000

Kind = Literal["invalid", "missing", "foreign key", "duplicate", "prefix", "unused"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding. what: a sentence that names the index or column."""

    kind: Kind
    what: str


def advise(system: System, options: DatabaseOptions) -> list[Advice]:
    """All findings, the gravest first. Raises NeedsPostgreSQL."""
    usage = measure_usage(system, options)
    return [
        *(Advice("invalid", f"{one.name} was left unfinished: create it again") for one in usage if not one.is_valid),
        *_missing(system, options, {one.name for one in usage}),
        *_foreign_keys(system, options),
        *_redundant(usage),
        *_unused(usage),
    ]


def _missing(system: System, options: DatabaseOptions, stored: set[str]) -> Iterator[Advice]:
    for name, is_there in check_indexes(options, system.tables).items():
        if not is_there and name not in stored:
            yield Advice("missing", f"{name} is declared and not there: create it")


def _foreign_keys(system: System, options: DatabaseOptions) -> Iterator[Advice]:
    """A DELETE of what is referred to would read the whole table; small tables of codes, whose rows stay, excepted."""
    query = """
        SELECT t.relname, a.attname
          FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
          JOIN pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = k.confkey[1]
         WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace = to_regnamespace(:schema)
           AND NOT t.relispartition AND r.atttypid NOT IN ('text'::regtype, 'varchar'::regtype)
           AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1]
                              AND i.indpred IS NULL AND i.indisvalid)
         ORDER BY 1, 2"""
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        rows = connection.execute(text(query), {"schema": system.name}).all()
    for table, column in rows:
        yield Advice("foreign key", f"{table}.{column} refers to another table and no index begins with it")


def _redundant(usage: Sequence[IndexUsage]) -> Iterator[Advice]:
    """Of two equal ones the second goes; one whose keys another begins with goes too, unless it promises something."""
    spare = sorted(usage, key=lambda one: (not one.backs_constraint, not one.is_unique, one.name))
    for place, one in enumerate(spare):
        if one.backs_constraint or not one.is_valid:
            continue
        twins = [other for other in spare[:place] if other.definition == one.definition]
        if twins:
            yield Advice("duplicate", f"{one.name} is the same as {twins[0].name}: drop it")
            continue
        if one.is_unique or one.is_partial:
            continue
        longer = [other for other in spare if other is not one and _begins_with(other, one)]
        if longer:
            yield Advice("prefix", f"{longer[0].name} begins with all of {one.name}: drop the shorter one")


def _begins_with(longer: IndexUsage, shorter: IndexUsage) -> bool:
    is_alike = longer.table == shorter.table and not longer.is_partial and longer.is_valid
    trees = all("USING btree" in one.definition for one in (longer, shorter))
    # equal columns in the same way: both are then written with the same words
    return is_alike and trees and _written(longer).startswith(f"{_written(shorter)}, ")


def _written(usage: IndexUsage) -> str:
    """The keys as the definition writes them, directions and operator classes included."""
    return usage.definition.partition("USING btree (")[2].rpartition(")")[0]


def _unused(usage: Sequence[IndexUsage]) -> Iterator[Advice]:
    for one in usage:
        promises = one.backs_constraint or one.is_unique
        if not one.scans and not promises and one.is_valid and one.table_rows >= ROWS_WORTH_SAVING:
            megabytes = f"{one.size_bytes / 1e6:.1f} MB"
            yield Advice("unused", f"{one.name} ({megabytes}) was never used on this server; ask its replicas too")
