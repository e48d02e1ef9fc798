"""The triggers, functions and partitions of portfolio. What a revision has installed is never edited: add a new one."""

from __future__ import annotations

from strongroom.kernel.tables import (
    DatabaseObject,
    known_now,
    remember_changes,
    renew_versions,
    trigger_functions,
    version_functions,
    yearly_partitions,
)

_SQLITE_NOW = "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')"
_SIGNED = ("created_date", "created_by", "last_update_date", "last_updated_by")
_PERIODS = ("fiscal_reporting_date", "fiscal_reporting_quarter", "reporting_year", "reporting_quarter")
_AMOUNTS = (
    "total_revenue",
    "recurring_revenue",
    "gross_profit",
    "sales_marketing_expense",
    "total_operating_expense",
    "ebitda",
    "net_income",
    "cash_burn",
    "cash_balance",
    "debt_outstanding",
)
#: the tables whose versions are kept, as portfolio_0001 made them
COLUMNS_V1 = {
    "companies": (
        "id",
        "name",
        "reporting_status",
        "reporting_currency",
        "fund",
        "location_country",
        "customer_type",
        "revenue_type",
        "equity_raised",
        "post_money_valuation",
        "year_end_date",
        *_SIGNED,
    ),
    "metrics_input": ("id", "company_id", "currency", *_AMOUNTS, "employees", "customers", *_PERIODS, *_SIGNED),
    "quarter_valuations": (
        "id",
        "company_id",
        "fiscal_reporting_date",
        "currency",
        "exchange_rate_used",
        "equity_raised",
        "post_money_valuation",
        *_SIGNED,
    ),
    "quarterly_reporting_financials": (
        "id",
        "company_id",
        "currency",
        "exchange_rate_used",
        *_AMOUNTS,
        *_PERIODS,
        *_SIGNED,
    ),
    "quarterly_reporting_metrics": (
        "id",
        "company_id",
        "currency",
        "enterprise_value",
        "arr",
        "recurring_percentage_revenue",
        "revenue_per_fte",
        "gross_profit_per_fte",
        "employee_growth_rate",
        "change_in_cash",
        "revenue_growth",
        "monthly_cash_burn",
        "runway_months",
        "ev_by_equity_raised_plus_debt",
        "sales_marketing_percentage_revenue",
        "total_operating_percentage_revenue",
        "gross_profit_margin",
        "valuation_to_revenue",
        "yoy_growth_revenue",
        "yoy_growth_profit",
        "yoy_growth_employees",
        "yoy_growth_ltm_revenue",
        "ltm_total_revenue",
        "ltm_gross_profit",
        "ltm_sales_marketing_expense",
        "ltm_gross_margin",
        "ltm_operating_expense",
        "ltm_ebitda",
        "ltm_net_income",
        "ltm_ebitda_margin",
        "ltm_net_income_margin",
        *_PERIODS,
        *_SIGNED,
    ),
}


def touch_last_update_date(table: str) -> DatabaseObject:
    """Keep last_update_date true on every change, whoever makes it; a row that stays as it is keeps its date."""
    name = f"touch_{table}"
    return DatabaseObject(
        name,
        create={
            "postgresql": [
                f"CREATE TRIGGER {name} BEFORE UPDATE ON portfolio.{table} FOR EACH ROW "
                "WHEN (NEW.* IS DISTINCT FROM OLD.*) EXECUTE FUNCTION portfolio.touch_last_update_date()"
            ],
            "sqlite": [
                f"CREATE TRIGGER portfolio.{name} AFTER UPDATE ON {table} FOR EACH ROW "
                f"WHEN NEW.last_update_date IS OLD.last_update_date AND NEW.last_update_date IS NOT {_SQLITE_NOW} "
                f"BEGIN UPDATE {table} SET last_update_date = {_SQLITE_NOW} WHERE rowid = NEW.rowid; END"
            ],
        },
        drop={
            "postgresql": [f"DROP TRIGGER IF EXISTS {name} ON portfolio.{table}"],
            "sqlite": [f"DROP TRIGGER IF EXISTS portfolio.{name}"],
        },
    )


TOUCH_FUNCTION_V1 = DatabaseObject(
    "touch_last_update_date",
    create={
        "postgresql": [
            """CREATE FUNCTION portfolio.touch_last_update_date() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.last_update_date := now();
  RETURN NEW;
END $$"""
        ]
    },
    drop={"postgresql": ["DROP FUNCTION IF EXISTS portfolio.touch_last_update_date()"]},
)
PARTITIONS_V1 = tuple(
    yearly_partitions("portfolio", table, 2015, 2030)
    for table in ("metrics_input", "quarterly_reporting_financials", "quarterly_reporting_metrics")
)
REMEMBERED_V1 = tuple(remember_changes("portfolio", table, columns) for table, columns in COLUMNS_V1.items())
TOUCHED_V1 = tuple(touch_last_update_date(table) for table in COLUMNS_V1)

#: what portfolio_0001 leaves behind
FIRST_OBJECTS = (
    *PARTITIONS_V1,
    trigger_functions("portfolio"),
    known_now("portfolio"),
    TOUCH_FUNCTION_V1,
    *TOUCHED_V1,
    *REMEMBERED_V1,
)
CACHED_V2 = (
    version_functions("portfolio"),
    *(renew_versions("portfolio", table, "id" if table == "companies" else "company_id") for table in COLUMNS_V1),
)
#: what the newest revision leaves behind
OBJECTS = (*FIRST_OBJECTS, *CACHED_V2)
