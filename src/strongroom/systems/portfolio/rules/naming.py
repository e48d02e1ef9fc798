"""What a name, a currency or a kind of revenue must look like; `normalise_…` brings it into the form that is stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import is_currency
from strongroom.systems.portfolio.rules.enums import RevenueTypeEnum

LETTERS_MAX: Mapping[str, int] = MappingProxyType({"name": 255, "fund": 100, "location_country": 100})

#: ISO 4217, list three: in no company's books any more, but quoted in rates of the past; VEF until August 2018
FORMER_CURRENCIES = frozenset(["ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "GRD", "IEP", "ITL", "NLG", "PTE", "VEF"])
#: other words that companies use, in small letters
REVENUE_ALIASES: Mapping[str, RevenueTypeEnum] = MappingProxyType(
    {
        "saas": RevenueTypeEnum.SUBSCRIPTION,
        "recurring": RevenueTypeEnum.SUBSCRIPTION,
        "e-commerce": RevenueTypeEnum.TRANSACTIONAL,
        "ecommerce": RevenueTypeEnum.TRANSACTIONAL,
    }
)


def normalise_text(value: Any, field: str) -> str:
    """Trimmed, in composed Unicode, 1 letter to as many as the column holds. Raises InvalidValue."""
    text = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    longest = LETTERS_MAX[field]
    if not 1 <= len(text) <= longest or not text.isprintable():
        raise InvalidValue(field=field, reason=f"must have 1 to {longest} printable characters")
    return text


def normalise_currency(value: Any, field: str = "currency") -> str:
    """The code of ISO 4217 in capitals. Raises InvalidValue."""
    code = value.strip().upper() if isinstance(value, str) and value.isascii() else ""
    if not is_currency(code):
        raise InvalidValue(field=field, reason="must be a currency of ISO 4217, such as USD")
    return code


def normalise_quoted_currency(value: Any, field: str) -> str:
    """The same for a currency of an exchange rate, which may be a former one. Raises InvalidValue."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if code in FORMER_CURRENCIES else normalise_currency(value, field)


def normalise_revenue_type(value: RevenueTypeEnum | str) -> RevenueTypeEnum | str:
    """SaaS and Recurring are Subscription, E-commerce is Transactional; anything else is left for the column."""
    return REVENUE_ALIASES.get(value.strip().lower(), value) if isinstance(value, str) else value
