"""The triggers that keep a table's history, as data: the SQL behind `history_of`.

As in triggers.py the text made here is part of history: change nothing in place, add a new function beside the old.
"""

from __future__ import annotations

from collections.abc import Sequence

from strongroom.kernel.tables.triggers import SQLITE_NOW, DatabaseObject, refuse_changes


def known_now(schema: str) -> DatabaseObject:
    """The instant that all changes of one transaction share, once in each schema. PostgreSQL only.

    It is taken at the first change, thus after the locks that the action took before it: two actions that
    wait for each other's rows get instants in the order in which they changed them. A value that somebody sets by
    hand is not believed unless it lies within the transaction.
    """
    return DatabaseObject(
        "known_now",
        create={
            "postgresql": [
                f"""CREATE FUNCTION {schema}.known_now() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  kept timestamptz := nullif(current_setting('strongroom.known_now', true), '')::timestamptz;
BEGIN
  IF kept IS NULL OR kept NOT BETWEEN transaction_timestamp() AND clock_timestamp() THEN
    kept := clock_timestamp();
    PERFORM set_config('strongroom.known_now', kept::text, true);
  END IF;
  RETURN kept;
END $$"""
            ]
        },
        drop={"postgresql": [f"DROP FUNCTION IF EXISTS {schema}.known_now()"]},
    )


def remember_changes(schema: str, table: str, columns: Sequence[str], *, key: str = "id") -> DatabaseObject:
    """Keep every version of the table's rows in `<table>_history`, whose own rows then never change nor go.

    columns: all of the table. Needs `trigger_functions` and `known_now`; rows that are there already become the
    first versions.
    """
    history = f"{table}_history"
    names = ", ".join(columns)
    new = ", ".join(f"NEW.{column}" for column in columns)
    kept = refuse_changes(schema, history, [*columns, "history_id", "known_from"], changeable=["known_until"])
    differs = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
    latest = f"coalesce((SELECT max(known_until) FROM {history} WHERE {key} = NEW.{key}), '')"
    close = (
        f"UPDATE {history} SET known_until = max({SQLITE_NOW}, known_from) WHERE {key} = OLD.{key} "
        "AND known_until IS NULL;"
    )
    begin = f"INSERT INTO {history} ({names}, known_from) VALUES ({new}, max({SQLITE_NOW}, {latest}));"
    return DatabaseObject(
        f"remember_{table}",
        create={
            "postgresql": [
                f"INSERT INTO {schema}.{history} ({names}, known_from) "
                f"SELECT {names}, {schema}.known_now() FROM {schema}.{table}",
                f"""CREATE FUNCTION {schema}.remember_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz := {schema}.known_now();
  ended timestamptz;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE {schema}.{history} SET known_until = greatest(moment, known_from)
      WHERE {key} = OLD.{key} AND known_until IS NULL RETURNING known_until INTO ended;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO {schema}.{history} ({names}, known_from) VALUES ({new}, greatest(moment, ended));
  END IF;
  RETURN NULL;
END $$""",
                f"CREATE TRIGGER remember_{table} AFTER INSERT OR UPDATE OR DELETE ON {schema}.{table} "
                f"FOR EACH ROW EXECUTE FUNCTION {schema}.remember_{table}()",
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER remember_{table}",
                *kept.create["postgresql"],
                f"CREATE TRIGGER seal_{history} BEFORE UPDATE ON {schema}.{history} FOR EACH ROW "
                f"WHEN (OLD.known_until IS NOT NULL) EXECUTE FUNCTION {schema}.refuse_changes()",
                f"ALTER TABLE {schema}.{history} ENABLE ALWAYS TRIGGER seal_{history}",
            ],
            "sqlite": [
                f"INSERT INTO {schema}.{history} ({names}, known_from) "
                f"SELECT {names}, {SQLITE_NOW} FROM {schema}.{table}",
                f"CREATE TRIGGER {schema}.remember_{table} AFTER INSERT ON {table} FOR EACH ROW BEGIN {begin} END",
                f"CREATE TRIGGER {schema}.remember_{table}_update AFTER UPDATE ON {table} FOR EACH ROW "
                f"WHEN {differs} BEGIN {close} {begin} END",
                f"CREATE TRIGGER {schema}.remember_{table}_delete AFTER DELETE ON {table} FOR EACH ROW "
                f"BEGIN {close} END",
                *kept.create["sqlite"],
                f"CREATE TRIGGER {schema}.seal_{history} BEFORE UPDATE ON {history} FOR EACH ROW "
                f"WHEN OLD.known_until IS NOT NULL BEGIN SELECT RAISE(ABORT, 'strongroom:immutable:{history}'); END",
            ],
        },
        drop={
            "postgresql": [
                f"DROP TRIGGER IF EXISTS seal_{history} ON {schema}.{history}",
                *kept.drop["postgresql"],
                f"DROP TRIGGER IF EXISTS remember_{table} ON {schema}.{table}",
                f"DROP FUNCTION IF EXISTS {schema}.remember_{table}()",
            ],
            "sqlite": [
                f"DROP TRIGGER IF EXISTS {schema}.seal_{history}",
                *kept.drop["sqlite"],
                f"DROP TRIGGER IF EXISTS {schema}.remember_{table}",
                f"DROP TRIGGER IF EXISTS {schema}.remember_{table}_update",
                f"DROP TRIGGER IF EXISTS {schema}.remember_{table}_delete",
            ],
        },
    )
