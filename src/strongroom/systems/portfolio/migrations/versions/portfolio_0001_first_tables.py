"""First tables: companies, what they send, what follows from it, exchange rates, and every version of it all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from strongroom.systems.portfolio.migrations.objects import FIRST_OBJECTS

revision = "portfolio_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "companies",
    "companies_history",
    "fx_rates",
    "metrics_input_history",
    "quarter_valuations_history",
    "quarterly_reporting_financials_history",
    "quarterly_reporting_metrics_history",
    "metrics_input",
    "quarter_valuations",
    "quarterly_reporting_financials",
    "quarterly_reporting_metrics",
)


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "reporting_status",
            tables.EnumText("Active", "Inactive", "Pending", "Exited"),
            server_default="Active",
            nullable=False,
        ),
        sa.Column("reporting_currency", sa.String(length=3), nullable=False),
        sa.Column("fund", sa.String(length=100), nullable=False),
        sa.Column("location_country", sa.String(length=100), nullable=False),
        sa.Column(
            "customer_type",
            tables.EnumText("Enterprise", "Mid-Market", "SMB", "Consumer", "B2B", "B2C", "B2B2C"),
            nullable=False,
        ),
        sa.Column(
            "revenue_type",
            tables.EnumText("Subscription", "Usage Pricing", "Transactional", "Marketplace", "Hybrid"),
            nullable=False,
        ),
        sa.Column("equity_raised", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("post_money_valuation", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("year_end_date", sa.Date(), nullable=False),
        sa.Column("created_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint("equity_raised >= 0", name=op.f("ck_companies_equity_raised")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_companies_name")),
        sa.CheckConstraint("post_money_valuation >= 0", name=op.f("ck_companies_post_money_valuation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("name", name=op.f("uq_companies_name")),
        tables.matching("reporting_currency", "^[A-Z]{3}$"),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_companies_customer_type"), "companies", ["customer_type"], unique=False, schema="portfolio"
    )
    op.create_index(op.f("ix_companies_fund"), "companies", ["fund"], unique=False, schema="portfolio")
    op.create_index(
        op.f("ix_companies_reporting_status"), "companies", ["reporting_status"], unique=False, schema="portfolio"
    )
    op.create_index(op.f("ix_companies_revenue_type"), "companies", ["revenue_type"], unique=False, schema="portfolio")
    op.create_table(
        "companies_history",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("reporting_status", tables.EnumText("Active", "Inactive", "Pending", "Exited"), nullable=False),
        sa.Column("reporting_currency", sa.String(length=3), nullable=False),
        sa.Column("fund", sa.String(length=100), nullable=False),
        sa.Column("location_country", sa.String(length=100), nullable=False),
        sa.Column(
            "customer_type",
            tables.EnumText("Enterprise", "Mid-Market", "SMB", "Consumer", "B2B", "B2C", "B2B2C"),
            nullable=False,
        ),
        sa.Column(
            "revenue_type",
            tables.EnumText("Subscription", "Usage Pricing", "Transactional", "Marketplace", "Hybrid"),
            nullable=False,
        ),
        sa.Column("equity_raised", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("post_money_valuation", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("year_end_date", sa.Date(), nullable=False),
        sa.Column("created_date", tables.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("known_until >= known_from", name=op.f("ck_companies_history_known_span")),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_companies_history")),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_companies_history_id_known_from"),
        "companies_history",
        ["id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "uq_companies_history_id_open",
        "companies_history",
        ["id"],
        unique=True,
        schema="portfolio",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "fx_rates",
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("quote_currency", sa.String(length=3), nullable=False),
        sa.Column("rate_period", tables.EnumText("day", "month"), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("rate", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("fetched_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("base_currency <> quote_currency", name=op.f("ck_fx_rates_two_currencies")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_fx_rates_rate")),
        sa.PrimaryKeyConstraint(
            "base_currency", "quote_currency", "rate_period", "rate_date", name=op.f("pk_fx_rates")
        ),
        tables.matching("base_currency", "^[A-Z]{3}$"),
        tables.matching("quote_currency", "^[A-Z]{3}$"),
        schema="portfolio",
    )
    op.create_table(
        "metrics_input_history",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("gross_profit", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("total_operating_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("ebitda", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("net_income", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_burn", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_balance", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("debt_outstanding", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("known_until >= known_from", name=op.f("ck_metrics_input_history_known_span")),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_metrics_input_history")),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_metrics_input_history_company_id_known_from"),
        "metrics_input_history",
        ["company_id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_metrics_input_history_id_known_from"),
        "metrics_input_history",
        ["id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "uq_metrics_input_history_id_open",
        "metrics_input_history",
        ["id"],
        unique=True,
        schema="portfolio",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "quarter_valuations_history",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate_used", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("equity_raised", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("post_money_valuation", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("created_date", tables.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("known_until >= known_from", name=op.f("ck_quarter_valuations_history_known_span")),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_quarter_valuations_history")),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarter_valuations_history_company_id_known_from"),
        "quarter_valuations_history",
        ["company_id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarter_valuations_history_id_known_from"),
        "quarter_valuations_history",
        ["id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "uq_quarter_valuations_history_id_open",
        "quarter_valuations_history",
        ["id"],
        unique=True,
        schema="portfolio",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "quarterly_reporting_financials_history",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate_used", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("total_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("gross_profit", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("total_operating_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("ebitda", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("net_income", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_burn", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_balance", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("debt_outstanding", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint(
            "known_until >= known_from", name=op.f("ck_quarterly_reporting_financials_history_known_span")
        ),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_quarterly_reporting_financials_history")),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarterly_reporting_financials_history_company_id_known_from"),
        "quarterly_reporting_financials_history",
        ["company_id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarterly_reporting_financials_history_id_known_from"),
        "quarterly_reporting_financials_history",
        ["id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "uq_quarterly_reporting_financials_history_id_open",
        "quarterly_reporting_financials_history",
        ["id"],
        unique=True,
        schema="portfolio",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "quarterly_reporting_metrics_history",
        sa.Column(
            "history_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("enterprise_value", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("arr", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("revenue_per_fte", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("gross_profit_per_fte", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("employee_growth_rate", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("change_in_cash", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("revenue_growth", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("monthly_cash_burn", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("runway_months", tables.ExactDecimal(10, 1), nullable=True),
        sa.Column("ev_by_equity_raised_plus_debt", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("sales_marketing_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("total_operating_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("gross_profit_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("valuation_to_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_profit", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_employees", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_ltm_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_total_revenue", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_gross_profit", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_gross_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_operating_expense", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_ebitda", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_net_income", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_ebitda_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_net_income_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("known_until >= known_from", name=op.f("ck_quarterly_reporting_metrics_history_known_span")),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_quarterly_reporting_metrics_history")),
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarterly_reporting_metrics_history_company_id_known_from"),
        "quarterly_reporting_metrics_history",
        ["company_id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        op.f("ix_quarterly_reporting_metrics_history_id_known_from"),
        "quarterly_reporting_metrics_history",
        ["id", "known_from"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "uq_quarterly_reporting_metrics_history_id_open",
        "quarterly_reporting_metrics_history",
        ["id"],
        unique=True,
        schema="portfolio",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "metrics_input",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("gross_profit", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("total_operating_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("ebitda", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("net_income", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_burn", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_balance", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("debt_outstanding", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint("cash_balance >= 0", name=op.f("ck_metrics_input_cash_balance")),
        sa.CheckConstraint("customers >= 0", name=op.f("ck_metrics_input_customers")),
        sa.CheckConstraint(
            "debt_outstanding IS NULL OR debt_outstanding >= 0", name=op.f("ck_metrics_input_debt_outstanding")
        ),
        sa.CheckConstraint("employees > 0", name=op.f("ck_metrics_input_employees")),
        sa.CheckConstraint(
            "fiscal_reporting_quarter BETWEEN 1 AND 4", name=op.f("ck_metrics_input_fiscal_reporting_quarter")
        ),
        sa.CheckConstraint("gross_profit <= total_revenue", name=op.f("ck_metrics_input_gross_profit")),
        sa.CheckConstraint(
            "recurring_revenue BETWEEN 0 AND total_revenue", name=op.f("ck_metrics_input_recurring_revenue")
        ),
        sa.CheckConstraint("reporting_quarter BETWEEN 1 AND 4", name=op.f("ck_metrics_input_reporting_quarter")),
        sa.CheckConstraint("reporting_year BETWEEN 2000 AND 2100", name=op.f("ck_metrics_input_reporting_year")),
        sa.CheckConstraint("sales_marketing_expense >= 0", name=op.f("ck_metrics_input_sales_marketing_expense")),
        sa.CheckConstraint(
            "total_operating_expense >= sales_marketing_expense", name=op.f("ck_metrics_input_total_operating_expense")
        ),
        sa.CheckConstraint("total_revenue >= 0", name=op.f("ck_metrics_input_total_revenue")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["portfolio.companies.id"], name=op.f("fk_metrics_input_company_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", "fiscal_reporting_date", name=op.f("pk_metrics_input")),
        sa.UniqueConstraint(
            "company_id", "fiscal_reporting_date", name="uq_metrics_input_company_id_fiscal_reporting_date"
        ),
        tables.matching("currency", "^[A-Z]{3}$"),
        schema="portfolio",
        postgresql_partition_by="RANGE (fiscal_reporting_date)",
    )
    op.create_index(
        "ix_metrics_input_reporting_year_reporting_quarter",
        "metrics_input",
        ["reporting_year", "reporting_quarter"],
        unique=False,
        schema="portfolio",
    )
    op.create_table(
        "quarter_valuations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate_used", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("equity_raised", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("post_money_valuation", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("created_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint("equity_raised >= 0", name=op.f("ck_quarter_valuations_equity_raised")),
        sa.CheckConstraint("exchange_rate_used > 0", name=op.f("ck_quarter_valuations_exchange_rate_used")),
        sa.CheckConstraint("post_money_valuation >= 0", name=op.f("ck_quarter_valuations_post_money_valuation")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["portfolio.companies.id"],
            name=op.f("fk_quarter_valuations_company_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_valuations")),
        sa.UniqueConstraint(
            "company_id", "fiscal_reporting_date", name=op.f("uq_quarter_valuations_company_id_fiscal_reporting_date")
        ),
        tables.matching("currency", "^[A-Z]{3}$"),
        schema="portfolio",
    )
    op.create_table(
        "quarterly_reporting_financials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate_used", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("total_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_revenue", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("gross_profit", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("total_operating_expense", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("ebitda", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("net_income", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_burn", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("cash_balance", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("debt_outstanding", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint("cash_balance >= 0", name=op.f("ck_quarterly_reporting_financials_cash_balance")),
        sa.CheckConstraint(
            "debt_outstanding IS NULL OR debt_outstanding >= 0",
            name=op.f("ck_quarterly_reporting_financials_debt_outstanding"),
        ),
        sa.CheckConstraint("exchange_rate_used > 0", name=op.f("ck_quarterly_reporting_financials_exchange_rate_used")),
        sa.CheckConstraint(
            "fiscal_reporting_quarter BETWEEN 1 AND 4",
            name=op.f("ck_quarterly_reporting_financials_fiscal_reporting_quarter"),
        ),
        sa.CheckConstraint(
            "gross_profit <= total_revenue", name=op.f("ck_quarterly_reporting_financials_gross_profit")
        ),
        sa.CheckConstraint(
            "recurring_revenue BETWEEN 0 AND total_revenue",
            name=op.f("ck_quarterly_reporting_financials_recurring_revenue"),
        ),
        sa.CheckConstraint(
            "reporting_quarter BETWEEN 1 AND 4", name=op.f("ck_quarterly_reporting_financials_reporting_quarter")
        ),
        sa.CheckConstraint(
            "reporting_year BETWEEN 2000 AND 2100", name=op.f("ck_quarterly_reporting_financials_reporting_year")
        ),
        sa.CheckConstraint(
            "sales_marketing_expense >= 0", name=op.f("ck_quarterly_reporting_financials_sales_marketing_expense")
        ),
        sa.CheckConstraint(
            "total_operating_expense >= sales_marketing_expense",
            name=op.f("ck_quarterly_reporting_financials_total_operating_expense"),
        ),
        sa.CheckConstraint("total_revenue >= 0", name=op.f("ck_quarterly_reporting_financials_total_revenue")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["portfolio.companies.id"],
            name=op.f("fk_quarterly_reporting_financials_company_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", "fiscal_reporting_date", name=op.f("pk_quarterly_reporting_financials")),
        sa.UniqueConstraint(
            "company_id", "currency", "fiscal_reporting_date", name="uq_quarterly_reporting_financials_company_date"
        ),
        tables.matching("currency", "^[A-Z]{3}$"),
        schema="portfolio",
        postgresql_partition_by="RANGE (fiscal_reporting_date)",
    )
    op.create_index(
        "ix_quarterly_reporting_financials_company_date",
        "quarterly_reporting_financials",
        ["company_id", "fiscal_reporting_date"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "ix_quarterly_reporting_financials_year_quarter",
        "quarterly_reporting_financials",
        ["reporting_year", "reporting_quarter"],
        unique=False,
        schema="portfolio",
    )
    op.create_table(
        "quarterly_reporting_metrics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("enterprise_value", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("arr", tables.ExactDecimal(20, 2), nullable=False),
        sa.Column("recurring_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("revenue_per_fte", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("gross_profit_per_fte", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("employee_growth_rate", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("change_in_cash", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("revenue_growth", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("monthly_cash_burn", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("runway_months", tables.ExactDecimal(10, 1), nullable=True),
        sa.Column("ev_by_equity_raised_plus_debt", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("sales_marketing_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("total_operating_percentage_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("gross_profit_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("valuation_to_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_profit", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_employees", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("yoy_growth_ltm_revenue", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_total_revenue", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_gross_profit", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_sales_marketing_expense", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_gross_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_operating_expense", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_ebitda", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_net_income", tables.ExactDecimal(20, 2), nullable=True),
        sa.Column("ltm_ebitda_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("ltm_net_income_margin", tables.ExactDecimal(12, 2), nullable=True),
        sa.Column("fiscal_reporting_date", sa.Date(), nullable=False),
        sa.Column("fiscal_reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("reporting_year", sa.Integer(), nullable=False),
        sa.Column("reporting_quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("last_update_date", tables.Moment(), nullable=True),
        sa.Column("last_updated_by", sa.String(length=100), nullable=True),
        *tables.within("gross_profit_margin", "-9999999999.99", "100", 2),
        *tables.within("ltm_gross_margin", "-9999999999.99", "100", 2),
        *tables.within("recurring_percentage_revenue", "0", "100", 2),
        sa.CheckConstraint("arr >= 0", name=op.f("ck_quarterly_reporting_metrics_arr")),
        sa.CheckConstraint(
            "fiscal_reporting_quarter BETWEEN 1 AND 4",
            name=op.f("ck_quarterly_reporting_metrics_fiscal_reporting_quarter"),
        ),
        sa.CheckConstraint(
            "reporting_quarter BETWEEN 1 AND 4", name=op.f("ck_quarterly_reporting_metrics_reporting_quarter")
        ),
        sa.CheckConstraint(
            "reporting_year BETWEEN 2000 AND 2100", name=op.f("ck_quarterly_reporting_metrics_reporting_year")
        ),
        sa.CheckConstraint("runway_months >= 0", name=op.f("ck_quarterly_reporting_metrics_runway_months")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["portfolio.companies.id"],
            name=op.f("fk_quarterly_reporting_metrics_company_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", "fiscal_reporting_date", name=op.f("pk_quarterly_reporting_metrics")),
        sa.UniqueConstraint(
            "company_id", "currency", "fiscal_reporting_date", name="uq_quarterly_reporting_metrics_company_date"
        ),
        tables.matching("currency", "^[A-Z]{3}$"),
        schema="portfolio",
        postgresql_partition_by="RANGE (fiscal_reporting_date)",
    )
    op.create_index(
        "ix_quarterly_reporting_metrics_company_date",
        "quarterly_reporting_metrics",
        ["company_id", "fiscal_reporting_date"],
        unique=False,
        schema="portfolio",
    )
    op.create_index(
        "ix_quarterly_reporting_metrics_year_quarter",
        "quarterly_reporting_metrics",
        ["reporting_year", "reporting_quarter"],
        unique=False,
        schema="portfolio",
    )
    install(*FIRST_OBJECTS)


def downgrade() -> None:
    remove(*reversed(FIRST_OBJECTS))
    for table in reversed(TABLES):
        op.drop_table(table, schema="portfolio")
