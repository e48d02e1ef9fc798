"""What a database says it holds, in words that can be compared: one definition by one name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

HISTORY = "alembic_version"
_CONSTRAINT = re.compile(r"\bPRIMARY KEY\b|\bUNIQUE\b|\bCHECK\b|\bREFERENCES\b")


def read_catalogue(session: Session, schema: str) -> Mapping[str, str]:
    """Every column, constraint, index, trigger and function of the schema, and by what each table is partitioned.

    Alembic's own table is left out, and so are the partitions: they say what the tables they are parts of say.
    """
    if session.get_bind().dialect.name == "sqlite":
        return _read_sqlite(session, schema)
    return {
        f"{what} {name}": definition
        for what, query in _POSTGRESQL.items()
        for name, definition in session.execute(text(query), {"schema": schema, "history": HISTORY})
    }


def find_strangers(session: Session, schema: str) -> list[str]:
    """Whatever else lies in the database, outside of this schema; what an extension brought is the extension's."""
    if session.get_bind().dialect.name == "sqlite":
        return list(session.scalars(text("SELECT name FROM main.sqlite_master")))
    return list(session.scalars(text(_STRANGERS), {"schema": schema}))


def find_partitioned(session: Session, schema: str) -> frozenset[str]:
    """The tables that are cut into partitions, one of them for the rows that no other is for."""
    if session.get_bind().dialect.name == "sqlite":
        return frozenset()
    return frozenset(session.scalars(text(_PARTITIONED), {"schema": schema}))


def _read_sqlite(session: Session, schema: str) -> Mapping[str, str]:
    """A table is a statement of one clause a line, in an order that says nothing."""
    catalogue = {}
    rows = session.execute(text(f'SELECT type, name, tbl_name, sql FROM "{schema}".sqlite_master'))
    for what, name, table, statement in rows:
        if table == HISTORY or statement is None:
            continue
        if what != "table":
            catalogue[f"{what} {table}.{name}"] = statement
            continue
        for line in statement.splitlines()[1:-1]:
            clause = line.strip().rstrip(",").rstrip()
            kind = "constraint" if _CONSTRAINT.search(clause) else "column"
            named = clause.removeprefix("CONSTRAINT ").split()[0]
            catalogue[f"{kind} {table}.{named}"] = clause
    return catalogue


_POSTGRESQL = {
    "column": """
        SELECT c.relname || '.' || a.attname,
               format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
               || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> :history""",
    "partitioning": """
        SELECT c.relname, pg_get_partkeydef(c.oid) FROM pg_class c
         WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'p' AND NOT c.relispartition""",
    # n: PostgreSQL 18 keeps each NOT NULL as a constraint too, it stands with its column; t: stands with its trigger
    "constraint": """
        SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
          FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         WHERE k.connamespace = to_regnamespace(:schema) AND k.contype NOT IN ('n', 't') AND k.conparentid = 0
           AND NOT c.relispartition AND c.relname <> :history""",
    "index": """
        SELECT t.relname || '.' || c.relname, pg_get_indexdef(c.oid)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
         WHERE t.relnamespace = to_regnamespace(:schema) AND NOT t.relispartition AND t.relname <> :history""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND c.relnamespace = to_regnamespace(:schema) AND NOT c.relispartition""",
    "function": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', pg_get_functiondef(p.oid)
          FROM pg_proc p WHERE p.pronamespace = to_regnamespace(:schema)""",
}

_PARTITIONED = """
    SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
     WHERE p.partdefid <> 0 AND c.relnamespace = to_regnamespace(:schema)"""

_STRANGERS = """
    SELECT n.nspname || '.' || o.name
      FROM (SELECT 'pg_class'::regclass AS kind, oid, relnamespace AS home, relname AS name FROM pg_class
            UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proname FROM pg_proc
            UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, typname FROM pg_type WHERE typelem = 0) o
      JOIN pg_namespace n ON n.oid = o.home
     WHERE n.nspname NOT IN (:schema, 'jobs', 'pg_catalog', 'information_schema', 'pg_toast')
       AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.kind AND d.objid = o.oid AND d.deptype = 'e')"""
