"""The triggers and functions of biotech, by version. What a revision has installed is never edited: add a new one."""

from __future__ import annotations

from strongroom.kernel.tables import DatabaseObject, refuse_changes, touch_updated_at, trigger_functions

#: trigram indexes find a name by any part of it. It lies in `public`, as other systems may want it too, and stays
#: there when this system goes; where the role may not create it, somebody else has to, once for the database
TRIGRAMS = "CREATE EXTENSION IF NOT EXISTS pg_trgm"

_INPUTS = "market_cap_usd, cash_position_usd, total_debt_usd, quarterly_burn_rate_usd"
_DERIVED = "enterprise_value_usd, runway_quarters, is_cash_constrained"


def _derive_on_sqlite(name: str, when: str, forgotten: str) -> str:
    """Amounts and quarters are integers of hundredths here."""
    runway = (
        "CASE WHEN NEW.quarterly_burn_rate_usd > 0 THEN min(99999999, CAST((200 * NEW.cash_position_usd "
        "+ NEW.quarterly_burn_rate_usd) / (2 * NEW.quarterly_burn_rate_usd) AS INTEGER)) "
        f"WHEN NEW.quarterly_burn_rate_usd = 0 OR {forgotten} THEN NULL ELSE NEW.runway_quarters END"
    )
    constrained = (
        f"CASE WHEN {runway} IS NOT NULL THEN {runway} < 400 "
        f"WHEN NEW.quarterly_burn_rate_usd IS NOT NULL OR {forgotten} THEN 0 ELSE NEW.is_cash_constrained END"
    )
    value = "NEW.market_cap_usd + NEW.total_debt_usd - NEW.cash_position_usd"
    return (
        f"CREATE TRIGGER biotech.{name} {when} ON companies FOR EACH ROW "
        f"WHEN NEW.enterprise_value_usd IS NOT {value} OR NEW.runway_quarters IS NOT {runway} "
        f"OR NEW.is_cash_constrained IS NOT {constrained} BEGIN "
        f"UPDATE companies SET enterprise_value_usd = {value}, runway_quarters = {runway}, "
        f"is_cash_constrained = {constrained} WHERE rowid = NEW.rowid; END"
    )


#: enterprise value, runway and constraint follow from the figures, whoever writes them
DERIVED = DatabaseObject(
    "derive_company",
    create={
        "postgresql": [
            """CREATE FUNCTION biotech.derive_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.enterprise_value_usd := NEW.market_cap_usd + NEW.total_debt_usd - NEW.cash_position_usd;
  IF NEW.quarterly_burn_rate_usd > 0 THEN
    NEW.runway_quarters := least(round(NEW.cash_position_usd / NEW.quarterly_burn_rate_usd, 2), 999999.99);
  ELSIF NEW.quarterly_burn_rate_usd = 0 THEN
    NEW.runway_quarters := NULL;
    NEW.is_cash_constrained := false;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.quarterly_burn_rate_usd IS NOT NULL AND NEW.runway_quarters IS NOT DISTINCT FROM OLD.runway_quarters THEN
      NEW.runway_quarters := NULL;
      NEW.is_cash_constrained := false;
    END IF;
  END IF;
  IF NEW.runway_quarters IS NOT NULL THEN
    NEW.is_cash_constrained := NEW.runway_quarters < 4;
  END IF;
  RETURN NEW;
END $$""",
            "CREATE TRIGGER derive_company BEFORE INSERT OR UPDATE ON biotech.companies FOR EACH ROW "
            "EXECUTE FUNCTION biotech.derive_company()",
        ],
        "sqlite": [
            _derive_on_sqlite("derive_company", "AFTER INSERT", "0"),
            _derive_on_sqlite(
                "derive_company_again",
                f"AFTER UPDATE OF {_INPUTS}, {_DERIVED}",
                "(NEW.quarterly_burn_rate_usd IS NULL AND OLD.quarterly_burn_rate_usd IS NOT NULL "
                "AND NEW.runway_quarters IS OLD.runway_quarters)",
            ),
        ],
    },
    drop={
        "postgresql": [
            "DROP TRIGGER IF EXISTS derive_company ON biotech.companies",
            "DROP FUNCTION IF EXISTS biotech.derive_company()",
        ],
        "sqlite": [
            "DROP TRIGGER IF EXISTS biotech.derive_company_again",
            "DROP TRIGGER IF EXISTS biotech.derive_company",
        ],
    },
)

_POINT = "INSERT INTO {schema}latest_scores (company_id, score_id, score_date, total_score)"
_LOOK_AGAIN = (
    "SELECT company_id, id, score_date, total_score FROM {schema}ma_scores WHERE company_id = OLD.company_id "
    "ORDER BY score_date DESC LIMIT 1"
)
_SQLITE_LOOK_AGAIN = (
    f"DELETE FROM latest_scores WHERE company_id = OLD.company_id; "
    f"{_POINT.format(schema='')} {_LOOK_AGAIN.format(schema='')}; END"
)

#: the newest score of each company stands in latest_scores; a change or removal makes it look again
LATEST = DatabaseObject(
    "point_at_latest",
    create={
        "postgresql": [
            f"""CREATE FUNCTION biotech.point_at_latest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {_POINT.format(schema="biotech.")}
    VALUES (NEW.company_id, NEW.id, NEW.score_date, NEW.total_score)
    ON CONFLICT (company_id) DO UPDATE SET
      score_id = excluded.score_id, score_date = excluded.score_date, total_score = excluded.total_score
    WHERE excluded.score_date > latest_scores.score_date;
    RETURN NULL;
  END IF;
  -- waits for whoever is scoring the company right now; what is read after that is what they left
  PERFORM FROM biotech.latest_scores WHERE company_id = OLD.company_id FOR UPDATE;
  DELETE FROM biotech.latest_scores WHERE company_id = OLD.company_id;
  {_POINT.format(schema="biotech.")}
  {_LOOK_AGAIN.format(schema="biotech.")};
  RETURN NULL;
END $$""",
            "CREATE TRIGGER point_at_latest AFTER INSERT OR DELETE OR UPDATE OF total_score, score_date "
            "ON biotech.ma_scores FOR EACH ROW EXECUTE FUNCTION biotech.point_at_latest()",
        ],
        "sqlite": [
            "CREATE TRIGGER biotech.point_at_latest AFTER INSERT ON ma_scores FOR EACH ROW BEGIN "
            f"{_POINT.format(schema='')} VALUES (NEW.company_id, NEW.id, NEW.score_date, NEW.total_score) "
            "ON CONFLICT (company_id) DO UPDATE SET score_id = excluded.score_id, "
            "score_date = excluded.score_date, total_score = excluded.total_score "
            "WHERE excluded.score_date > latest_scores.score_date; END",
            "CREATE TRIGGER biotech.point_at_latest_again AFTER UPDATE OF total_score, score_date ON ma_scores "
            f"FOR EACH ROW BEGIN {_SQLITE_LOOK_AGAIN}",
            "CREATE TRIGGER biotech.point_at_latest_left AFTER DELETE ON ma_scores "
            f"FOR EACH ROW BEGIN {_SQLITE_LOOK_AGAIN}",
        ],
    },
    drop={
        "postgresql": [
            "DROP TRIGGER IF EXISTS point_at_latest ON biotech.ma_scores",
            "DROP FUNCTION IF EXISTS biotech.point_at_latest()",
        ],
        "sqlite": [
            "DROP TRIGGER IF EXISTS biotech.point_at_latest",
            "DROP TRIGGER IF EXISTS biotech.point_at_latest_again",
            "DROP TRIGGER IF EXISTS biotech.point_at_latest_left",
        ],
    },
)

FUNCTIONS_V1 = trigger_functions("biotech")
TOUCHED_V1 = tuple(
    touch_updated_at("biotech", table)
    for table in (
        "companies",
        "drug_candidates",
        "signals",
        "ma_scores",
        "acquirer_matches",
        "reports",
        "alerts",
        "alert_triggers",
        "webhooks",
        "webhook_deliveries",
        "clients",
    )
)
MODELS_V1 = refuse_changes(
    "biotech", "scoring_models", ("version", "weights", "created_at"), changeable=("description", "is_default")
)

#: what biotech_0001 leaves behind
FIRST_OBJECTS = (FUNCTIONS_V1, *TOUCHED_V1, MODELS_V1, DERIVED, LATEST)
#: what the newest revision leaves behind
OBJECTS = FIRST_OBJECTS
