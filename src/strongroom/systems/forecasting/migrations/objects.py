"""The triggers and functions of forecasting. What a revision has installed is never edited: add a new one."""

from __future__ import annotations

from strongroom.kernel.tables import DatabaseObject, touch_updated_at, trigger_functions

#: the tables with an updated_at, as forecasting_0001 made them
TOUCHED_TABLES_V1 = ("users", "data_uploads", "trained_models", "risk_metrics")
#: the tables whose ids the database makes for whoever writes SQL by hand; on SQLite the program does
IDENTIFIED_TABLES_V1 = (
    "users",
    "data_uploads",
    "timeseries_data",
    "trained_models",
    "forecasts",
    "risk_metrics",
    "kpi_reports",
)

IDENTIFIERS_V1 = DatabaseObject(
    "identifiers",
    create={
        "postgresql": [
            f"ALTER TABLE forecasting.{table} ALTER COLUMN id SET DEFAULT gen_random_uuid()"
            for table in IDENTIFIED_TABLES_V1
        ]
    },
    drop={},
)

#: square, symmetric, 1 on the diagonal, entries from -1 to 1; null where a series was constant
CORRELATION_MATRIX_V1 = DatabaseObject(
    "correlation_matrix",
    create={
        "postgresql": [
            """CREATE FUNCTION forecasting.is_correlation_matrix(document jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  names jsonb := document -> 'variables';
  matrix jsonb := document -> 'matrix';
  size integer;
  entry jsonb;
  mirrored jsonb;
BEGIN
  IF document IS NULL THEN
    RETURN true;
  END IF;
  IF jsonb_typeof(names) IS DISTINCT FROM 'array' OR jsonb_typeof(matrix) IS DISTINCT FROM 'array' THEN
    RETURN false;
  END IF;
  size := jsonb_array_length(names);
  IF jsonb_array_length(matrix) <> size THEN
    RETURN false;
  END IF;
  FOR i IN 0 .. size - 1 LOOP
    IF jsonb_typeof(matrix -> i) <> 'array' THEN
      RETURN false;
    ELSIF jsonb_array_length(matrix -> i) <> size THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR i IN 0 .. size - 1 LOOP
    FOR j IN 0 .. i LOOP
      entry := matrix -> i -> j;
      mirrored := matrix -> j -> i;
      IF jsonb_typeof(entry) = 'null' AND jsonb_typeof(mirrored) = 'null' THEN
        CONTINUE;
      END IF;
      IF jsonb_typeof(entry) <> 'number' OR jsonb_typeof(mirrored) <> 'number' THEN
        RETURN false;
      END IF;
      IF abs(entry::numeric) > 1 OR abs(entry::numeric - mirrored::numeric) > 1e-9
         OR (i = j AND abs(entry::numeric - 1) > 1e-9) THEN
        RETURN false;
      END IF;
    END LOOP;
  END LOOP;
  RETURN true;
END $$""",
            "ALTER TABLE forecasting.risk_metrics ADD CONSTRAINT ck_risk_metrics_correlation_matrix "
            "CHECK (forecasting.is_correlation_matrix(correlation_matrix))",
        ]
    },
    drop={
        "postgresql": [
            "ALTER TABLE IF EXISTS forecasting.risk_metrics "
            "DROP CONSTRAINT IF EXISTS ck_risk_metrics_correlation_matrix",
            "DROP FUNCTION IF EXISTS forecasting.is_correlation_matrix(jsonb)",
        ]
    },
)

#: what forecasting_0001 leaves behind
FIRST_OBJECTS = (
    trigger_functions("forecasting"),
    IDENTIFIERS_V1,
    CORRELATION_MATRIX_V1,
    *(touch_updated_at("forecasting", table) for table in TOUCHED_TABLES_V1),
)
#: what the newest revision leaves behind
OBJECTS = FIRST_OBJECTS
