"""Versions of what views are cached from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from strongroom.kernel.migrations import install, remove
from strongroom.systems.portfolio.migrations.objects import CACHED_V2

revision = "portfolio_0002"
down_revision = "portfolio_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cache_versions",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_cache_versions")),
        schema="portfolio",
    )
    install(*CACHED_V2)


def downgrade() -> None:
    remove(*reversed(CACHED_V2))
    op.drop_table("cache_versions", schema="portfolio")
