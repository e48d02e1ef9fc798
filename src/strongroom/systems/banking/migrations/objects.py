"""The triggers and functions of banking, by version. What a revision has installed is never edited: add a new one."""

from __future__ import annotations

from pathlib import Path

from strongroom.kernel.tables import DatabaseObject, refuse_changes, touch_updated_at, trigger_functions

SQL = Path(__file__).parent / "sql"

BALANCED = DatabaseObject(
    "balanced",
    create={
        "postgresql": [
            """CREATE FUNCTION banking.check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sums record;
BEGIN
  SELECT coalesce(sum(n), 0) AS lines, coalesce(bool_and(net = 0), false) AS balanced INTO sums
    FROM (SELECT count(*) AS n, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS net
            FROM banking.journal_lines WHERE entry_id = NEW.id GROUP BY currency) AS by_currency;
  IF sums.lines < 2 OR NOT sums.balanced THEN
    RAISE EXCEPTION 'debits and credits differ' USING ERRCODE = '23514', CONSTRAINT = 'balanced',
      TABLE = 'journal_entries';
  END IF;
  RETURN NULL;
END $$""",
            "CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON banking.journal_entries "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION banking.check_balanced()",
            "ALTER TABLE banking.journal_entries ENABLE ALWAYS TRIGGER balanced",
        ]
    },
    drop={
        "postgresql": [
            "DROP TRIGGER IF EXISTS balanced ON banking.journal_entries",
            "DROP FUNCTION IF EXISTS banking.check_balanced()",
        ]
    },
)

#: balances and journal rows change only while a posting runs; a stray UPDATE is refused before it harms
POSTING_ONLY = DatabaseObject(
    "posting_only",
    create={
        "postgresql": [
            """CREATE FUNCTION banking.require_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('banking.posting', true), '') <> 'on' THEN
    RAISE EXCEPTION 'money moves by posting only' USING ERRCODE = '23514', CONSTRAINT = 'posting_only',
      TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE TG_LEVEL WHEN 'ROW' THEN NEW END;
END $$""",
            "CREATE TRIGGER posting_only BEFORE UPDATE ON banking.accounts FOR EACH ROW "
            "WHEN (NEW.current_balance <> OLD.current_balance OR NEW.opening_balance <> OLD.opening_balance) "
            "EXECUTE FUNCTION banking.require_posting()",
            "CREATE TRIGGER posting_only BEFORE INSERT ON banking.journal_entries FOR EACH STATEMENT "
            "EXECUTE FUNCTION banking.require_posting()",
            "CREATE TRIGGER posting_only BEFORE INSERT ON banking.journal_lines FOR EACH STATEMENT "
            "EXECUTE FUNCTION banking.require_posting()",
        ]
    },
    drop={
        "postgresql": [
            "DROP TRIGGER IF EXISTS posting_only ON banking.journal_lines",
            "DROP TRIGGER IF EXISTS posting_only ON banking.journal_entries",
            "DROP TRIGGER IF EXISTS posting_only ON banking.accounts",
            "DROP FUNCTION IF EXISTS banking.require_posting()",
        ]
    },
)

#: a customer's account is in the books from its first moment: a liability, or an asset when it is credit
OPEN_IN_LEDGER = DatabaseObject(
    "open_in_ledger",
    create={
        "postgresql": [
            """CREATE FUNCTION banking.open_in_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO banking.ledger_accounts (id, code, class, normal_side, currency, account_id)
  VALUES (NEW.id, 'customer:' || NEW.account_number,
          CASE NEW.account_type WHEN 'credit' THEN 'asset' ELSE 'liability' END,
          CASE NEW.account_type WHEN 'credit' THEN 'D' ELSE 'C' END, NEW.currency, NEW.id);
  RETURN NULL;
END $$""",
            "CREATE TRIGGER open_in_ledger AFTER INSERT ON banking.accounts FOR EACH ROW "
            "EXECUTE FUNCTION banking.open_in_ledger()",
        ],
        "sqlite": [
            "CREATE TRIGGER banking.open_in_ledger AFTER INSERT ON accounts FOR EACH ROW BEGIN "
            "INSERT INTO ledger_accounts (id, code, class, normal_side, currency, account_id) "
            "VALUES (NEW.id, 'customer:' || NEW.account_number, "
            "CASE NEW.account_type WHEN 'credit' THEN 'asset' ELSE 'liability' END, "
            "CASE NEW.account_type WHEN 'credit' THEN 'D' ELSE 'C' END, NEW.currency, NEW.id); END"
        ],
    },
    drop={
        "postgresql": [
            "DROP TRIGGER IF EXISTS open_in_ledger ON banking.accounts",
            "DROP FUNCTION IF EXISTS banking.open_in_ledger()",
        ],
        "sqlite": ["DROP TRIGGER IF EXISTS banking.open_in_ledger"],
    },
)

#: one posting in one round trip; its steps stand in the file itself
POST_V1 = DatabaseObject(
    "post",
    create={"postgresql": [(SQL / "post_v1.sql").read_text(encoding="utf-8")]},
    drop={"postgresql": ["DROP FUNCTION IF EXISTS banking.post(jsonb)"]},
)

FUNCTIONS_V1 = trigger_functions("banking")
TOUCHED_V1 = tuple(
    touch_updated_at("banking", table)
    for table in ("users", "accounts", "cards", "investments", "transfers", "p2p_transactions")
)
KEPT_V1 = (
    refuse_changes(
        "banking", "journal_entries", ("id", "kind", "reference", "posted_at", "reverses", "actor_id", "created_at")
    ),
    refuse_changes("banking", "journal_lines", ("entry_id", "line", "ledger_account_id", "side", "amount", "currency")),
    refuse_changes(
        "banking",
        "audit_log",
        ("id", "actor_id", "actor_name", "event_type", "entity", "entity_id", "before", "after", "ip", "at"),
    ),
    refuse_changes(
        "banking",
        "statement_lines",
        ("id", "account_id", "transaction_id", "source", "reference", "booked_at", "amount", "balance"),
    ),
    refuse_changes(
        "banking",
        "transactions",
        (
            "id",
            "user_id",
            "account_id",
            "transaction_type",
            "direction",
            "amount",
            "currency",
            "exchange_rate",
            "original_amount",
            "original_currency",
            "merchant_name",
            "payment_method",
            "card_id",
            "reference_number",
            "location",
            "transaction_date",
            "fee_amount",
            "is_outgoing",
            "transfer_id",
            "p2p_id",
            "reversal_of",
            "refund_of",
            "created_at",
        ),
        changeable=(
            "status",
            "posted_date",
            "balance_after",
            "journal_id",
            "description",
            "merchant_category",
            "tags",
            "notes",
            "is_disputed",
            "is_fraudulent",
        ),
    ),
)

#: what banking_0001 leaves behind
FIRST_OBJECTS = (FUNCTIONS_V1, *TOUCHED_V1, *KEPT_V1, OPEN_IN_LEDGER, BALANCED, POSTING_ONLY, POST_V1)
#: what the newest revision leaves behind
OBJECTS = FIRST_OBJECTS
