"""The words portfolio chooses from; a value is what the database and the API show."""

from __future__ import annotations

from enum import Enum


class ReportingStatusEnum(Enum):
    """Whether a company is expected to report. Pending: it will be; Exited: the fund has sold it."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    PENDING = "Pending"
    EXITED = "Exited"


class CustomerTypeEnum(Enum):
    """Whom a company sells to."""

    ENTERPRISE = "Enterprise"
    MID_MARKET = "Mid-Market"
    SMB = "SMB"
    CONSUMER = "Consumer"
    B2B = "B2B"
    B2C = "B2C"
    B2B2C = "B2B2C"


class RevenueTypeEnum(Enum):
    """How a company earns."""

    SUBSCRIPTION = "Subscription"
    USAGE_PRICING = "Usage Pricing"
    TRANSACTIONAL = "Transactional"
    MARKETPLACE = "Marketplace"
    HYBRID = "Hybrid"


class RatePeriodEnum(Enum):
    """What an exchange rate is the rate of: one day, or the average of the month that begins on its date."""

    DAY = "day"
    MONTH = "month"
