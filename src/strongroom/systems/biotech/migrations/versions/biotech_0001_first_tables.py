"""First tables: companies and their pipelines, signals, scores, matches, and those who want to hear of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from strongroom.systems.biotech.migrations.objects import FIRST_OBJECTS, TRIGRAMS

revision = "biotech_0001"
down_revision = None
branch_labels = None
depends_on = None


#: how far a drug has come, 0 to 10
PHASE_SCORES = {
    "discovery": 1.0,
    "preclinical": 2.0,
    "phase_1": 3.5,
    "phase_1_2": 4.5,
    "phase_2": 6.0,
    "phase_2_3": 7.5,
    "phase_3": 8.5,
    "nda_bla": 9.5,
    "approved": 10.0,
    "discontinued": 0.0,
}

TABLES = (
    "clients",
    "companies",
    "scoring_models",
    "acquirer_matches",
    "alerts",
    "client_keys",
    "drug_candidates",
    "ma_scores",
    "rate_windows",
    "reports",
    "signals",
    "watchlist_entries",
    "webhooks",
    "alert_triggers",
    "latest_scores",
    "webhook_deliveries",
)

#: what each part counts for in a score of version 1.0; they add up to 1. As text, so that `--sql` can write it out
FIRST_MODEL = """INSERT INTO biotech.scoring_models (version, description, weights, is_default)
VALUES ('1.0', 'six components, a heuristic', '{"pipeline": "0.30", "patent": "0.20", "financial": "0.15",
"insider": "0.15", "strategic_fit": "0.10", "regulatory": "0.10"}', true)"""


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(TRIGRAMS)
    op.create_table(
        "clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_name", sa.String(length=255), nullable=False),
        sa.Column(
            "client_type",
            tables.EnumText("standard", "premium", "enterprise"),
            server_default="standard",
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("allowed_endpoints", tables.TextArray(), nullable=True),
        sa.Column("rate_limit_per_hour", sa.Integer(), server_default="1000", nullable=False),
        sa.Column("watchlist_tickers", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("notification_preferences", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("custom_thresholds", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("last_access", tables.Moment(), nullable=True),
        sa.Column("request_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("key_last_rotated", tables.Moment(), nullable=True),
        sa.Column("expires_at", tables.Moment(), nullable=True),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("custom_thresholds"),
        *tables.holding_object("metadata"),
        *tables.holding_object("notification_preferences"),
        sa.CheckConstraint("contact_email LIKE '%@%'", name=op.f("ck_clients_contact_email")),
        sa.CheckConstraint("length(trim(client_name)) > 0", name=op.f("ck_clients_client_name")),
        sa.CheckConstraint("rate_limit_per_hour > 0", name=op.f("ck_clients_rate_limit_per_hour")),
        sa.CheckConstraint("request_count >= 0", name=op.f("ck_clients_request_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        schema="biotech",
    )
    op.create_index(op.f("ix_clients_deleted_at"), "clients", ["deleted_at"], unique=False, schema="biotech")
    op.create_index(op.f("ix_clients_is_active"), "clients", ["is_active"], unique=False, schema="biotech")
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticker", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("market_cap_usd", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_position_usd", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("quarterly_burn_rate_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("total_debt_usd", tables.ExactDecimal(20, 2), server_default="0", nullable=False),
        sa.Column("runway_quarters", tables.ExactDecimal(8, 2), nullable=True),
        sa.Column("enterprise_value_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("is_cash_constrained", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("therapeutic_areas", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("employee_count", sa.Integer(), nullable=True),
        sa.Column("headquarters_location", sa.String(length=255), nullable=True),
        sa.Column("is_public", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("last_data_refresh", tables.Moment(), nullable=True),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("metadata"),
        sa.CheckConstraint("employee_count >= 0", name=op.f("ck_companies_employee_count")),
        sa.CheckConstraint("founded_year BETWEEN 1900 AND 2100", name=op.f("ck_companies_founded_year")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_companies_name")),
        sa.CheckConstraint(
            "market_cap_usd >= 0 AND cash_position_usd >= 0 AND total_debt_usd >= 0", name=op.f("ck_companies_amounts")
        ),
        sa.CheckConstraint("quarterly_burn_rate_usd >= 0", name=op.f("ck_companies_quarterly_burn_rate_usd")),
        sa.CheckConstraint("runway_quarters >= 0", name=op.f("ck_companies_runway_quarters")),
        sa.CheckConstraint(
            "ticker = upper(ticker) AND length(ticker) BETWEEN 1 AND 10", name=op.f("ck_companies_ticker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        tables.drawn_from(
            "therapeutic_areas",
            (
                "oncology",
                "immunology",
                "neurology",
                "cardiovascular",
                "rare_disease",
                "infectious_disease",
                "metabolic",
                "respiratory",
                "ophthalmology",
                "dermatology",
                "other",
            ),
        ),
        tables.matching("ticker", "^[A-Z0-9.\\-]{1,10}$"),
        schema="biotech",
    )
    op.create_index(op.f("ix_companies_deleted_at"), "companies", ["deleted_at"], unique=False, schema="biotech")
    op.create_index(
        op.f("ix_companies_is_cash_constrained"), "companies", ["is_cash_constrained"], unique=False, schema="biotech"
    )
    op.create_index(
        op.f("ix_companies_market_cap_usd"), "companies", ["market_cap_usd"], unique=False, schema="biotech"
    )
    op.create_index(
        "ix_companies_name",
        "companies",
        ["name"],
        unique=False,
        schema="biotech",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_companies_therapeutic_areas",
        "companies",
        ["therapeutic_areas"],
        unique=False,
        schema="biotech",
        postgresql_using="gin",
    )
    op.create_index(
        "uq_companies_ticker",
        "companies",
        ["ticker"],
        unique=True,
        schema="biotech",
        postgresql_where=sa.text("deleted_at IS NULL"),
        sqlite_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "scoring_models",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("weights", tables.JsonDocument(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("weights"),
        sa.CheckConstraint("length(trim(version)) > 0", name=op.f("ck_scoring_models_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_scoring_models")),
        schema="biotech",
    )
    op.create_index(
        "uq_scoring_models_default",
        "scoring_models",
        ["is_default"],
        unique=True,
        schema="biotech",
        postgresql_where=sa.text("is_default"),
        sqlite_where=sa.text("is_default"),
    )
    op.create_table(
        "acquirer_matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_company_id", sa.Uuid(), nullable=False),
        sa.Column("acquirer_company_id", sa.Uuid(), nullable=True),
        sa.Column("acquirer_ticker", sa.String(length=10), nullable=False),
        sa.Column("acquirer_name", sa.String(length=255), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("match_date", tables.Moment(), server_default=tables.database_clock(), nullable=False),
        sa.Column("strategic_fit_score", tables.ExactDecimal(4, 2), nullable=False),
        sa.Column("therapeutic_overlap_score", tables.ExactDecimal(4, 2), server_default="0", nullable=False),
        sa.Column("geographic_fit_score", tables.ExactDecimal(4, 2), server_default="0", nullable=False),
        sa.Column("financial_capacity_score", tables.ExactDecimal(4, 2), server_default="0", nullable=False),
        sa.Column("historical_ma_score", tables.ExactDecimal(4, 2), server_default="0", nullable=False),
        sa.Column("match_score", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("probability", tables.ExactDecimal(4, 3), nullable=True),
        sa.Column("estimated_premium_pct", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("synergy_rationale", sa.Text(), nullable=True),
        sa.Column("key_assets_of_interest", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("estimated_valuation_range_usd", sa.String(length=100), nullable=True),
        sa.Column("valuation_low_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("valuation_base_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("valuation_high_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("match_rank", sa.Integer(), nullable=True),
        sa.Column("is_top_match", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("metadata"),
        *tables.within("estimated_premium_pct", "0", "200", 2),
        *tables.within("financial_capacity_score", "0", "10", 2),
        *tables.within("geographic_fit_score", "0", "10", 2),
        *tables.within("historical_ma_score", "0", "10", 2),
        *tables.within("match_score", "0", "100", 2),
        *tables.within("probability", "0", "1", 3),
        *tables.within("strategic_fit_score", "0", "10", 2),
        *tables.within("therapeutic_overlap_score", "0", "10", 2),
        sa.CheckConstraint("acquirer_company_id <> target_company_id", name=op.f("ck_acquirer_matches_not_itself")),
        sa.CheckConstraint(
            "acquirer_ticker = upper(acquirer_ticker)", name=op.f("ck_acquirer_matches_acquirer_ticker")
        ),
        sa.CheckConstraint("length(trim(acquirer_name)) > 0", name=op.f("ck_acquirer_matches_acquirer_name")),
        sa.CheckConstraint("match_rank >= 1", name=op.f("ck_acquirer_matches_match_rank")),
        sa.CheckConstraint("is_current OR NOT is_top_match", name=op.f("ck_acquirer_matches_is_top_match")),
        sa.CheckConstraint(
            "valuation_base_usd <= valuation_high_usd", name=op.f("ck_acquirer_matches_valuation_base_usd")
        ),
        sa.CheckConstraint(
            "valuation_low_usd <= valuation_high_usd", name=op.f("ck_acquirer_matches_valuation_high_usd")
        ),
        sa.CheckConstraint(
            "valuation_low_usd >= 0 AND valuation_low_usd <= valuation_base_usd",
            name=op.f("ck_acquirer_matches_valuation_low_usd"),
        ),
        sa.ForeignKeyConstraint(
            ["acquirer_company_id"],
            ["biotech.companies.id"],
            name=op.f("fk_acquirer_matches_acquirer_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["target_company_id"],
            ["biotech.companies.id"],
            name=op.f("fk_acquirer_matches_target_company_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquirer_matches")),
        sa.UniqueConstraint(
            "target_company_id", "acquirer_ticker", "match_date", name="uq_acquirer_matches_target_acquirer_date"
        ),
        sa.UniqueConstraint(
            "target_company_id",
            "run_id",
            "match_rank",
            name=op.f("uq_acquirer_matches_target_company_id_run_id_match_rank"),
        ),
        tables.matching("acquirer_ticker", "^[A-Z0-9.\\-]{1,10}$"),
        schema="biotech",
    )
    op.create_index(
        op.f("ix_acquirer_matches_acquirer_company_id"),
        "acquirer_matches",
        ["acquirer_company_id"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        op.f("ix_acquirer_matches_acquirer_ticker"),
        "acquirer_matches",
        ["acquirer_ticker"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        op.f("ix_acquirer_matches_strategic_fit_score"),
        "acquirer_matches",
        ["strategic_fit_score"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        "ix_acquirer_matches_top",
        "acquirer_matches",
        ["target_company_id", "match_rank"],
        unique=False,
        schema="biotech",
        postgresql_where=sa.text("is_top_match"),
        sqlite_where=sa.text("is_top_match"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "alert_type",
            tables.EnumText(
                "score_threshold",
                "score_change",
                "new_signal",
                "custom",
                "watchlist_add",
                "watchlist_remove",
                "report_ready",
            ),
            nullable=False,
        ),
        sa.Column("condition", tables.JsonDocument(), nullable=False),
        sa.Column("threshold_value", tables.ExactDecimal(12, 4), nullable=True),
        sa.Column("company_tickers", tables.TextArray(), nullable=True),
        sa.Column("signal_types", tables.TextArray(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("last_triggered", tables.Moment(), nullable=True),
        sa.Column("trigger_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("notification_channels", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("recipients", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("condition"),
        *tables.holding_object("metadata"),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_alerts_name")),
        sa.CheckConstraint("trigger_count >= 0", name=op.f("ck_alerts_trigger_count")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["biotech.clients.id"], name=op.f("fk_alerts_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        tables.drawn_from("notification_channels", ("email", "slack", "webhook", "sms")),
        schema="biotech",
    )
    op.create_index(op.f("ix_alerts_client_id"), "alerts", ["client_id"], unique=False, schema="biotech")
    op.create_index(op.f("ix_alerts_deleted_at"), "alerts", ["deleted_at"], unique=False, schema="biotech")
    op.create_index(
        "ix_alerts_is_active_alert_type", "alerts", ["is_active", "alert_type"], unique=False, schema="biotech"
    )
    op.create_table(
        "client_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("key_prefix", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", tables.Moment(), nullable=True),
        sa.Column("revoked_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("length(key_hash) = 32", name=op.f("ck_client_keys_key_hash")),
        sa.CheckConstraint("length(key_prefix) BETWEEN 8 AND 12", name=op.f("ck_client_keys_key_prefix")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["biotech.clients.id"], name=op.f("fk_client_keys_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_client_keys_key_hash")),
        sa.UniqueConstraint("key_prefix", name=op.f("uq_client_keys_key_prefix")),
        schema="biotech",
    )
    op.create_index(op.f("ix_client_keys_client_id"), "client_keys", ["client_id"], unique=False, schema="biotech")
    op.create_table(
        "drug_candidates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "phase",
            tables.EnumText(
                "discovery",
                "preclinical",
                "phase_1",
                "phase_1_2",
                "phase_2",
                "phase_2_3",
                "phase_3",
                "nda_bla",
                "approved",
                "discontinued",
            ),
            nullable=False,
        ),
        sa.Column("indication", sa.Text(), nullable=False),
        sa.Column("mechanism", sa.Text(), nullable=False),
        sa.Column(
            "therapeutic_area",
            tables.EnumText(
                "oncology",
                "immunology",
                "neurology",
                "cardiovascular",
                "rare_disease",
                "infectious_disease",
                "metabolic",
                "respiratory",
                "ophthalmology",
                "dermatology",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("patent_expiry", sa.Date(), nullable=True),
        sa.Column("orphan_designation", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("fast_track", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("breakthrough_therapy", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("next_milestone", sa.Text(), nullable=True),
        sa.Column("next_milestone_date", sa.String(length=10), nullable=True),
        sa.Column("phase_score", tables.ExactDecimal(4, 2), sa.Computed(_phase_score(), persisted=True), nullable=True),
        sa.Column(
            "competitive_landscape_score",
            tables.ExactDecimal(4, 2),
            server_default=tables.default_decimal("5", 2),
            nullable=False,
        ),
        sa.Column("market_potential_usd", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("additional_data", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("additional_data"),
        *tables.within("competitive_landscape_score", "0", "10", 2),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_drug_candidates_name")),
        sa.CheckConstraint("market_potential_usd >= 0", name=op.f("ck_drug_candidates_market_potential_usd")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_drug_candidates_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drug_candidates")),
        tables.matching("next_milestone_date", "^2(0[0-9]{2}|100)-(Q[1-4]|[0-9]{2}-[0-9]{2})$"),
        schema="biotech",
    )
    op.create_index(
        "ix_drug_candidates_company_id_phase",
        "drug_candidates",
        ["company_id", "phase"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        op.f("ix_drug_candidates_deleted_at"), "drug_candidates", ["deleted_at"], unique=False, schema="biotech"
    )
    op.create_index(
        op.f("ix_drug_candidates_therapeutic_area"),
        "drug_candidates",
        ["therapeutic_area"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        "uq_drug_candidates_company_id_name",
        "drug_candidates",
        ["company_id", sa.literal_column("lower(name)")],
        unique=True,
        schema="biotech",
        postgresql_where=sa.text("deleted_at IS NULL"),
        sqlite_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "ma_scores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("score_date", tables.Moment(), server_default=tables.database_clock(), nullable=False),
        sa.Column("score_version", sa.String(length=20), server_default="1.0", nullable=False),
        sa.Column("total_score", tables.ExactDecimal(5, 2), nullable=False),
        sa.Column("percentile_rank", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("pipeline_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("patent_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("financial_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("insider_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("strategic_fit_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("regulatory_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("score_change_30d", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("score_change_90d", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("key_drivers", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("risk_factors", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("confidence", tables.ExactDecimal(4, 3), nullable=True),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("metadata"),
        *tables.within("confidence", "0", "1", 3),
        *tables.within("financial_score", "0", "100", 2),
        *tables.within("insider_score", "0", "100", 2),
        *tables.within("patent_score", "0", "100", 2),
        *tables.within("percentile_rank", "0", "100", 2),
        *tables.within("pipeline_score", "0", "100", 2),
        *tables.within("regulatory_score", "0", "100", 2),
        *tables.within("score_change_30d", "-100", "100", 2),
        *tables.within("score_change_90d", "-100", "100", 2),
        *tables.within("strategic_fit_score", "0", "100", 2),
        *tables.within("total_score", "0", "100", 2),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_ma_scores_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ma_scores")),
        sa.UniqueConstraint("company_id", "score_date", name=op.f("uq_ma_scores_company_id_score_date")),
        schema="biotech",
    )
    op.create_index(op.f("ix_ma_scores_score_date"), "ma_scores", ["score_date"], unique=False, schema="biotech")
    op.create_index(op.f("ix_ma_scores_total_score"), "ma_scores", ["total_score"], unique=False, schema="biotech")
    op.create_table(
        "rate_windows",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("window_start", tables.Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_rate_windows_count")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["biotech.clients.id"], name=op.f("fk_rate_windows_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "window_start", name=op.f("pk_rate_windows")),
        schema="biotech",
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column(
            "report_type",
            tables.EnumText(
                "daily_digest",
                "weekly_summary",
                "weekly_watchlist",
                "deep_dive",
                "custom",
                "alert",
                "quarterly_review",
                "acquirer_analysis",
                "signal_alert",
                "deal_analysis",
            ),
            nullable=False,
        ),
        sa.Column("report_date", tables.Moment(), nullable=False),
        sa.Column("period_start", tables.Moment(), nullable=True),
        sa.Column("period_end", tables.Moment(), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column(
            "format",
            tables.EnumText("pdf", "html", "json", "markdown", "text", "xlsx"),
            server_default="pdf",
            nullable=False,
        ),
        sa.Column("s3_key", sa.String(length=500), nullable=True),
        sa.Column("s3_bucket", sa.String(length=255), nullable=True),
        sa.Column("local_path", sa.String(length=500), nullable=True),
        sa.Column("file_size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("checksum", sa.String(length=64), nullable=True),
        sa.Column("recipients", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("sent_at", tables.Moment(), nullable=True),
        sa.Column(
            "delivery_status",
            tables.EnumText("pending", "sending", "sent", "retrying", "failed"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("companies_included", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("key_findings", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("metadata"),
        sa.CheckConstraint("(sent_at IS NOT NULL) = (delivery_status = 'sent')", name=op.f("ck_reports_sent_at")),
        sa.CheckConstraint("(s3_key IS NULL) = (s3_bucket IS NULL)", name=op.f("ck_reports_s3")),
        sa.CheckConstraint("file_size_bytes >= 0", name=op.f("ck_reports_file_size_bytes")),
        sa.CheckConstraint("length(checksum) = 64", name=op.f("ck_reports_checksum")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_reports_title")),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_reports_period")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["biotech.clients.id"], name=op.f("fk_reports_client_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        schema="biotech",
    )
    op.create_index(op.f("ix_reports_client_id"), "reports", ["client_id"], unique=False, schema="biotech")
    op.create_index(op.f("ix_reports_deleted_at"), "reports", ["deleted_at"], unique=False, schema="biotech")
    op.create_index(op.f("ix_reports_delivery_status"), "reports", ["delivery_status"], unique=False, schema="biotech")
    op.create_index(op.f("ix_reports_report_date"), "reports", ["report_date"], unique=False, schema="biotech")
    op.create_index(
        "ix_reports_report_type_report_date", "reports", ["report_type", "report_date"], unique=False, schema="biotech"
    )
    op.create_table(
        "signals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("signal_type", sa.String(length=50), nullable=False),
        sa.Column("event_date", tables.Moment(), nullable=False),
        sa.Column(
            "severity", tables.EnumText("low", "medium", "high", "critical"), server_default="medium", nullable=False
        ),
        sa.Column(
            "confidence", tables.ExactDecimal(4, 3), server_default=tables.default_decimal("0.5", 3), nullable=False
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("signal_data", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("ma_impact_score", tables.ExactDecimal(5, 2), server_default="0", nullable=False),
        sa.Column("source", sa.String(length=100), nullable=True),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("processed_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("signal_data"),
        *tables.within("confidence", "0", "1", 3),
        *tables.within("ma_impact_score", "-10", "10", 2),
        sa.CheckConstraint("external_id IS NULL OR source IS NOT NULL", name=op.f("ck_signals_external_id")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_signals_title")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_signals_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_signals_source_external_id")),
        tables.matching("signal_type", "^[a-z][a-z0-9_]*$"),
        schema="biotech",
    )
    op.create_index(
        "ix_signals_company_id_event_date_id",
        "signals",
        ["company_id", "event_date", "id"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        "ix_signals_company_id_signal_type", "signals", ["company_id", "signal_type"], unique=False, schema="biotech"
    )
    op.create_index(op.f("ix_signals_event_date"), "signals", ["event_date"], unique=False, schema="biotech")
    op.create_index(
        "ix_signals_severity_event_date", "signals", ["severity", "event_date"], unique=False, schema="biotech"
    )
    op.create_index(
        "ix_signals_signal_data",
        "signals",
        ["signal_data"],
        unique=False,
        schema="biotech",
        postgresql_using="gin",
        postgresql_ops={"signal_data": "jsonb_path_ops"},
    )
    op.create_index(
        "ix_signals_signal_type_event_date", "signals", ["signal_type", "event_date"], unique=False, schema="biotech"
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", tables.Moment(), nullable=False),
        sa.Column("added_score", tables.ExactDecimal(5, 2), nullable=False),
        sa.Column("peak_score", tables.ExactDecimal(5, 2), nullable=False),
        sa.Column("current_score", tables.ExactDecimal(5, 2), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("removed_at", tables.Moment(), nullable=True),
        *tables.within("added_score", "0", "100", 2),
        *tables.within("current_score", "0", "100", 2),
        *tables.within("peak_score", "0", "100", 2),
        sa.CheckConstraint(
            "peak_score >= current_score AND peak_score >= added_score", name=op.f("ck_watchlist_entries_peak_score")
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_at >= added_at", name=op.f("ck_watchlist_entries_removed_at")
        ),
        sa.CheckConstraint("tier BETWEEN 1 AND 4", name=op.f("ck_watchlist_entries_tier")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_watchlist_entries_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlist_entries")),
        schema="biotech",
    )
    op.create_index(
        op.f("ix_watchlist_entries_company_id"), "watchlist_entries", ["company_id"], unique=False, schema="biotech"
    )
    op.create_index(
        op.f("ix_watchlist_entries_current_score"),
        "watchlist_entries",
        ["current_score"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        "uq_watchlist_entries_company_id",
        "watchlist_entries",
        ["company_id"],
        unique=True,
        schema="biotech",
        postgresql_where=sa.text("removed_at IS NULL"),
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("secret_key_id", sa.String(length=64), nullable=True),
        sa.Column("previous_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret_until", tables.Moment(), nullable=True),
        sa.Column("event_types", tables.TextArray(), nullable=False),
        sa.Column("company_tickers", tables.TextArray(), nullable=True),
        sa.Column("min_score", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("last_triggered", tables.Moment(), nullable=True),
        sa.Column("success_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failure_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("consecutive_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disabled_at", tables.Moment(), nullable=True),
        sa.Column(
            "retry_policy",
            tables.JsonDocument(),
            server_default='{"max_retries": 3, "retry_delay_seconds": 60}',
            nullable=False,
        ),
        sa.Column("timeout_seconds", sa.Integer(), server_default="30", nullable=False),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.holding_object("metadata"),
        *tables.holding_object("retry_policy"),
        *tables.non_empty("event_types"),
        *tables.within("min_score", "0", "100", 2),
        sa.CheckConstraint(
            "(previous_secret_sealed IS NULL) = (previous_secret_until IS NULL)",
            name=op.f("ck_webhooks_previous_secret"),
        ),
        sa.CheckConstraint("(secret_sealed IS NULL) = (secret_key_id IS NULL)", name=op.f("ck_webhooks_secret")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_webhooks_name")),
        sa.CheckConstraint(
            "success_count >= 0 AND failure_count >= 0 AND consecutive_failures >= 0", name=op.f("ck_webhooks_counters")
        ),
        sa.CheckConstraint("timeout_seconds BETWEEN 1 AND 120", name=op.f("ck_webhooks_timeout_seconds")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["biotech.clients.id"], name=op.f("fk_webhooks_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        tables.drawn_from(
            "event_types", ("score_update", "new_signal", "alert_triggered", "report_ready", "watchlist_update")
        ),
        schema="biotech",
    )
    op.create_index(op.f("ix_webhooks_client_id"), "webhooks", ["client_id"], unique=False, schema="biotech")
    op.create_index(op.f("ix_webhooks_deleted_at"), "webhooks", ["deleted_at"], unique=False, schema="biotech")
    op.create_index(
        "ix_webhooks_event_types", "webhooks", ["event_types"], unique=False, schema="biotech", postgresql_using="gin"
    )
    op.create_index(op.f("ix_webhooks_is_active"), "webhooks", ["is_active"], unique=False, schema="biotech")
    op.create_table(
        "alert_triggers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("signal_id", sa.Uuid(), nullable=True),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("triggered_at", tables.Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column(
            "severity",
            tables.EnumText("info", "warning", "medium", "high", "critical"),
            server_default="info",
            nullable=False,
        ),
        sa.Column(
            "status",
            tables.EnumText("triggered", "acknowledged", "resolved"),
            server_default="triggered",
            nullable=False,
        ),
        sa.Column("acknowledged_at", tables.Moment(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", tables.Moment(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("channels", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("details"),
        sa.CheckConstraint(
            "(resolved_at IS NOT NULL) = (status = 'resolved')", name=op.f("ck_alert_triggers_resolved_at")
        ),
        sa.CheckConstraint(
            "status = 'triggered' OR acknowledged_at IS NOT NULL", name=op.f("ck_alert_triggers_acknowledged_at")
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name=op.f("ck_alert_triggers_acknowledged")
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["biotech.alerts.id"], name=op.f("fk_alert_triggers_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_alert_triggers_company_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["score_id"], ["biotech.ma_scores.id"], name=op.f("fk_alert_triggers_score_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["biotech.signals.id"], name=op.f("fk_alert_triggers_signal_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_triggers")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_alert_triggers_dedupe_key")),
        tables.drawn_from("channels", ("email", "slack", "webhook", "sms")),
        schema="biotech",
    )
    op.create_index(
        "ix_alert_triggers_alert_id_company_id_triggered_at",
        "alert_triggers",
        ["alert_id", "company_id", "triggered_at"],
        unique=False,
        schema="biotech",
    )
    op.create_index(
        "ix_alert_triggers_company_id_triggered_at",
        "alert_triggers",
        ["company_id", "triggered_at"],
        unique=False,
        schema="biotech",
    )
    op.create_index(op.f("ix_alert_triggers_score_id"), "alert_triggers", ["score_id"], unique=False, schema="biotech")
    op.create_index(
        op.f("ix_alert_triggers_signal_id"), "alert_triggers", ["signal_id"], unique=False, schema="biotech"
    )
    op.create_index(
        op.f("ix_alert_triggers_triggered_at"), "alert_triggers", ["triggered_at"], unique=False, schema="biotech"
    )
    op.create_table(
        "latest_scores",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("score_date", tables.Moment(), nullable=False),
        sa.Column("total_score", tables.ExactDecimal(5, 2), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_latest_scores_company_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["score_id"], ["biotech.ma_scores.id"], name=op.f("fk_latest_scores_score_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_latest_scores")),
        sa.UniqueConstraint("score_id", name=op.f("uq_latest_scores_score_id")),
        schema="biotech",
    )
    op.create_index(
        op.f("ix_latest_scores_total_score"), "latest_scores", ["total_score"], unique=False, schema="biotech"
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event_type",
            tables.EnumText("score_update", "new_signal", "alert_triggered", "report_ready", "watchlist_update"),
            nullable=False,
        ),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "status",
            tables.EnumText("pending", "in_flight", "retrying", "delivered", "dead"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", tables.Moment(), nullable=False),
        sa.Column("locked_until", tables.Moment(), nullable=True),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("delivered_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL)", name=op.f("ck_webhook_deliveries_delivered_at")
        ),
        sa.CheckConstraint(
            "(status = 'in_flight') = (locked_until IS NOT NULL)", name=op.f("ck_webhook_deliveries_locked_until")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_deliveries_attempts")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_webhook_deliveries_position")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["biotech.companies.id"], name=op.f("fk_webhook_deliveries_company_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["biotech.webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "webhook_id", "company_id", "position", name=op.f("uq_webhook_deliveries_webhook_id_company_id_position")
        ),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
        schema="biotech",
    )
    op.create_index(
        op.f("ix_webhook_deliveries_company_id"), "webhook_deliveries", ["company_id"], unique=False, schema="biotech"
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["next_attempt_at", "id"],
        unique=False,
        schema="biotech",
        postgresql_where=sa.text("status IN ('pending', 'in_flight', 'retrying')"),
        sqlite_where=sa.text("status IN ('pending', 'in_flight', 'retrying')"),
    )
    op.create_index(
        "ix_webhook_deliveries_open",
        "webhook_deliveries",
        ["webhook_id", "company_id", "position"],
        unique=False,
        schema="biotech",
        postgresql_where=sa.text("status IN ('pending', 'in_flight', 'retrying')"),
        sqlite_where=sa.text("status IN ('pending', 'in_flight', 'retrying')"),
    )
    op.execute(FIRST_MODEL)
    install(*FIRST_OBJECTS)


def downgrade() -> None:
    remove(*reversed(FIRST_OBJECTS[1:]))
    for name in reversed(TABLES):
        op.drop_table(name, schema="biotech")
    remove(FIRST_OBJECTS[0])


def _phase_score() -> str:
    # as PostgreSQL prints it, so that Alembic sees no difference; SQLite keeps hundredths
    is_sqlite = op.get_context().dialect.name == "sqlite"
    cases = [
        f"WHEN '{phase}' THEN {round(score * 100)}" if is_sqlite else f"WHEN '{phase}'::text THEN {score}"
        for phase, score in PHASE_SCORES.items()
    ]
    return f"CASE phase {' '.join(cases)} END"
