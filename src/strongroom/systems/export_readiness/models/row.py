"""The parent of every table of export readiness: its schema, its registry, its column types."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from strongroom.kernel.tables import ExactDecimal, Moment, Row, room_metadata

SCHEMA = "export_readiness"

RUPEES = ExactDecimal(14, 2)
QUANTITY = ExactDecimal(15, 2)
PERCENT = ExactDecimal(5, 2)


class Base(Row, DeclarativeBase):
    """A row of export readiness."""

    metadata = room_metadata(SCHEMA)
    type_annotation_map = {
        Decimal: RUPEES,
        datetime: Moment(),
        date: Date(),
        str: Text(),
        UUID: Uuid(),
    }
