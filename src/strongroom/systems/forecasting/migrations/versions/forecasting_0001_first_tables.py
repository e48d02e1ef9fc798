"""First tables: users, uploads, series, models, forecasts, risk and key figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from strongroom.systems.forecasting.migrations.objects import FIRST_OBJECTS

revision = "forecasting_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "users",
    "data_uploads",
    "sign_ins",
    "trained_models",
    "forecasts",
    "kpi_reports",
    "risk_metrics",
    "timeseries_data",
)


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=50), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("hashed_password", sa.String(length=255), nullable=False),
        sa.Column("full_name", sa.String(length=100), nullable=True),
        sa.Column("role", tables.EnumText("admin", "analyst", "viewer"), server_default="viewer", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("email LIKE '%_@_%'", name=op.f("ck_users_email")),
        sa.CheckConstraint("length(trim(full_name)) > 0", name=op.f("ck_users_full_name")),
        sa.CheckConstraint("length(trim(hashed_password)) > 0", name=op.f("ck_users_hashed_password")),
        sa.CheckConstraint("length(username) BETWEEN 3 AND 50", name=op.f("ck_users_username")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        tables.matching("username", "^[A-Za-z0-9_]+$"),
        schema="forecasting",
    )
    op.create_index(
        "uq_users_email_of_forecasting", "users", [sa.literal_column("lower(email)")], unique=True, schema="forecasting"
    )
    op.create_index(
        "uq_users_username", "users", [sa.literal_column("lower(username)")], unique=True, schema="forecasting"
    )
    op.create_table(
        "data_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column(
            "data_type", tables.EnumText("financial_data", "time_series", "market_data", "custom"), nullable=False
        ),
        sa.Column("row_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "status", tables.EnumText("processing", "validated", "error"), server_default="processing", nullable=False
        ),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("metadata"),
        sa.CheckConstraint(
            "(status = 'error') = (error_message IS NOT NULL)", name=op.f("ck_data_uploads_error_message")
        ),
        sa.CheckConstraint("length(trim(filename)) > 0", name=op.f("ck_data_uploads_filename")),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_data_uploads_row_count")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["forecasting.users.id"], name=op.f("fk_data_uploads_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_uploads")),
        schema="forecasting",
    )
    op.create_index(
        op.f("ix_data_uploads_created_at"), "data_uploads", ["created_at"], unique=False, schema="forecasting"
    )
    op.create_index(op.f("ix_data_uploads_user_id"), "data_uploads", ["user_id"], unique=False, schema="forecasting")
    op.create_table(
        "sign_ins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("epoch >= 0 AND failed_attempts >= 0", name=op.f("ck_sign_ins_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["forecasting.users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_sign_ins")),
        schema="forecasting",
    )
    op.create_table(
        "trained_models",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("model_name", sa.String(length=100), nullable=False),
        sa.Column(
            "model_type",
            tables.EnumText(
                "naive",
                "seasonal_naive",
                "linear_regression",
                "ridge_regression",
                "lasso_regression",
                "ets",
                "theta",
                "ces",
                "arima",
                "sarima",
                "ensemble",
            ),
            nullable=False,
        ),
        sa.Column("forecast_type", tables.EnumText("revenue", "expense", "cash_flow"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("model_path", sa.String(length=255), nullable=False),
        sa.Column("mae", tables.ExactDecimal(20, 6), nullable=True),
        sa.Column("rmse", tables.ExactDecimal(20, 6), nullable=True),
        sa.Column("r2_score", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("mape", tables.ExactDecimal(20, 6), nullable=True),
        sa.Column("training_data_count", sa.Integer(), nullable=True),
        sa.Column("hyperparameters", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("hyperparameters"),
        *tables.within("r2_score", "-92000000000", "1", 8),
        sa.CheckConstraint("length(trim(model_name)) > 0", name=op.f("ck_trained_models_model_name")),
        sa.CheckConstraint(
            "mae >= 0 AND rmse >= 0 AND mape >= 0 AND training_data_count >= 0",
            name=op.f("ck_trained_models_not_negative"),
        ),
        sa.CheckConstraint("rmse >= mae", name=op.f("ck_trained_models_rmse")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_trained_models_version")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["forecasting.users.id"], name=op.f("fk_trained_models_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trained_models")),
        sa.UniqueConstraint(
            "user_id", "model_name", "version", name=op.f("uq_trained_models_user_id_model_name_version")
        ),
        schema="forecasting",
    )
    op.create_index(
        op.f("ix_trained_models_is_active"), "trained_models", ["is_active"], unique=False, schema="forecasting"
    )
    op.create_index(
        op.f("ix_trained_models_model_name"), "trained_models", ["model_name"], unique=False, schema="forecasting"
    )
    op.create_index(
        op.f("ix_trained_models_user_id"), "trained_models", ["user_id"], unique=False, schema="forecasting"
    )
    op.create_index(
        "uq_trained_models_user_id_model_name",
        "trained_models",
        ["user_id", "model_name"],
        unique=True,
        schema="forecasting",
        postgresql_where=sa.text("is_active"),
        sqlite_where=sa.text("is_active"),
    )
    op.create_table(
        "forecasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("forecast_date", tables.Moment(), nullable=False),
        sa.Column("predicted_value", tables.ExactDecimal(20, 4), nullable=False),
        sa.Column("lower_confidence_interval", tables.ExactDecimal(20, 4), nullable=True),
        sa.Column("upper_confidence_interval", tables.ExactDecimal(20, 4), nullable=True),
        sa.Column("actual_value", tables.ExactDecimal(20, 4), nullable=True),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("metadata"),
        sa.CheckConstraint(
            "(lower_confidence_interval IS NULL) = (upper_confidence_interval IS NULL)",
            name=op.f("ck_forecasts_interval_whole"),
        ),
        sa.CheckConstraint(
            "lower_confidence_interval <= predicted_value AND predicted_value <= upper_confidence_interval",
            name=op.f("ck_forecasts_interval_holds"),
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["forecasting.trained_models.id"], name=op.f("fk_forecasts_model_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecasts")),
        sa.UniqueConstraint("model_id", "forecast_date", name=op.f("uq_forecasts_model_id_forecast_date")),
        schema="forecasting",
    )
    op.create_index(
        op.f("ix_forecasts_forecast_date"), "forecasts", ["forecast_date"], unique=False, schema="forecasting"
    )
    op.create_index(op.f("ix_forecasts_model_id"), "forecasts", ["model_id"], unique=False, schema="forecasting")
    op.create_table(
        "kpi_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("report_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("report_period_start", tables.Moment(), nullable=False),
        sa.Column("report_period_end", tables.Moment(), nullable=False),
        sa.Column("revenue_growth_rate", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("operating_margin", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("net_margin", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("forecast_accuracy", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("budget_variance", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("risk_adjusted_return", tables.ExactDecimal(14, 4), nullable=True),
        sa.Column("report_data", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("report_data"),
        *tables.within("forecast_accuracy", "0", "100", 4),
        sa.CheckConstraint("report_period_end > report_period_start", name=op.f("ck_kpi_reports_report_period")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["forecasting.trained_models.id"], name=op.f("fk_kpi_reports_model_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_reports")),
        schema="forecasting",
    )
    op.create_index(op.f("ix_kpi_reports_model_id"), "kpi_reports", ["model_id"], unique=False, schema="forecasting")
    op.create_index(
        op.f("ix_kpi_reports_report_date"), "kpi_reports", ["report_date"], unique=False, schema="forecasting"
    )
    op.create_table(
        "risk_metrics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("volatility", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("var_95", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("var_99", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("cvar_95", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("cvar_99", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("sharpe_ratio", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("correlation_matrix", tables.JsonDocument(), nullable=True),
        sa.Column("scenario_results", tables.JsonDocument(), nullable=True),
        sa.Column("calculation_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("correlation_matrix"),
        *tables.holding_object("scenario_results"),
        sa.CheckConstraint("cvar_95 >= var_95", name=op.f("ck_risk_metrics_cvar_95")),
        sa.CheckConstraint("cvar_99 >= var_99 AND cvar_99 >= cvar_95", name=op.f("ck_risk_metrics_cvar_99")),
        sa.CheckConstraint("var_99 >= var_95", name=op.f("ck_risk_metrics_var_99")),
        sa.CheckConstraint("volatility >= 0", name=op.f("ck_risk_metrics_volatility")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["forecasting.trained_models.id"], name=op.f("fk_risk_metrics_model_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_metrics")),
        schema="forecasting",
    )
    op.create_index(
        op.f("ix_risk_metrics_calculation_date"),
        "risk_metrics",
        ["calculation_date"],
        unique=False,
        schema="forecasting",
    )
    op.create_index(
        "ix_risk_metrics_model_id_calculation_date",
        "risk_metrics",
        ["model_id", "calculation_date"],
        unique=False,
        schema="forecasting",
    )
    op.create_table(
        "timeseries_data",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_upload_id", sa.Uuid(), nullable=False),
        sa.Column("timestamp", tables.Moment(), nullable=False),
        sa.Column("value", tables.ExactDecimal(20, 4), nullable=False),
        sa.Column("category", tables.EnumText("revenue", "expense", "cash_flow"), nullable=False),
        sa.Column("metadata", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("metadata"),
        sa.ForeignKeyConstraint(
            ["data_upload_id"],
            ["forecasting.data_uploads.id"],
            name=op.f("fk_timeseries_data_data_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeseries_data")),
        sa.UniqueConstraint(
            "data_upload_id", "category", "timestamp", name=op.f("uq_timeseries_data_data_upload_id_category_timestamp")
        ),
        schema="forecasting",
    )
    op.create_index(
        "ix_timeseries_data_category_timestamp",
        "timeseries_data",
        ["category", "timestamp"],
        unique=False,
        schema="forecasting",
    )
    op.create_index(
        "ix_timeseries_data_data_upload_id_timestamp",
        "timeseries_data",
        ["data_upload_id", "timestamp"],
        unique=False,
        schema="forecasting",
    )
    op.create_index(
        op.f("ix_timeseries_data_timestamp"), "timeseries_data", ["timestamp"], unique=False, schema="forecasting"
    )
    install(*FIRST_OBJECTS)


def downgrade() -> None:
    remove(*reversed(FIRST_OBJECTS))
    for table in reversed(TABLES):
        op.drop_table(table, schema="forecasting")
