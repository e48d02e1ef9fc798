"""The parent of every table of forecasting: its schema, its registry, its column types."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from strongroom.kernel.tables import ExactDecimal, Moment, Row, room_metadata

SCHEMA = "forecasting"

#: amounts and values of a series; ratios and fractions of a value; percent points
VALUE = ExactDecimal(20, 4)
RATIO = ExactDecimal(20, 8)
PERCENT = ExactDecimal(14, 4)
ERROR = ExactDecimal(20, 6)


class Base(Row, DeclarativeBase):
    """A row of forecasting."""

    metadata = room_metadata(SCHEMA)
    type_annotation_map = {Decimal: VALUE, datetime: Moment(), str: Text(), UUID: Uuid()}
