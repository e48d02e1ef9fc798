"""A system that breaks every rule, to show that each claim of the conformance suite can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from sqlalchemy import Column, DateTime, Float, ForeignKey, MetaData, Table, select
from sqlalchemy import Enum as NativeEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import AlreadyExists
from strongroom.kernel.integrity import Check
from strongroom.kernel.jobs import Job
from strongroom.kernel.system import System
from strongroom.kernel.tables import Capabilities, EnumText, Id, MoneyAmount, Row, UpdatedAt
from strongroom.testing.conformance.declared import DECLARED
from strongroom.testing.conformance.journeys import JOURNEYS
from strongroom.testing.conformance.routed import ROUTED
from strongroom.testing.conformance.stored import STORED
from strongroom.testing.databases import ThrowAwayServer

REVISION = '''
from alembic import op

revision, down_revision, branch_labels, depends_on = "first", None, None, None


def upgrade():
    op.execute("""CREATE TABLE shop.goods (
        id uuid PRIMARY KEY, price double precision, kind text, paid numeric(19, 4), made timestamp,
        owner uuid, seller uuid, updated_at timestamptz DEFAULT now())""")
    op.execute("CREATE TABLE IF NOT EXISTS public.stray (one int)")
    op.execute("CREATE OR REPLACE FUNCTION shop.stray() RETURNS int LANGUAGE sql AS 'SELECT 1'")


def downgrade():
    op.execute("DROP TABLE shop.goods")
'''


class Kind(Enum):
    FRUIT = "fruit"


class Base(DeclarativeBase):
    metadata = MetaData(schema="shop")


class Goods(Row, Base):
    __tablename__ = "goods"
    __capabilities__ = Capabilities(immutable=True, owned_by="nobody", partitioned_by="made", cached_by="owner")

    id: Mapped[Id]
    price: Mapped[float | None] = mapped_column(Float())
    kind: Mapped[Kind | None] = mapped_column(EnumText(Kind))
    paid: Mapped[Decimal | None] = mapped_column(MoneyAmount())
    made: Mapped[datetime | None] = mapped_column(DateTime())
    owner: Mapped[UUID | None]
    seller: Mapped[UUID | None] = mapped_column(ForeignKey("shop.goods.id"))
    updated_at: Mapped[UpdatedAt]


#: what no database could hold: read by the claims on declarations alone
UNBUILT = MetaData(schema="elsewhere")
Table(
    "heap",
    UNBUILT,
    Column("kind", NativeEnum(Kind)),
    Column("made", DateTime()),
    Column("price", Float()),
    Column("parent", ForeignKey("elsewhere.heap.kind"), nullable=True),
)


def add_goods(session: Session) -> Mapping[str, int]:
    """Grows each time."""
    session.add(Goods(kind=Kind.FRUIT, updated_at=datetime(2026, 1, 1, tzinfo=UTC)))
    return {"goods": 1}


router = APIRouter(prefix="/stall")


@router.get("/goods/{key}")
async def get_goods(key: int) -> int:
    return key


@pytest.fixture
def shop(tmp_path: Path) -> System:
    folder = tmp_path / "market" / "versions"
    folder.mkdir(parents=True)
    (folder / "first.py").write_text(REVISION)
    return System(
        name="shop",
        title="Shop",
        tables=Base.metadata,
        migrations=folder,
        load_samples=add_goods,
        routes=f"{__name__}:router",
        checks=(Check("No goods", "", lambda: select(Goods.id)),),
        jobs=(Job("market.count", lambda _: None, place="process"),),
        errors_by_constraint={"uq_goods_name": AlreadyExists},
    )


@pytest.fixture
def options(shop: System) -> Iterator[DatabaseOptions]:
    with ThrowAwayServer() as server:  # of its own: the databases of the others are copied from templates
        yield server.create_database((shop,))


def test_every_claim_on_declarations_can_fail(shop: System) -> None:
    declared: dict[str, Any] = {field: getattr(shop, field) for field in shop.__dataclass_fields__}
    elsewhere = System(**{**declared, "tables": UNBUILT})
    silent = [claim.__name__ for claim in DECLARED if not [*claim(shop), *claim(elsewhere)]]
    assert not silent


def test_every_claim_on_the_schema_can_fail(shop: System, options: DatabaseOptions) -> None:
    assert not _silent(STORED, shop, options)


def test_every_claim_on_rows_can_fail(shop: System, options: DatabaseOptions) -> None:
    assert not _silent(JOURNEYS, shop, options)


def test_every_claim_on_routes_can_fail(shop: System) -> None:
    declared: dict[str, Any] = {field: getattr(shop, field) for field in shop.__dataclass_fields__}
    mute = System(**{**declared, "routes": None})
    silent = [c.__name__ for c in ROUTED if not [*c(shop, frozenset()), *c(mute, frozenset())]]
    assert not silent


def test_a_route_declared_public_must_exist(shop: System) -> None:
    ask_who_calls = ROUTED[-1]
    gone = frozenset({"GET /stall/goods/{key}", "GET /shop/gone"})
    assert list(ask_who_calls(shop, gone)) == ["GET /shop/gone is declared public and does not exist"]


def _silent(claims: tuple[Callable[..., Iterator[str]], ...], system: System, options: DatabaseOptions) -> list[str]:
    return [claim.__name__ for claim in claims if not list(claim(system, options))]
