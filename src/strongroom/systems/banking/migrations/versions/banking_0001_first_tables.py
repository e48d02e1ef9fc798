"""First tables: customers, accounts, cards, holdings, orders, the ledger beneath them, and what guards it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from strongroom.kernel.values import new_id
from strongroom.systems.banking.migrations.objects import FIRST_OBJECTS

revision = "banking_0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_log",
    "currencies",
    "journal_entries",
    "kyc_limits",
    "users",
    "accounts",
    "exchange_rates",
    "idempotency_keys",
    "account_delegates",
    "cards",
    "investments",
    "ledger_accounts",
    "p2p_transactions",
    "standing_orders",
    "transfers",
    "holds",
    "journal_lines",
    "transactions",
    "statement_lines",
)

#: ISO 4217: code, exponent, name
CURRENCIES = (
    ("AUD", 2, "Australian dollar"),
    ("BHD", 3, "Bahraini dinar"),
    ("BRL", 2, "Brazilian real"),
    ("CAD", 2, "Canadian dollar"),
    ("CHF", 2, "Swiss franc"),
    ("CLP", 0, "Chilean peso"),
    ("CNY", 2, "Yuan renminbi"),
    ("CZK", 2, "Czech koruna"),
    ("DKK", 2, "Danish krone"),
    ("EUR", 2, "Euro"),
    ("GBP", 2, "Pound sterling"),
    ("HKD", 2, "Hong Kong dollar"),
    ("IDR", 2, "Rupiah"),
    ("INR", 2, "Indian rupee"),
    ("IQD", 3, "Iraqi dinar"),
    ("ISK", 0, "Iceland krona"),
    ("JOD", 3, "Jordanian dinar"),
    ("JPY", 0, "Yen"),
    ("KES", 2, "Kenyan shilling"),
    ("KRW", 0, "Won"),
    ("KWD", 3, "Kuwaiti dinar"),
    ("LYD", 3, "Libyan dinar"),
    ("MXN", 2, "Mexican peso"),
    ("NOK", 2, "Norwegian krone"),
    ("NZD", 2, "New Zealand dollar"),
    ("OMR", 3, "Rial Omani"),
    ("PLN", 2, "Zloty"),
    ("RWF", 0, "Rwanda franc"),
    ("SEK", 2, "Swedish krona"),
    ("SGD", 2, "Singapore dollar"),
    ("TND", 3, "Tunisian dinar"),
    ("TZS", 2, "Tanzanian shilling"),
    ("UGX", 0, "Uganda shilling"),
    ("USD", 2, "US dollar"),
    ("VND", 0, "Dong"),
    ("XAF", 0, "CFA franc BEAC"),
    ("XOF", 0, "CFA franc BCEAO"),
    ("ZAR", 2, "Rand"),
)
#: the bank's own accounts, one of each in every currency: code, class, normal side
CHART = (
    ("cash", "asset", "D"),
    ("settlement", "asset", "D"),
    ("fx_position", "asset", "D"),
    ("securities", "asset", "D"),
    ("fee_income", "revenue", "C"),
    ("interest_income", "revenue", "C"),
    ("interest_expense", "expense", "D"),
    ("suspense", "liability", "C"),
    ("equity", "equity", "C"),
)
#: level, per day, per month; None: no limit
KYC_LIMITS = (
    ("basic", "100", "1000"),
    ("standard", "1000", "10000"),
    ("enhanced", "5000", "50000"),
    ("premium", None, None),
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("event_type", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("before", tables.JsonDocument(), nullable=True),
        sa.Column("after", tables.JsonDocument(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        schema="banking",
    )
    op.create_index(op.f("ix_audit_log_actor_id"), "audit_log", ["actor_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_audit_log_entity_id"), "audit_log", ["entity_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_audit_log_event_type"), "audit_log", ["event_type"], unique=False, schema="banking")
    op.create_table(
        "currencies",
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("exponent", sa.Integer(), nullable=False),
        sa.CheckConstraint("exponent BETWEEN 0 AND 4", name=op.f("ck_currencies_exponent")),
        sa.CheckConstraint("length(code) = 3 AND code = upper(code)", name=op.f("ck_currencies_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_currencies")),
        schema="banking",
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("posted_at", tables.Moment(), nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reverses"], ["banking.journal_entries.id"], name=op.f("fk_journal_entries_reverses"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("reference", name=op.f("uq_journal_entries_reference")),
        sa.UniqueConstraint("reverses", name=op.f("uq_journal_entries_reverses")),
        schema="banking",
    )
    op.create_index(
        op.f("ix_journal_entries_posted_at"), "journal_entries", ["posted_at"], unique=False, schema="banking"
    )
    op.create_table(
        "kyc_limits",
        sa.Column("level", tables.EnumText("basic", "standard", "enhanced", "premium"), nullable=False),
        sa.Column("daily", tables.MoneyAmount(), nullable=True),
        sa.Column("monthly", tables.MoneyAmount(), nullable=True),
        sa.CheckConstraint("daily IS NULL OR daily > 0 AND monthly >= daily", name=op.f("ck_kyc_limits_order")),
        sa.PrimaryKeyConstraint("level", name=op.f("pk_kyc_limits")),
        schema="banking",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=50), nullable=False),
        sa.Column("last_name", sa.String(length=50), nullable=False),
        sa.Column("phone_number", sa.String(length=16), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("is_verified", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("email_verification_hash", sa.Text(), nullable=True),
        sa.Column("email_verification_expires", tables.Moment(), nullable=True),
        sa.Column("email_verification_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("email_verified", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("password_reset_hash", sa.Text(), nullable=True),
        sa.Column("password_reset_expires", tables.Moment(), nullable=True),
        sa.Column("last_login_at", tables.Moment(), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("profile_picture_url", sa.Text(), nullable=True),
        sa.Column(
            "status",
            tables.EnumText("pending", "active", "suspended", "deactivated"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("role", tables.EnumText("user", "premium", "admin"), server_default="user", nullable=False),
        sa.Column(
            "kyc_status",
            tables.EnumText(
                "not_started", "in_progress", "pending_review", "approved", "rejected", "expired", "suspended"
            ),
            server_default="not_started",
            nullable=False,
        ),
        sa.Column(
            "kyc_level",
            tables.EnumText("basic", "standard", "enhanced", "premium"),
            server_default="basic",
            nullable=False,
        ),
        sa.Column("failed_login_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", tables.Moment(), nullable=True),
        sa.Column("session_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("email LIKE '%@%'", name=op.f("ck_users_email")),
        sa.CheckConstraint("status NOT IN ('suspended', 'deactivated') OR NOT is_active", name=op.f("ck_users_active")),
        sa.CheckConstraint(
            "(email_verification_hash IS NULL) = (email_verification_expires IS NULL)",
            name=op.f("ck_users_verification_expires"),
        ),
        sa.CheckConstraint(
            "(password_reset_hash IS NULL) = (password_reset_expires IS NULL)", name=op.f("ck_users_reset_expires")
        ),
        sa.CheckConstraint(
            "failed_login_attempts >= 0 AND email_verification_attempts >= 0", name=op.f("ck_users_attempts")
        ),
        sa.CheckConstraint("length(trim(first_name)) > 0 AND length(trim(last_name)) > 0", name=op.f("ck_users_names")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_verification_hash", name=op.f("uq_users_email_verification_hash")),
        sa.UniqueConstraint("password_reset_hash", name=op.f("uq_users_password_reset_hash")),
        tables.matching("country", "^[A-Z]{2}$"),
        tables.matching("phone_number", "^\\+?[0-9]{7,15}$"),
        schema="banking",
    )
    op.create_index(op.f("ix_users_is_active"), "users", ["is_active"], unique=False, schema="banking")
    op.create_index(op.f("ix_users_phone_number"), "users", ["phone_number"], unique=False, schema="banking")
    op.create_index(op.f("ix_users_role"), "users", ["role"], unique=False, schema="banking")
    op.create_index(op.f("ix_users_status"), "users", ["status"], unique=False, schema="banking")
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True, schema="banking")
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_number", sa.String(length=20), nullable=False),
        sa.Column("account_name", sa.String(length=100), nullable=False),
        sa.Column(
            "account_type", tables.EnumText("checking", "savings", "investment", "credit", "business"), nullable=False
        ),
        sa.Column(
            "status",
            tables.EnumText("active", "inactive", "suspended", "closed", "pending"),
            server_default="active",
            nullable=False,
        ),
        sa.Column("current_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("available_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("pending_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("reserved_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("overdraft_limit", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("opening_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_overdraft_enabled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("floor_waived", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("minimum_balance", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("interest_rate", tables.ExactDecimal(7, 6), server_default="0", nullable=False),
        sa.Column("monthly_fee", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("opening_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("last_statement_date", tables.Moment(), nullable=True),
        sa.Column("closed_at", tables.Moment(), nullable=True),
        sa.Column("routing_number", sa.String(length=9), nullable=True),
        sa.Column("swift_code", sa.String(length=11), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        *tables.within("interest_rate", "0", "1", 6),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (status = 'closed')", name=op.f("ck_accounts_closed_at")),
        sa.CheckConstraint(
            "available_balance = current_balance - reserved_balance", name=op.f("ck_accounts_available")
        ),
        sa.CheckConstraint(
            "floor_waived OR available_balance >= CASE WHEN is_overdraft_enabled THEN -overdraft_limit ELSE 0 END",
            name=op.f("ck_accounts_available_funds"),
        ),
        sa.CheckConstraint(
            "floor_waived OR current_balance >= CASE WHEN is_overdraft_enabled THEN -overdraft_limit ELSE 0 END",
            name=op.f("ck_accounts_funds"),
        ),
        sa.CheckConstraint("length(account_number) BETWEEN 10 AND 20", name=op.f("ck_accounts_account_number")),
        sa.CheckConstraint("length(trim(account_name)) > 0", name=op.f("ck_accounts_account_name")),
        sa.CheckConstraint(
            "overdraft_limit >= 0 AND minimum_balance >= 0 AND monthly_fee >= 0", name=op.f("ck_accounts_limits")
        ),
        sa.CheckConstraint("pending_balance >= 0 AND reserved_balance >= 0", name=op.f("ck_accounts_pending_reserved")),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_accounts_currency"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["banking.users.id"], name=op.f("fk_accounts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("account_number", name=op.f("uq_accounts_account_number")),
        sa.UniqueConstraint("id", "user_id", "currency", name=op.f("uq_accounts_id_user_id_currency")),
        sa.UniqueConstraint("id", "user_id", name=op.f("uq_accounts_id_user_id")),
        tables.matching("account_number", "^[A-Z0-9]{10,20}$"),
        tables.matching("routing_number", "^[0-9]{9}$"),
        tables.matching("swift_code", "^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"),
        schema="banking",
    )
    op.create_index(op.f("ix_accounts_account_type"), "accounts", ["account_type"], unique=False, schema="banking")
    op.create_index(op.f("ix_accounts_currency"), "accounts", ["currency"], unique=False, schema="banking")
    op.create_index(op.f("ix_accounts_status"), "accounts", ["status"], unique=False, schema="banking")
    op.create_index(
        "ix_accounts_status_account_type", "accounts", ["status", "account_type"], unique=False, schema="banking"
    )
    op.create_index(op.f("ix_accounts_user_id"), "accounts", ["user_id"], unique=False, schema="banking")
    op.create_index(
        "ix_accounts_user_id_account_type", "accounts", ["user_id", "account_type"], unique=False, schema="banking"
    )
    op.create_index(
        "uq_accounts_primary",
        "accounts",
        ["user_id"],
        unique=True,
        schema="banking",
        postgresql_where=sa.text("is_primary"),
        sqlite_where=sa.text("is_primary"),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("rate", tables.ExactDecimal(20, 10), nullable=False),
        sa.Column("valid_from", tables.Moment(), nullable=False),
        sa.Column("valid_until", tables.Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("base <> quote", name=op.f("ck_exchange_rates_pair")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_rate")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_exchange_rates_validity")),
        sa.ForeignKeyConstraint(
            ["base"], ["banking.currencies.code"], name=op.f("fk_exchange_rates_base"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["quote"], ["banking.currencies.code"], name=op.f("fk_exchange_rates_quote"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("base", "quote", "valid_from", name=op.f("uq_exchange_rates_base_quote_valid_from")),
        schema="banking",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("state", tables.EnumText("completed", "refused"), nullable=False),
        sa.Column("response", tables.JsonDocument(), nullable=True),
        sa.Column("expires_at", tables.Moment(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["banking.users.id"], name=op.f("fk_idempotency_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
        schema="banking",
    )
    op.create_index(
        op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"], unique=False, schema="banking"
    )
    op.create_table(
        "account_delegates",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["banking.accounts.id"], name=op.f("fk_account_delegates_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["banking.users.id"], name=op.f("fk_account_delegates_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "user_id", name=op.f("pk_account_delegates")),
        schema="banking",
    )
    op.create_index(
        op.f("ix_account_delegates_user_id"), "account_delegates", ["user_id"], unique=False, schema="banking"
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("card_number_masked", sa.String(length=16), nullable=False),
        sa.Column("pan_token", sa.Text(), nullable=True),
        sa.Column("pan_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("card_type", tables.EnumText("debit", "credit", "prepaid"), nullable=False),
        sa.Column(
            "status",
            tables.EnumText("active", "inactive", "blocked", "expired", "cancelled"),
            server_default="active",
            nullable=False,
        ),
        sa.Column("cardholder_name", sa.String(length=50), nullable=False),
        sa.Column("expiry_month", sa.Integer(), nullable=False),
        sa.Column("expiry_year", sa.Integer(), nullable=False),
        sa.Column("daily_limit", tables.MoneyAmount(), nullable=False),
        sa.Column("monthly_limit", tables.MoneyAmount(), nullable=False),
        sa.Column("is_contactless_enabled", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("is_online_enabled", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("is_international_enabled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("pin_set", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("failed_pin_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_used_date", tables.Moment(), nullable=True),
        sa.Column("issued_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("activation_date", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "activation_date IS NULL OR activation_date >= issued_date", name=op.f("ck_cards_activation_date")
        ),
        sa.CheckConstraint("daily_limit > 0 AND monthly_limit >= daily_limit", name=op.f("ck_cards_limits")),
        sa.CheckConstraint("expiry_month BETWEEN 1 AND 12", name=op.f("ck_cards_expiry_month")),
        sa.CheckConstraint(
            "expiry_year BETWEEN 2020 AND 2050 "
            "OR expiry_year BETWEEN 1990 AND 2019 AND status IN ('expired', 'cancelled')",
            name=op.f("ck_cards_expiry_year"),
        ),
        sa.CheckConstraint("failed_pin_attempts BETWEEN 0 AND 10", name=op.f("ck_cards_failed_pin_attempts")),
        sa.CheckConstraint("length(last4) = 4", name=op.f("ck_cards_last4")),
        sa.CheckConstraint("pin_set = (pin_hash IS NOT NULL)", name=op.f("ck_cards_pin_set")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            name=op.f("fk_cards_account_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["banking.users.id"], name=op.f("fk_cards_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("pan_fingerprint", name=op.f("uq_cards_pan_fingerprint")),
        sa.UniqueConstraint("pan_token", name=op.f("uq_cards_pan_token")),
        tables.matching("card_number_masked", "^\\*{4,12}[0-9]{4}$"),
        tables.matching("last4", "^[0-9]{4}$"),
        schema="banking",
    )
    op.create_index(
        "ix_cards_account_id_card_type", "cards", ["account_id", "card_type"], unique=False, schema="banking"
    )
    op.create_index(
        "ix_cards_expiry_year_expiry_month", "cards", ["expiry_year", "expiry_month"], unique=False, schema="banking"
    )
    op.create_index("ix_cards_user_id_status", "cards", ["user_id", "status"], unique=False, schema="banking")
    op.create_table(
        "investments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("symbol", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "investment_type",
            tables.EnumText("stock", "bond", "etf", "mutual_fund", "crypto", "commodity", "reit", "index_fund"),
            nullable=False,
        ),
        sa.Column("quantity", tables.ExactDecimal(28, 10), nullable=False),
        sa.Column("purchase_price", tables.ExactDecimal(20, 8), nullable=False),
        sa.Column("current_price", tables.ExactDecimal(20, 8), nullable=True),
        sa.Column("price_as_of", tables.Moment(), nullable=True),
        sa.Column("purchase_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column("status", tables.EnumText("open", "closed"), server_default="open", nullable=False),
        sa.Column("closed_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("(closed_at IS NOT NULL) = (status = 'closed')", name=op.f("ck_investments_closed_at")),
        sa.CheckConstraint("(current_price IS NULL) = (price_as_of IS NULL)", name=op.f("ck_investments_price_as_of")),
        sa.CheckConstraint("current_price IS NULL OR current_price >= 0", name=op.f("ck_investments_current_price")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_investments_name")),
        sa.CheckConstraint("purchase_price >= 0", name=op.f("ck_investments_purchase_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_investments_quantity")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id", "currency"],
            ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
            name=op.f("fk_investments_account_id_user_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_investments_currency"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investments")),
        tables.matching("symbol", "^[A-Z0-9.\\-]{1,12}$"),
        schema="banking",
    )
    op.create_index(op.f("ix_investments_account_id"), "investments", ["account_id"], unique=False, schema="banking")
    op.create_index(
        "ix_investments_account_id_status", "investments", ["account_id", "status"], unique=False, schema="banking"
    )
    op.create_index(
        op.f("ix_investments_investment_type"), "investments", ["investment_type"], unique=False, schema="banking"
    )
    op.create_index(
        op.f("ix_investments_purchase_date"), "investments", ["purchase_date"], unique=False, schema="banking"
    )
    op.create_index(op.f("ix_investments_symbol"), "investments", ["symbol"], unique=False, schema="banking")
    op.create_index(op.f("ix_investments_user_id"), "investments", ["user_id"], unique=False, schema="banking")
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("class", tables.EnumText("asset", "liability", "equity", "revenue", "expense"), nullable=False),
        sa.Column("normal_side", tables.EnumText("D", "C"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "(normal_side = 'D') = (class IN ('asset', 'expense'))", name=op.f("ck_ledger_accounts_normal_side")
        ),
        sa.CheckConstraint("account_id IS NULL OR account_id = id", name=op.f("ck_ledger_accounts_customer")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["banking.accounts.id"], name=op.f("fk_ledger_accounts_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_ledger_accounts_currency"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("account_id", name=op.f("uq_ledger_accounts_account_id")),
        sa.UniqueConstraint("code", "currency", name=op.f("uq_ledger_accounts_code_currency")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_ledger_accounts_id_currency")),
        schema="banking",
    )
    op.create_table(
        "p2p_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", tables.EnumText("send", "request"), server_default="send", nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("sender_account_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_account_id", sa.Uuid(), nullable=True),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column("fee_amount", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column(
            "status",
            tables.EnumText("pending", "completed", "failed", "cancelled", "declined", "expired", "reversed"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("requires_verification", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("requested_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("completed_date", tables.Moment(), nullable=True),
        sa.Column("expires_at", tables.Moment(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("reference_number", sa.String(length=50), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "(completed_date IS NOT NULL) = (status IN ('completed', 'reversed'))",
            name=op.f("ck_p2p_transactions_completed"),
        ),
        sa.CheckConstraint(
            "(failure_reason IS NOT NULL) = (status = 'failed')", name=op.f("ck_p2p_transactions_failure_reason")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_p2p_transactions_amount")),
        sa.CheckConstraint(
            "completed_date IS NULL OR completed_date >= requested_date",
            name=op.f("ck_p2p_transactions_completed_date"),
        ),
        sa.CheckConstraint("fee_amount >= 0", name=op.f("ck_p2p_transactions_fee_amount")),
        sa.CheckConstraint("sender_id <> recipient_id", name=op.f("ck_p2p_transactions_self")),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_p2p_transactions_currency"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"],
            ["banking.journal_entries.id"],
            name=op.f("fk_p2p_transactions_journal_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_account_id", "recipient_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            name="fk_p2p_transactions_recipient_account",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["banking.users.id"], name=op.f("fk_p2p_transactions_recipient_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sender_account_id", "sender_id"],
            ["banking.accounts.id", "banking.accounts.user_id"],
            name="fk_p2p_transactions_sender_account",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["banking.users.id"], name=op.f("fk_p2p_transactions_sender_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_p2p_transactions")),
        sa.UniqueConstraint("reference_number", name=op.f("uq_p2p_transactions_reference_number")),
        tables.matching("reference_number", "^[A-Z0-9-]{8,50}$"),
        schema="banking",
    )
    op.create_index(
        op.f("ix_p2p_transactions_recipient_id"), "p2p_transactions", ["recipient_id"], unique=False, schema="banking"
    )
    op.create_index(
        op.f("ix_p2p_transactions_requested_date"),
        "p2p_transactions",
        ["requested_date"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        op.f("ix_p2p_transactions_sender_id"), "p2p_transactions", ["sender_id"], unique=False, schema="banking"
    )
    op.create_index(op.f("ix_p2p_transactions_status"), "p2p_transactions", ["status"], unique=False, schema="banking")
    op.create_index(
        op.f("ix_p2p_transactions_journal_id"), "p2p_transactions", ["journal_id"], unique=False, schema="banking"
    )
    op.create_index(
        op.f("ix_p2p_transactions_sender_account_id"),
        "p2p_transactions",
        ["sender_account_id"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        op.f("ix_p2p_transactions_recipient_account_id"),
        "p2p_transactions",
        ["recipient_account_id"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        "ix_p2p_transactions_status_expires_at",
        "p2p_transactions",
        ["status", "expires_at"],
        unique=False,
        schema="banking",
    )
    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("bank_to", sa.String(length=20), nullable=False),
        sa.Column("account_to", sa.String(length=34), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=50), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_standing_orders_amount")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id", "currency"],
            ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
            name=op.f("fk_standing_orders_account_id_user_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_standing_orders_currency"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_orders")),
        sa.UniqueConstraint("reference", name=op.f("uq_standing_orders_reference")),
        schema="banking",
    )
    op.create_index("ix_standing_orders_account_id", "standing_orders", ["account_id"], unique=False, schema="banking")
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column("reference_number", sa.String(length=50), nullable=False),
        sa.Column(
            "status",
            tables.EnumText("pending", "processing", "completed", "failed", "cancelled", "reversed"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("fee_amount", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("exchange_rate", tables.ExactDecimal(20, 10), nullable=True),
        sa.Column("destination_amount", tables.MoneyAmount(), nullable=True),
        sa.Column("destination_currency", sa.String(length=3), nullable=True),
        sa.Column("requested_date", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("processed_date", tables.Moment(), nullable=True),
        sa.Column("completed_date", tables.Moment(), nullable=True),
        sa.Column("failure_reason", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "(completed_date IS NOT NULL) = (status IN ('completed', 'reversed'))", name=op.f("ck_transfers_completed")
        ),
        sa.CheckConstraint(
            "(failure_reason IS NOT NULL) = (status = 'failed')", name=op.f("ck_transfers_failure_reason")
        ),
        sa.CheckConstraint(
            "(exchange_rate IS NULL) = (destination_amount IS NULL) AND (exchange_rate IS NULL) = "
            "(destination_currency IS NULL)",
            name=op.f("ck_transfers_exchange"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfers_amount")),
        sa.CheckConstraint(
            "completed_date IS NULL OR completed_date >= processed_date", name=op.f("ck_transfers_completed_date")
        ),
        sa.CheckConstraint(
            "exchange_rate IS NULL OR exchange_rate > 0 AND destination_amount > 0",
            name=op.f("ck_transfers_exchange_rate"),
        ),
        sa.CheckConstraint("fee_amount >= 0", name=op.f("ck_transfers_fee_amount")),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_transfers_self")),
        sa.CheckConstraint(
            "processed_date IS NULL OR processed_date >= requested_date", name=op.f("ck_transfers_processed_date")
        ),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_transfers_currency"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["destination_currency"],
            ["banking.currencies.code"],
            name=op.f("fk_transfers_destination_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id", "user_id", "currency"],
            ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
            name=op.f("fk_transfers_from_account_id_user_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["banking.journal_entries.id"], name=op.f("fk_transfers_journal_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["banking.accounts.id"], name=op.f("fk_transfers_to_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["banking.users.id"], name=op.f("fk_transfers_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("reference_number", name=op.f("uq_transfers_reference_number")),
        tables.matching("reference_number", "^[A-Z0-9-]{8,50}$"),
        schema="banking",
    )
    op.create_index(
        op.f("ix_transfers_from_account_id"), "transfers", ["from_account_id"], unique=False, schema="banking"
    )
    op.create_index(
        op.f("ix_transfers_requested_date"), "transfers", ["requested_date"], unique=False, schema="banking"
    )
    op.create_index(op.f("ix_transfers_status"), "transfers", ["status"], unique=False, schema="banking")
    op.create_index(op.f("ix_transfers_journal_id"), "transfers", ["journal_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_transfers_to_account_id"), "transfers", ["to_account_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_transfers_user_id"), "transfers", ["user_id"], unique=False, schema="banking")
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            tables.EnumText("active", "captured", "released", "expired"),
            server_default="active",
            nullable=False,
        ),
        sa.Column("captured_amount", tables.MoneyAmount(), nullable=True),
        sa.Column("expires_at", tables.Moment(), nullable=False),
        sa.Column("resolved_at", tables.Moment(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("(captured_amount IS NOT NULL) = (status = 'captured')", name=op.f("ck_holds_captured")),
        sa.CheckConstraint("(resolved_at IS NULL) = (status = 'active')", name=op.f("ck_holds_resolved_at")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_holds_amount")),
        sa.CheckConstraint(
            "captured_amount IS NULL OR captured_amount BETWEEN 0 AND amount", name=op.f("ck_holds_captured_amount")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id", "currency"],
            ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
            name=op.f("fk_holds_account_id_user_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["card_id"], ["banking.cards.id"], name=op.f("fk_holds_card_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_holds_currency"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        schema="banking",
    )
    op.create_index("ix_holds_account_id_status", "holds", ["account_id", "status"], unique=False, schema="banking")
    op.create_index(op.f("ix_holds_card_id"), "holds", ["card_id"], unique=False, schema="banking")
    op.create_index("ix_holds_status_expires_at", "holds", ["status", "expires_at"], unique=False, schema="banking")
    op.create_table(
        "journal_lines",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("ledger_account_id", sa.Uuid(), nullable=False),
        sa.Column("side", tables.EnumText("D", "C"), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_journal_lines_amount")),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_journal_lines_currency"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["banking.journal_entries.id"], name=op.f("fk_journal_lines_entry_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["ledger_account_id", "currency"],
            ["banking.ledger_accounts.id", "banking.ledger_accounts.currency"],
            name=op.f("fk_journal_lines_ledger_account_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("entry_id", "line", name=op.f("pk_journal_lines")),
        schema="banking",
    )
    op.create_index(
        "ix_journal_lines_ledger_account_id",
        "journal_lines",
        ["ledger_account_id", "entry_id"],
        unique=False,
        schema="banking",
    )
    op.create_table(
        "transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "transaction_type",
            tables.EnumText(
                "deposit",
                "withdrawal",
                "transfer_in",
                "transfer_out",
                "payment",
                "refund",
                "fee",
                "interest",
                "dividend",
                "purchase",
                "sale",
                "atm_withdrawal",
                "card_payment",
                "mobile_payment",
                "bill_payment",
                "salary",
                "loan_payment",
                "investment",
                "other",
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            tables.EnumText("pending", "processing", "completed", "failed", "cancelled", "reversed"),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("direction", tables.EnumText("inbound", "outbound"), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", tables.ExactDecimal(20, 10), nullable=True),
        sa.Column("original_amount", tables.MoneyAmount(), nullable=True),
        sa.Column("original_currency", sa.String(length=3), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("merchant_name", sa.Text(), nullable=True),
        sa.Column(
            "merchant_category",
            tables.EnumText(
                "groceries",
                "restaurants",
                "gas_stations",
                "retail",
                "entertainment",
                "travel",
                "healthcare",
                "utilities",
                "education",
                "automotive",
                "home_improvement",
                "insurance",
                "professional_services",
                "government",
                "charity",
                "online_services",
                "subscription",
                "atm_fee",
                "bank_fee",
                "transfer",
                "investment_trade",
                "cash_advance",
                "other",
            ),
            server_default="other",
            nullable=True,
        ),
        sa.Column(
            "payment_method",
            tables.EnumText("card", "bank_transfer", "mobile_money", "cash", "check", "wire", "ach", "crypto", "other"),
            nullable=False,
        ),
        sa.Column("card_id", sa.Uuid(), nullable=True),
        sa.Column("reference_number", sa.String(length=50), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("tags", tables.JsonDocument(), nullable=True),
        sa.Column("transaction_date", tables.Moment(), nullable=False),
        sa.Column("posted_date", tables.Moment(), nullable=True),
        sa.Column("fee_amount", tables.MoneyAmount(), server_default="0", nullable=False),
        sa.Column("balance_after", tables.MoneyAmount(), nullable=True),
        sa.Column("is_outgoing", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_disputed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_fraudulent", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=True),
        sa.Column("p2p_id", sa.Uuid(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("reversal_of", sa.Uuid(), nullable=True),
        sa.Column("refund_of", sa.Uuid(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint(
            "posted_date IS NOT NULL OR status NOT IN ('completed', 'reversed')",
            name=op.f("ck_transactions_posted_date"),
        ),
        sa.CheckConstraint(
            "reversal_of IS NOT NULL OR (transaction_type NOT IN ('deposit', 'transfer_in', 'refund', "
            "'interest', 'dividend', 'sale', 'salary') OR direction = 'inbound') AND (transaction_type NOT IN "
            "('withdrawal', 'transfer_out', 'payment', 'fee', 'purchase', 'atm_withdrawal', 'card_payment', "
            "'mobile_payment', 'bill_payment', 'loan_payment') OR direction = 'outbound')",
            name=op.f("ck_transactions_direction"),
        ),
        sa.CheckConstraint(
            "(exchange_rate IS NULL) = (original_amount IS NULL) AND (exchange_rate IS NULL) = "
            "(original_currency IS NULL)",
            name=op.f("ck_transactions_exchange"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transactions_amount")),
        sa.CheckConstraint("exchange_rate IS NULL OR exchange_rate > 0", name=op.f("ck_transactions_exchange_rate")),
        sa.CheckConstraint("fee_amount >= 0", name=op.f("ck_transactions_fee_amount")),
        sa.CheckConstraint(
            "original_amount IS NULL OR original_amount > 0", name=op.f("ck_transactions_original_amount")
        ),
        sa.CheckConstraint(
            "posted_date IS NULL OR transaction_date <= posted_date", name=op.f("ck_transactions_dates")
        ),
        sa.CheckConstraint("reversal_of IS NULL OR reversal_of <> id", name=op.f("ck_transactions_reversal")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id", "currency"],
            ["banking.accounts.id", "banking.accounts.user_id", "banking.accounts.currency"],
            name=op.f("fk_transactions_account_id_user_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["banking.cards.id"], name=op.f("fk_transactions_card_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["currency"], ["banking.currencies.code"], name=op.f("fk_transactions_currency"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["banking.journal_entries.id"], name=op.f("fk_transactions_journal_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["original_currency"],
            ["banking.currencies.code"],
            name=op.f("fk_transactions_original_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["p2p_id"],
            ["banking.p2p_transactions.id"],
            name=op.f("fk_transactions_p2p_id"),
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["refund_of"], ["banking.transactions.id"], name=op.f("fk_transactions_refund_of"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reversal_of"], ["banking.transactions.id"], name=op.f("fk_transactions_reversal_of"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["banking.transfers.id"],
            name=op.f("fk_transactions_transfer_id"),
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("reference_number", name=op.f("uq_transactions_reference_number")),
        tables.matching("reference_number", "^[A-Z0-9-]{8,50}$"),
        schema="banking",
    )
    op.create_index(
        "ix_transactions_account_id_transaction_date",
        "transactions",
        ["account_id", "transaction_date", "id"],
        unique=False,
        schema="banking",
    )
    op.create_index(op.f("ix_transactions_card_id"), "transactions", ["card_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_transactions_journal_id"), "transactions", ["journal_id"], unique=False, schema="banking")
    op.create_index(
        "ix_transactions_merchant_category_transaction_date",
        "transactions",
        ["merchant_category", "transaction_date"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        "ix_transactions_outgoing",
        "transactions",
        ["user_id", "transaction_date"],
        unique=False,
        schema="banking",
        postgresql_where=sa.text("is_outgoing"),
        sqlite_where=sa.text("is_outgoing"),
    )
    op.create_index(op.f("ix_transactions_p2p_id"), "transactions", ["p2p_id"], unique=False, schema="banking")
    op.create_index(op.f("ix_transactions_refund_of"), "transactions", ["refund_of"], unique=False, schema="banking")
    op.create_index(
        "ix_transactions_status_transaction_date",
        "transactions",
        ["status", "transaction_date"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        "ix_transactions_transaction_type_transaction_date",
        "transactions",
        ["transaction_type", "transaction_date"],
        unique=False,
        schema="banking",
    )
    op.create_index(
        op.f("ix_transactions_transfer_id"), "transactions", ["transfer_id"], unique=False, schema="banking"
    )
    op.create_index(
        "ix_transactions_user_id_transaction_date",
        "transactions",
        ["user_id", "transaction_date", "id"],
        unique=False,
        schema="banking",
    )
    op.create_index("uq_transactions_reversal_of", "transactions", ["reversal_of"], unique=True, schema="banking")
    op.create_table(
        "statement_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=50), nullable=False),
        sa.Column("booked_at", tables.Moment(), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("balance", tables.MoneyAmount(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["banking.accounts.id"], name=op.f("fk_statement_lines_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["banking.transactions.id"],
            name=op.f("fk_statement_lines_transaction_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint("source", "reference", name=op.f("uq_statement_lines_source_reference")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_statement_lines_transaction_id")),
        schema="banking",
    )
    op.create_index(
        "ix_statement_lines_account_id_booked_at",
        "statement_lines",
        ["account_id", "booked_at"],
        unique=False,
        schema="banking",
    )
    install(*FIRST_OBJECTS)
    _fill_reference_tables()


def downgrade() -> None:
    remove(*reversed(FIRST_OBJECTS))
    for table in reversed(TABLES):
        op.drop_table(table, schema="banking")


def _fill_reference_tables() -> None:
    # typed, so that `--sql` can write the values out
    currencies = sa.table(
        "currencies",
        sa.column("code", sa.Text()),
        sa.column("exponent", sa.Integer()),
        sa.column("name", sa.Text()),
        schema="banking",
    )
    op.bulk_insert(currencies, [dict(zip(("code", "exponent", "name"), row, strict=True)) for row in CURRENCIES])
    ledger_accounts = sa.table(
        "ledger_accounts",
        sa.column("id", sa.Uuid()),
        *(sa.column(name, sa.Text()) for name in ("code", "class", "normal_side", "currency")),
        schema="banking",
    )
    op.bulk_insert(
        ledger_accounts,
        [
            {"id": new_id(), "code": code, "class": ledger_class, "normal_side": side, "currency": currency}
            for currency, *_ in CURRENCIES
            for code, ledger_class, side in CHART
        ],
    )
    kyc_limits = sa.table(
        "kyc_limits",
        sa.column("level", sa.Text()),
        sa.column("daily", tables.MoneyAmount()),
        sa.column("monthly", tables.MoneyAmount()),
        schema="banking",
    )
    op.bulk_insert(kyc_limits, [dict(zip(("level", "daily", "monthly"), row, strict=True)) for row in KYC_LIMITS])
