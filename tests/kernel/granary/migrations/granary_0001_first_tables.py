"""First tables: farms, harvests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables
from strongroom.kernel.migrations import install, remove
from tests.kernel.granary.objects import OBJECTS

revision = "granary_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "farms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("deleted_at", tables.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farms")),
        sa.UniqueConstraint("name", name=op.f("uq_farms_name")),
        schema="granary",
    )
    op.create_index(op.f("ix_farms_region"), "farms", ["region"], unique=False, schema="granary")
    op.create_index(op.f("ix_farms_deleted_at"), "farms", ["deleted_at"], unique=False, schema="granary")
    op.create_table(
        "harvests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("farm_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("crop", sa.Text(), nullable=False),
        sa.Column("weight", tables.MoneyAmount(), nullable=False),
        sa.Column("updated_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_harvests_weight")),
        sa.ForeignKeyConstraint(
            ["farm_id"], ["granary.farms.id"], name=op.f("fk_harvests_farm_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", "day", name=op.f("pk_harvests")),
        sa.UniqueConstraint("farm_id", "day", "crop", name="uq_harvests_farm_id_day_crop"),
        schema="granary",
        postgresql_partition_by="RANGE (day)",
    )
    op.create_index("ix_harvests_crop", "harvests", ["crop"], unique=False, schema="granary")
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("farm_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.ForeignKeyConstraint(["farm_id"], ["granary.farms.id"], name=op.f("fk_visits_farm_id"), ondelete="RESTRICT"),
        schema="granary",
    )
    op.create_index(op.f("ix_visits_farm_id"), "visits", ["farm_id"], unique=False, schema="granary")
    op.create_table(
        "cache_versions",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_cache_versions")),
        schema="granary",
    )
    install(*OBJECTS)


def downgrade() -> None:
    remove(*OBJECTS[:0:-1])
    op.drop_table("cache_versions", schema="granary")
    op.drop_table("visits", schema="granary")
    op.drop_table("harvests", schema="granary")  # with its partitions
    op.drop_table("farms", schema="granary")
