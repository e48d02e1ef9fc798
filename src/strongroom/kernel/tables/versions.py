"""Versions that the database keeps of what cached reads are made of, as data: a change and its new version are one.

A model says `__capabilities__ = Capabilities(cached_by="company_id")`: rows with one company_id are one scope. Its
metadata has `cache_versions`, and its migration installs `renew_versions`. From then on the version of a scope is
another one in the very transaction that changes a row of it, whoever makes the change, in whatever way.

A version is drawn, not counted: no two states have the same one, not after a rollback, a restore or in a copy of the
database. As in triggers.py the SQL is part of history: change nothing in place, add a new function beside the old.
"""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text

from strongroom.kernel.tables.triggers import DatabaseObject

VERSIONS = "cache_versions"


def cache_versions(metadata: MetaData) -> Table:
    """The table of versions, one for each schema. scope: as text; of rows without one the empty text."""
    scope, version = Column("scope", Text(), primary_key=True), Column("version", Text(), nullable=False)
    return Table(VERSIONS, metadata, scope, version)


def version_functions(schema: str) -> DatabaseObject:
    """What the triggers of `renew_versions` call, once in each schema. PostgreSQL only."""
    return DatabaseObject(
        "version_functions",
        create={
            "postgresql": [
                # one version for all that a transaction changes, so that a scope is written once however many rows
                # change; with the transaction's number, so that a value set by hand is not believed
                f"""CREATE FUNCTION {schema}.renew_version(changed text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  this text := pg_current_xact_id()::text;
  kept text := coalesce(current_setting('strongroom.cache_version', true), '');
BEGIN
  IF split_part(kept, '.', 1) <> this THEN
    kept := this || '.' || gen_random_uuid();
    PERFORM set_config('strongroom.cache_version', kept, true);
  END IF;
  IF NOT EXISTS (SELECT FROM {schema}.{VERSIONS} WHERE scope = changed AND version = kept) THEN
    INSERT INTO {schema}.{VERSIONS} (scope, version) VALUES (changed, kept)
      ON CONFLICT (scope) DO UPDATE SET version = excluded.version;
  END IF;
END $$""",
            ]
        },
        drop={"postgresql": [f"DROP FUNCTION IF EXISTS {schema}.renew_version(text)"]},
    )


def renew_versions(schema: str, table: str, column: str) -> DatabaseObject:
    """Give a scope a new version with every change of its rows. column: what holds the scope.

    Needs `version_functions` on PostgreSQL. Scopes of rows that are there already get their first version. On
    PostgreSQL the version is written as the transaction commits, so that two who change other rows of one scope
    wait for each other no longer than a commit takes; and in partitions by whatever name they are written to.
    """
    name = f"renew_{table}"
    old, new = (f"coalesce(CAST({row}.{column} AS text), '')" for row in ("OLD", "NEW"))
    drawn = "lower(hex(randomblob(16)))"

    def renewed(scope: str) -> str:
        # no upsert: the statement that fires a trigger may impose its own way with conflicts on it
        return f"DELETE FROM {VERSIONS} WHERE scope = {scope}; INSERT INTO {VERSIONS} VALUES ({scope}, {drawn});"

    first = f"SELECT DISTINCT coalesce(CAST({column} AS text), '') AS scope FROM {schema}.{table}"
    return DatabaseObject(
        name,
        create={
            "postgresql": [
                f"""CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM {schema}.renew_version(scope) FROM {schema}.{VERSIONS};
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM {schema}.renew_version({old});
  END IF;
  IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.{column} IS DISTINCT FROM OLD.{column} THEN
    PERFORM {schema}.renew_version({new});
  END IF;
  RETURN NULL;
END $$""",
                f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {schema}.{table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.{name}()",
                f"CREATE TRIGGER {name}_truncate AFTER TRUNCATE ON {schema}.{table} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {schema}.{name}()",
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}",
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}_truncate",
                f"SELECT {schema}.renew_version(scope) FROM ({first}) AS present",
            ],
            "sqlite": [
                f"CREATE TRIGGER {schema}.{name} AFTER INSERT ON {table} FOR EACH ROW BEGIN {renewed(new)} END",
                f"CREATE TRIGGER {schema}.{name}_update AFTER UPDATE ON {table} FOR EACH ROW "
                f"BEGIN {renewed(old)} {renewed(new)} END",
                f"CREATE TRIGGER {schema}.{name}_delete AFTER DELETE ON {table} FOR EACH ROW BEGIN {renewed(old)} END",
                f"INSERT OR REPLACE INTO {schema}.{VERSIONS} SELECT scope, {drawn} FROM ({first})",
            ],
        },
        drop={
            "postgresql": [
                f"DROP TRIGGER IF EXISTS {name} ON {schema}.{table}",
                f"DROP TRIGGER IF EXISTS {name}_truncate ON {schema}.{table}",
                f"DROP FUNCTION IF EXISTS {schema}.{name}()",
            ],
            "sqlite": [
                f"DROP TRIGGER IF EXISTS {schema}.{name}",
                f"DROP TRIGGER IF EXISTS {schema}.{name}_update",
                f"DROP TRIGGER IF EXISTS {schema}.{name}_delete",
            ],
        },
    )
