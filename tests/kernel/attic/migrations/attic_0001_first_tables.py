"""First tables: boxes, items, entries, shelves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from tests.kernel.attic.objects import OBJECTS

revision = "attic_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boxes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=True),
        sa.Column("weight", tables.ExactDecimal(6, 2), nullable=True),
        sa.Column("colour", tables.EnumText("dark-red", "blue"), nullable=True),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen_at", tables.Moment(), nullable=True),
        sa.Column("marks", tables.JsonDocument(), nullable=False),
        sa.Column("labels", tables.JsonDocument(), nullable=False),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        *tables.within("weight", "0", "99.50", 2),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_boxes_rank_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxes")),
        sa.UniqueConstraint("name", name=op.f("uq_boxes_name")),
        tables.matching("name", "^[a-z]"),
        schema="attic",
    )
    op.create_index(op.f("ix_boxes_amount"), "boxes", ["amount"], unique=False, schema="attic")
    op.create_index(op.f("ix_boxes_deleted_at"), "boxes", ["deleted_at"], unique=False, schema="attic")
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amount", tables.MoneyAmount(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        schema="attic",
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("box_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["box_id"], ["attic.boxes.id"], name=op.f("fk_items_box_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        schema="attic",
    )
    op.create_index(op.f("ix_items_box_id"), "items", ["box_id"], unique=False, schema="attic")
    op.create_index(op.f("ix_items_deleted_at"), "items", ["deleted_at"], unique=False, schema="attic")
    op.create_table(
        "shelves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("width", tables.MoneyAmount(), nullable=True),
        sa.Column("holds", tables.TextArray(), server_default=tables.empty_list(), nullable=False),
        sa.Column("lends", tables.TextArray(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelves")),
        schema="attic",
    )
    op.create_table(
        "shelves_history",
        sa.Column(
            "history_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=True),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("width", tables.MoneyAmount(), nullable=True),
        sa.Column("holds", tables.TextArray(), nullable=False),
        sa.Column("lends", tables.TextArray(), nullable=True),
        sa.Column("known_from", tables.Moment(), nullable=False),
        sa.Column("known_until", tables.Moment(), nullable=True),
        sa.CheckConstraint("known_until >= known_from", name=op.f("ck_shelves_history_known_span")),
        sa.PrimaryKeyConstraint("history_id", name=op.f("pk_shelves_history")),
        schema="attic",
    )
    for columns in (["id", "known_from"], ["room", "known_from"]):
        name = f"ix_shelves_history_{'_'.join(columns)}"
        op.create_index(op.f(name), "shelves_history", columns, unique=False, schema="attic")
    op.create_index(
        "uq_shelves_history_id_open",
        "shelves_history",
        ["id"],
        unique=True,
        schema="attic",
        postgresql_where=sa.text("known_until IS NULL"),
        sqlite_where=sa.text("known_until IS NULL"),
    )
    install(*OBJECTS)


def downgrade() -> None:
    remove(*reversed(OBJECTS[3:]))
    op.drop_table("shelves_history", schema="attic")
    op.drop_table("shelves", schema="attic")
    op.drop_table("items", schema="attic")
    op.drop_table("entries", schema="attic")
    op.drop_table("boxes", schema="attic")
    remove(OBJECTS[0])  # the functions; triggers go with their tables
