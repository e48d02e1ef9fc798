"""Companies as they are entered, changed and shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from strongroom.kernel.web import ChangeBody, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.rules.naming import normalise_revenue_type
from strongroom.systems.portfolio.schemas.bodies import CompanyName, CurrencyCode, Name

#: SaaS and Recurring are taken for Subscription, E-commerce for Transactional
RevenueTypeIn = Annotated[RevenueTypeEnum, BeforeValidator(normalise_revenue_type)]


class CompanyIn(RequestBody):
    """A company, whole."""

    name: CompanyName = Field(examples=["Northwind Robotics"], description="Unique.")
    reporting_status: ReportingStatusEnum = ReportingStatusEnum.ACTIVE
    reporting_currency: CurrencyCode = Field(examples=["EUR"], description="What it reports in now, ISO 4217.")
    fund: Name = Field(examples=["Fund II"])
    location_country: Name = Field(examples=["Germany"])
    customer_type: CustomerTypeEnum
    revenue_type: RevenueTypeIn
    equity_raised: NumberIn | None = Field(
        default=None, ge=0, description="In total to date, in full units of reporting_currency."
    )
    post_money_valuation: NumberIn | None = Field(default=None, ge=0, description="Of the last round, likewise.")
    year_end_date: date = Field(description="A last day of its fiscal year; the month matters.")


class CompanyChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset({"equity_raised", "post_money_valuation"})

    name: CompanyName | None = None
    reporting_status: ReportingStatusEnum | None = None
    reporting_currency: CurrencyCode | None = None
    fund: Name | None = None
    location_country: Name | None = None
    customer_type: CustomerTypeEnum | None = None
    revenue_type: RevenueTypeIn | None = None
    equity_raised: NumberIn | None = Field(default=None, ge=0)
    post_money_valuation: NumberIn | None = Field(default=None, ge=0)
    year_end_date: date | None = None


class StatusIn(RequestBody):
    """The status a company is to have."""

    reporting_status: ReportingStatusEnum


class CompanyOut(ResponseBody):
    """A company. Amounts are in its reporting_currency."""

    id: UUID
    name: str
    reporting_status: ReportingStatusEnum
    reporting_currency: str
    fund: str
    location_country: str
    customer_type: CustomerTypeEnum
    revenue_type: RevenueTypeEnum
    equity_raised: NumberOut | None
    post_money_valuation: NumberOut | None
    year_end_date: date
    created_date: datetime
    created_by: str
    last_update_date: datetime | None
    last_updated_by: str | None
