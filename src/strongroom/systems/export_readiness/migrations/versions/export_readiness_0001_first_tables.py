"""First tables: businesses, their reports and all that follows from one, the nomenclature, published constants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from strongroom.systems.export_readiness.migrations.objects import FIRST_OBJECTS

revision = "export_readiness_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "hs_codes",
    "reference_rates",
    "users",
    "reports",
    "sign_ins",
    "user_metrics",
    "action_plan_progress",
    "certification_progress",
    "chat_sessions",
    "finance_analysis",
    "generated_documents",
    "logistics_analysis",
    "chat_messages",
    "first_completions",
)


def upgrade() -> None:
    op.create_table(
        "hs_codes",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("section", sa.String(length=5), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=6), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.CheckConstraint("(level = 2) = (parent IS NULL)", name=op.f("ck_hs_codes_parent")),
        sa.CheckConstraint("level IN (2, 4, 6) AND length(code) = level", name=op.f("ck_hs_codes_level")),
        sa.ForeignKeyConstraint(
            ["parent"], ["export_readiness.hs_codes.code"], name=op.f("fk_hs_codes_parent"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hs_codes")),
        tables.matching("code", "^[0-9]{2,6}$"),
        schema="export_readiness",
    )
    op.create_index(op.f("ix_hs_codes_parent"), "hs_codes", ["parent"], unique=False, schema="export_readiness")
    if op.get_context().dialect.name == "postgresql":
        op.create_index(
            "ix_hs_codes_words",
            "hs_codes",
            [sa.literal_column("to_tsvector('english', description)")],
            unique=False,
            schema="export_readiness",
            postgresql_using="gin",
        )
    op.create_table(
        "reference_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calculator", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", tables.ExactDecimal(18, 6), nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("details", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("details"),
        sa.CheckConstraint(
            "length(trim(calculator)) > 0 AND length(trim(name)) > 0", name=op.f("ck_reference_rates_names")
        ),
        sa.CheckConstraint("length(trim(source)) > 0", name=op.f("ck_reference_rates_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_rates")),
        sa.UniqueConstraint(
            "calculator", "name", "valid_from", name=op.f("uq_reference_rates_calculator_name_valid_from")
        ),
        schema="export_readiness",
    )
    op.create_index(
        "ix_reference_rates_valid_from", "reference_rates", ["valid_from"], unique=False, schema="export_readiness"
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("business_type", tables.EnumText("Manufacturing", "SaaS", "Merchant"), nullable=False),
        sa.Column("company_size", tables.EnumText("Micro", "Small", "Medium"), nullable=False),
        sa.Column("company_name", sa.String(length=255), nullable=True),
        sa.Column("monthly_volume", tables.ExactDecimal(15, 2), nullable=True),
        sa.Column("last_login", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("email LIKE '%_@_%' AND email = lower(email)", name=op.f("ck_users_email")),
        sa.CheckConstraint("length(trim(company_name)) > 0", name=op.f("ck_users_company_name")),
        sa.CheckConstraint("length(trim(password_hash)) > 0", name=op.f("ck_users_password_hash")),
        sa.CheckConstraint("monthly_volume > 0", name=op.f("ck_users_monthly_volume")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        schema="export_readiness",
    )
    op.create_index(op.f("ix_users_business_type"), "users", ["business_type"], unique=False, schema="export_readiness")
    op.create_index(
        "uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True, schema="export_readiness"
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("product_name", sa.String(length=255), nullable=False),
        sa.Column("product_details", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("destination_country", sa.String(length=100), nullable=False),
        sa.Column("business_type", tables.EnumText("Manufacturing", "SaaS", "Merchant"), nullable=False),
        sa.Column("company_size", tables.EnumText("Micro", "Small", "Medium"), nullable=False),
        sa.Column("monthly_volume", tables.ExactDecimal(15, 2), nullable=True),
        sa.Column("price_range", sa.String(length=100), nullable=True),
        sa.Column("hs_code", sa.String(length=20), nullable=True),
        sa.Column("hs_code_confidence", tables.ExactDecimal(5, 2), nullable=True),
        sa.Column("risk_score", sa.Integer(), nullable=True),
        sa.Column("estimated_cost", tables.ExactDecimal(14, 2), nullable=True),
        sa.Column("estimated_timeline_days", sa.Integer(), nullable=True),
        sa.Column("report_data", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column(
            "status", tables.EnumText("processing", "completed", "failed"), server_default="completed", nullable=False
        ),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.holding_object("product_details"),
        *tables.holding_object("report_data"),
        *tables.within("hs_code_confidence", "0", "100", 2),
        sa.CheckConstraint("estimated_cost >= 0", name=op.f("ck_reports_estimated_cost")),
        sa.CheckConstraint("estimated_timeline_days > 0", name=op.f("ck_reports_estimated_timeline_days")),
        sa.CheckConstraint("length(trim(destination_country)) > 0", name=op.f("ck_reports_destination_country")),
        sa.CheckConstraint("length(trim(product_name)) > 0", name=op.f("ck_reports_product_name")),
        sa.CheckConstraint("monthly_volume > 0", name=op.f("ck_reports_monthly_volume")),
        sa.CheckConstraint("risk_score BETWEEN 0 AND 100", name=op.f("ck_reports_risk_score")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["export_readiness.users.id"], name=op.f("fk_reports_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        tables.matching("hs_code", "^[0-9]{4,10}$"),
        schema="export_readiness",
    )
    op.create_index(
        "ix_reports_created_at",
        "reports",
        [sa.literal_column("created_at DESC")],
        unique=False,
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_reports_destination_country"),
        "reports",
        ["destination_country"],
        unique=False,
        schema="export_readiness",
    )
    op.create_index(op.f("ix_reports_hs_code"), "reports", ["hs_code"], unique=False, schema="export_readiness")
    op.create_index("ix_reports_status", "reports", ["status"], unique=False, schema="export_readiness")
    op.create_index(
        "ix_reports_user_id_created_at",
        "reports",
        ["user_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="export_readiness",
    )
    op.create_table(
        "sign_ins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("epoch >= 0 AND failed_attempts >= 0", name=op.f("ck_sign_ins_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["export_readiness.users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_sign_ins")),
        schema="export_readiness",
    )
    op.create_table(
        "user_metrics",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reports_generated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("certifications_completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("documents_generated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("exports_completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cost_savings", tables.ExactDecimal(14, 2), server_default="0", nullable=False),
        sa.Column("timeline_reduction_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_export_date", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "reports_generated >= 0 AND certifications_completed >= 0 AND documents_generated >= 0 "
            "AND exports_completed >= 0 AND cost_savings >= 0 AND timeline_reduction_days >= 0",
            name=op.f("ck_user_metrics_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["export_readiness.users.id"], name=op.f("fk_user_metrics_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_metrics")),
        schema="export_readiness",
    )
    op.create_table(
        "action_plan_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.String(length=100), nullable=False),
        sa.Column("day_number", sa.Integer(), nullable=False),
        sa.Column("task_title", sa.String(length=255), nullable=False),
        sa.Column("task_description", sa.Text(), nullable=True),
        sa.Column(
            "task_category", tables.EnumText("certification", "documentation", "logistics", "finance"), nullable=True
        ),
        sa.Column("completed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("completed_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("completed = (completed_at IS NOT NULL)", name=op.f("ck_action_plan_progress_completed_at")),
        sa.CheckConstraint("day_number BETWEEN 1 AND 7", name=op.f("ck_action_plan_progress_day_number")),
        sa.CheckConstraint("length(trim(task_title)) > 0", name=op.f("ck_action_plan_progress_task_title")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["export_readiness.reports.id"],
            name=op.f("fk_action_plan_progress_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan_progress")),
        sa.UniqueConstraint("report_id", "task_id", name=op.f("uq_action_plan_progress_report_id_task_id")),
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_action_plan_progress_completed"),
        "action_plan_progress",
        ["completed"],
        unique=False,
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_action_plan_progress_report_id"),
        "action_plan_progress",
        ["report_id"],
        unique=False,
        schema="export_readiness",
    )
    op.create_table(
        "certification_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("certification_id", sa.String(length=100), nullable=False),
        sa.Column("certification_name", sa.String(length=255), nullable=False),
        sa.Column(
            "certification_type", tables.EnumText("FDA", "CE", "REACH", "BIS", "ZED", "SOFTEX", "other"), nullable=False
        ),
        sa.Column(
            "status",
            tables.EnumText("not_started", "in_progress", "completed", "rejected"),
            server_default="not_started",
            nullable=False,
        ),
        sa.Column("documents_completed", tables.JsonDocument(), server_default="[]", nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("started_at", tables.Moment(), nullable=True),
        sa.Column("completed_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_certification_progress_completed_at")
        ),
        sa.CheckConstraint(
            "status = 'not_started' OR started_at IS NOT NULL", name=op.f("ck_certification_progress_started_at")
        ),
        sa.CheckConstraint("completed_at >= started_at", name=op.f("ck_certification_progress_completed_after_start")),
        sa.CheckConstraint(
            "length(trim(certification_id)) > 0", name=op.f("ck_certification_progress_certification_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["export_readiness.reports.id"],
            name=op.f("fk_certification_progress_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_progress")),
        sa.UniqueConstraint(
            "report_id", "certification_id", name=op.f("uq_certification_progress_report_id_certification_id")
        ),
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_certification_progress_report_id"),
        "certification_progress",
        ["report_id"],
        unique=False,
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_certification_progress_status"),
        "certification_progress",
        ["status"],
        unique=False,
        schema="export_readiness",
    )
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("context_data", tables.JsonDocument(), server_default="{}", nullable=False),
        sa.Column("last_activity", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("expires_at", tables.Moment(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_chat_sessions_expires_at")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["export_readiness.reports.id"], name=op.f("fk_chat_sessions_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_sessions")),
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_chat_sessions_expires_at"), "chat_sessions", ["expires_at"], unique=False, schema="export_readiness"
    )
    op.create_index(
        op.f("ix_chat_sessions_report_id"), "chat_sessions", ["report_id"], unique=False, schema="export_readiness"
    )
    op.create_table(
        "finance_analysis",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("working_capital_data", tables.JsonDocument(), nullable=False),
        sa.Column("pre_shipment_credit_data", tables.JsonDocument(), nullable=True),
        sa.Column("rodtep_benefit_data", tables.JsonDocument(), nullable=True),
        sa.Column("gst_refund_data", tables.JsonDocument(), nullable=True),
        sa.Column("cash_flow_timeline", tables.JsonDocument(), nullable=True),
        sa.Column("financing_options", tables.JsonDocument(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["export_readiness.reports.id"],
            name=op.f("fk_finance_analysis_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_finance_analysis")),
        schema="export_readiness",
    )
    op.create_table(
        "generated_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "document_type",
            tables.EnumText(
                "commercial_invoice", "packing_list", "shipping_bill", "gst_lut", "softex", "certificate_of_origin"
            ),
            nullable=False,
        ),
        sa.Column("document_data", tables.JsonDocument(), nullable=False),
        sa.Column("pdf_url", sa.String(length=500), nullable=True),
        sa.Column("editable_url", sa.String(length=500), nullable=True),
        sa.Column("validation_results", tables.JsonDocument(), nullable=True),
        sa.Column("is_valid", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "NOT is_valid OR validation_results IS NOT NULL", name=op.f("ck_generated_documents_is_valid")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["export_readiness.reports.id"],
            name=op.f("fk_generated_documents_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generated_documents")),
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_generated_documents_document_type"),
        "generated_documents",
        ["document_type"],
        unique=False,
        schema="export_readiness",
    )
    op.create_index(
        op.f("ix_generated_documents_report_id"),
        "generated_documents",
        ["report_id"],
        unique=False,
        schema="export_readiness",
    )
    op.create_table(
        "logistics_analysis",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("lcl_fcl_comparison", tables.JsonDocument(), nullable=True),
        sa.Column("rms_probability_data", tables.JsonDocument(), nullable=True),
        sa.Column("route_analysis", tables.JsonDocument(), nullable=True),
        sa.Column("freight_estimate", tables.JsonDocument(), nullable=True),
        sa.Column("insurance_recommendation", tables.JsonDocument(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["export_readiness.reports.id"],
            name=op.f("fk_logistics_analysis_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_logistics_analysis")),
        schema="export_readiness",
    )
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("role", tables.EnumText("user", "assistant"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sources", tables.JsonDocument(), nullable=True),
        sa.CheckConstraint("role = 'assistant' OR sources IS NULL", name=op.f("ck_chat_messages_sources")),
        sa.CheckConstraint("length(trim(content)) > 0", name=op.f("ck_chat_messages_content")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["export_readiness.chat_sessions.id"],
            name=op.f("fk_chat_messages_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
        schema="export_readiness",
    )
    op.create_index(
        "ix_chat_messages_session_id_id", "chat_messages", ["session_id", "id"], unique=False, schema="export_readiness"
    )
    op.create_table(
        "first_completions",
        sa.Column("certification_progress_id", sa.Uuid(), nullable=False),
        sa.Column("completed_at", tables.Moment(), nullable=False),
        sa.Column("timeline_reduction_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cost_savings", tables.ExactDecimal(14, 2), server_default="0", nullable=False),
        sa.CheckConstraint(
            "timeline_reduction_days >= 0 AND cost_savings >= 0", name=op.f("ck_first_completions_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["certification_progress_id"],
            ["export_readiness.certification_progress.id"],
            name=op.f("fk_first_completions_certification_progress_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certification_progress_id", name=op.f("pk_first_completions")),
        schema="export_readiness",
    )
    install(*FIRST_OBJECTS)


def downgrade() -> None:
    remove(*reversed(FIRST_OBJECTS))
    for table in reversed(TABLES):
        op.drop_table(table, schema="export_readiness")
