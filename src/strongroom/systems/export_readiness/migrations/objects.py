"""The triggers and functions of export readiness. What a revision has installed is never edited: add a new one."""

from __future__ import annotations

from strongroom.kernel.tables import DatabaseObject, refuse_changes, touch_updated_at, trigger_functions

#: the tables with an updated_at, as export_readiness_0001 made them
TOUCHED_TABLES_V1 = (
    "users",
    "reports",
    "certification_progress",
    "generated_documents",
    "action_plan_progress",
    "finance_analysis",
    "logistics_analysis",
    "user_metrics",
)
#: the tables whose ids the database makes for whoever writes SQL by hand
IDENTIFIED_TABLES_V1 = (
    "users",
    "reports",
    "certification_progress",
    "generated_documents",
    "action_plan_progress",
    "chat_sessions",
    "chat_messages",
    "reference_rates",
)

#: two changes in one transaction are two moments: a report's updated_at tells whether a copy of it is stale
TOUCHED_BY_THE_CLOCK_V1 = DatabaseObject(
    "touch_by_the_clock",
    create={
        "postgresql": [
            """CREATE OR REPLACE FUNCTION export_readiness.touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
  RETURN NEW;
END $$"""
        ]
    },
    drop={},
)

#: a UUIDv7 (RFC 9562, method 3) whose twelve bits after the version are parts of a millisecond; not every PostgreSQL
#: has one of its own. An id of SQLite is made by the program
IDENTIFIERS_V1 = DatabaseObject(
    "new_id",
    create={
        "postgresql": [
            """CREATE FUNCTION export_readiness.new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex(microseconds / 1000), 12, '0') || '7'
          || lpad(to_hex(microseconds % 1000 * 4096 / 1000), 3, '0')
          || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS microseconds) AS moment
$$""",
            *(
                f"ALTER TABLE export_readiness.{table} ALTER COLUMN id SET DEFAULT export_readiness.new_id()"
                for table in IDENTIFIED_TABLES_V1
            ),
        ]
    },
    drop={
        "postgresql": [
            *(
                f"ALTER TABLE IF EXISTS export_readiness.{table} ALTER COLUMN id DROP DEFAULT"
                for table in IDENTIFIED_TABLES_V1
            ),
            "DROP FUNCTION IF EXISTS export_readiness.new_id()",
        ]
    },
)

RATES_V1 = refuse_changes(
    "export_readiness",
    "reference_rates",
    ("id", "calculator", "name", "valid_from", "value", "unit", "details", "source", "created_by", "created_at"),
)

#: what export_readiness_0001 leaves behind
FIRST_OBJECTS = (
    trigger_functions("export_readiness"),
    TOUCHED_BY_THE_CLOCK_V1,
    IDENTIFIERS_V1,
    *(touch_updated_at("export_readiness", table) for table in TOUCHED_TABLES_V1),
    RATES_V1,
)
#: what the newest revision leaves behind
OBJECTS = FIRST_OBJECTS
