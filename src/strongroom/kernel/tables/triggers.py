"""Triggers and functions as data, in the SQL of each database, so that migrations can carry and compare them.

The text made here is part of history: a migration that ran once made exactly this. Change nothing in place;
add a new function beside the old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: stays the same for the length of a statement, so a trigger that has set it sees no reason to set it again
SQLITE_NOW = "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')"


@dataclass(frozen=True, slots=True)
class DatabaseObject:
    """A trigger or function. create, drop: the statements by dialect name; a dialect without any has no need of it."""

    name: str
    create: Mapping[str, Sequence[str]]
    drop: Mapping[str, Sequence[str]]


def touch_updated_at(schema: str, table: str) -> DatabaseObject:
    """Keep updated_at true on every change, whoever makes it. Needs `trigger_functions` on PostgreSQL."""
    name = f"touch_{table}"
    return DatabaseObject(
        name,
        create={
            "postgresql": [
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {schema}.{table} FOR EACH ROW "
                f"EXECUTE FUNCTION {schema}.touch_updated_at()"
            ],
            "sqlite": [
                f"CREATE TRIGGER {schema}.{name} AFTER UPDATE ON {table} FOR EACH ROW "
                f"WHEN NEW.updated_at IS OLD.updated_at AND NEW.updated_at <> {SQLITE_NOW} BEGIN "
                f"UPDATE {table} SET updated_at = {SQLITE_NOW} WHERE rowid = NEW.rowid; END"
            ],
        },
        drop={
            "postgresql": [f"DROP TRIGGER IF EXISTS {name} ON {schema}.{table}"],
            "sqlite": [f"DROP TRIGGER IF EXISTS {schema}.{name}"],
        },
    )


def refuse_changes(schema: str, table: str, frozen: Sequence[str], *, changeable: Sequence[str] = ()) -> DatabaseObject:
    """Refuse DELETE, TRUNCATE and every change of the frozen columns, under any role and replication setting.

    frozen: the columns that never change (SQLite needs their names); changeable: all others.
    """
    name = f"keep_{table}"
    arguments = ", ".join(f"'{column}'" for column in changeable)
    differs = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in frozen)
    refusal = f"SELECT RAISE(ABORT, 'strongroom:immutable:{table}')"
    return DatabaseObject(
        name,
        create={
            "postgresql": [
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {schema}.{table} FOR EACH ROW "
                f"EXECUTE FUNCTION {schema}.refuse_changes({arguments})",
                f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {schema}.{table} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {schema}.refuse_changes()",
                # ALWAYS: an ordinary trigger is silent under session_replication_role = replica
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}",
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}_truncate",
            ],
            "sqlite": [
                f"CREATE TRIGGER {schema}.{name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN {differs} "
                f"BEGIN {refusal}; END",
                f"CREATE TRIGGER {schema}.{name}_delete BEFORE DELETE ON {table} FOR EACH ROW BEGIN {refusal}; END",
            ],
        },
        drop={
            "postgresql": [
                f"DROP TRIGGER IF EXISTS {name} ON {schema}.{table}",
                f"DROP TRIGGER IF EXISTS {name}_truncate ON {schema}.{table}",
            ],
            "sqlite": [
                f"DROP TRIGGER IF EXISTS {schema}.{name}",
                f"DROP TRIGGER IF EXISTS {schema}.{name}_delete",
            ],
        },
    )


def trigger_functions(schema: str) -> DatabaseObject:
    """The two functions that the triggers above call, once in each schema."""
    return DatabaseObject(
        "trigger_functions",
        create={
            "postgresql": [
                f"""CREATE FUNCTION {schema}.touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$""",
                f"""CREATE FUNCTION {schema}.refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable text[] := coalesce(TG_ARGV, '{{}}');
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - changeable = to_jsonb(OLD) - changeable THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME
    USING ERRCODE = 'SR001', TABLE = TG_TABLE_NAME, CONSTRAINT = 'immutable';
END $$""",
            ]
        },
        drop={
            "postgresql": [
                f"DROP FUNCTION IF EXISTS {schema}.refuse_changes()",
                f"DROP FUNCTION IF EXISTS {schema}.touch_updated_at()",
            ]
        },
    )
