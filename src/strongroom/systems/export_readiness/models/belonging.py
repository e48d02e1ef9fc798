"""Whose the parts of a report are: its owner's, who is known from the report and stored nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, event, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Mapper, Session, class_mapper, object_session

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.export_readiness.models.reports import Report

#: key of a row's claim, among what is no column
_CLAIMED = "_claimed_user_id"


class OfReport:
    """A part of a report. It may be made with a user_id, which must then be the report's when it is stored."""

    report_id: Mapped[UUID]

    @hybrid_property
    def user_id(self) -> UUID | None:
        """The owner of the report; None while the row is in no session and nobody is said to own it."""
        claimed: UUID | None = self.__dict__.get(_CLAIMED)
        session = object_session(self)
        if claimed is not None or not isinstance(session, Session):
            return claimed
        return session.scalar(select(Report.user_id).where(Report.id == self.report_id))

    @user_id.inplace.setter
    def _claim(self, value: UUID | str | None) -> None:
        try:
            self.__dict__[_CLAIMED] = value if isinstance(value, UUID | None) else UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise InvalidValue(field="user_id", reason="must be a UUID") from None

    @user_id.inplace.expression
    @classmethod
    def _owner(cls) -> ColumnElement[UUID]:
        return select(Report.user_id).where(Report.id == cls.report_id).correlate_except(Report).scalar_subquery()


@event.listens_for(OfReport, "before_insert", propagate=True)
def _check_claim(_: Mapper[Any], connection: Connection, row: OfReport) -> None:
    claimed = row.__dict__.pop(_CLAIMED, None)
    reports = class_mapper(Report).local_table
    assert isinstance(reports, Table), "a report is a row of one table"
    if claimed is None:
        return
    if connection.scalar(select(reports.c.user_id).where(reports.c.id == row.report_id)) != claimed:
        raise InvalidValue(field="user_id", reason="must be the owner of the report")
