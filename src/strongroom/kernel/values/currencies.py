"""Which currencies there are and how many decimals an amount in each may have.

Source: ISO 4217, list one, in force on 1 January 2026, without the codes that have no minor unit (metals,
baskets, testing). BGN, replaced by the euro on that day, is kept, since accounts still have a past in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NOT_TWO_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO_DECIMALS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS
    VED VES WST XCD XCG YER ZAR ZMW ZWG
"""

#: Decimals of an amount, 0 to 4, by alphabetic code.
EXPONENTS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_TWO_DECIMALS.split(), 2)
    | {code: exponent for exponent, codes in _NOT_TWO_DECIMALS.items() for code in codes.split()}
)


class UnknownCurrency(ValueError):
    """The code is not an active ISO 4217 currency."""


def is_currency(code: str) -> bool:
    """Whether the code, in capitals, is a currency of ISO 4217."""
    return code in EXPONENTS


def exponent_of(code: str) -> int:
    """How many decimals an amount in this currency may have. Raises UnknownCurrency."""
    try:
        return EXPONENTS[code]
    except KeyError:
        raise UnknownCurrency(f"{code!r} is not a currency of ISO 4217") from None
