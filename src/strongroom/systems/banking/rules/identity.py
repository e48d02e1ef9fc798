"""What a name, an address or a number must look like; `normalise_…` also brings it into the form that is stored."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NoReturn

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import is_currency
from strongroom.systems.banking.errors import InvalidCurrency

EMAIL_MAX = 254
NAME_MAX = 50

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?[0-9]{7,15}")
_PHONE_PUNCTUATION = re.compile(r"[\s().\-/]")
_ACCOUNT_NUMBER = re.compile(r"[A-Z0-9]{10,20}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_ROUTING_NUMBER = re.compile(r"[0-9]{9}")
_SWIFT = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_REFERENCE = re.compile(r"[A-Z0-9-]{8,50}")
_MASKED_CARD = re.compile(r"\*{4,12}[0-9]{4}")
_SYMBOL = re.compile(r"[A-Z0-9.\-]{1,12}")

_COUNTRY_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
#: ISO 3166-1 alpha-2, and XK, the code in use for Kosovo.
COUNTRIES = frozenset(_COUNTRY_CODES.split())


def normalise_email(value: Any) -> str:
    """The address in lower case. Raises InvalidValue."""
    email = value.strip() if isinstance(value, str) else ""
    if len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        _refuse("email", "Invalid email format")
    return email.lower()  # after the match: foreign letters such as the Kelvin sign turn into ASCII ones


def normalise_phone_number(value: Any) -> str:
    """Digits with an optional leading plus; spaces, hyphens, dots, slashes and brackets go. Raises InvalidValue."""
    number = _PHONE_PUNCTUATION.sub("", value) if isinstance(value, str) else ""
    if not _PHONE.fullmatch(number):
        _refuse("phone_number", "Invalid phone number format: 7 to 15 digits, with or without a leading +")
    return number


def normalise_name(value: Any, field: str = "name", longest: int = NAME_MAX) -> str:
    """Trimmed, in composed Unicode, 1 to `longest` characters, no control characters. Raises InvalidValue."""
    name = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    if not name:
        raise InvalidValue(field=field, reason="must not be blank")
    if len(name) > longest:
        raise InvalidValue(field=field, reason=f"must have at most {longest} characters")
    if not name.isprintable():
        raise InvalidValue(field=field, reason="must not contain control characters")
    return name


def normalise_cardholder_name(value: Any) -> str:
    """Capitals, 2 to 50: letters of any script, spaces, apostrophes, hyphens and full stops. Raises InvalidValue."""
    name = normalise_name(value.upper() if isinstance(value, str) else value, "cardholder_name")
    if len(name) < 2 or not all(character.isalpha() or character in " '-." for character in name):
        raise InvalidValue(
            field="cardholder_name", reason="must be 2 to 50 letters, spaces, apostrophes, hyphens or full stops"
        )
    return name


def normalise_country(value: Any) -> str:
    """The alpha-2 code of ISO 3166-1 in capitals. Raises InvalidValue."""
    country = value.strip().upper() if isinstance(value, str) and value.isascii() else ""
    if country not in COUNTRIES:
        raise InvalidValue(field="country", reason="must be a 2-letter ISO 3166-1 code")
    return country


def check_account_number(value: Any) -> str:
    """Raises InvalidValue."""
    return _matching(_ACCOUNT_NUMBER, value, "account_number", "Account number must be 10-20 alphanumeric characters")


def check_currency_code(value: Any) -> str:
    """An account's currency, in capitals. Raises InvalidValue when it is no code, InvalidCurrency when no currency."""
    return _currency(value, "currency", "Currency must be a 3-letter ISO code")


def check_transaction_currency(value: Any, field: str = "currency") -> str:
    """As `check_currency_code`; the message begins with the field, since a transaction has more than one."""
    return _currency(value, field, f"{field} must be a 3-letter ISO code")


def check_routing_number(value: Any) -> str:
    """A US routing number: nine digits whose sum, weighted 3, 7, 1, is a multiple of ten. Raises InvalidValue.

    Source: American Bankers Association.
    """
    number = _matching(_ROUTING_NUMBER, value, "routing_number", "Routing number must be 9 digits")
    weighted = sum(weight * int(digit) for weight, digit in zip((3, 7, 1) * 3, number, strict=True))
    if weighted == 0 or weighted % 10:
        _refuse("routing_number", "Routing number has a wrong check digit")
    return number


def check_swift_code(value: Any) -> str:
    """A business identifier code of ISO 9362, 8 or 11 characters. Raises InvalidValue."""
    return _matching(_SWIFT, value, "swift_code", "SWIFT code must be 8 or 11 capital letters and digits")


def check_reference_number(value: Any) -> str:
    """Raises InvalidValue."""
    message = "Reference number must be 8-50 capital letters, digits or hyphens"
    return _matching(_REFERENCE, value, "reference_number", message)


def check_masked_card_number(value: Any) -> str:
    """Raises InvalidValue, which never repeats the value: it may be a whole card number."""
    message = "Card number must be masked: 4 to 12 asterisks, then the last four digits"
    return _matching(_MASKED_CARD, value, "card_number_masked", message)


def check_symbol(value: Any) -> str:
    """The symbol of a security. Raises InvalidValue."""
    message = "Symbol must be 1-12 capital letters, digits, dots or hyphens"
    return _matching(_SYMBOL, value, "symbol", message)


def _currency(value: Any, field: str, message: str) -> str:
    code = _matching(_CURRENCY, value, field, message).upper()
    if not is_currency(code):
        raise InvalidCurrency(currency=code)
    return code


def _matching(pattern: re.Pattern[str], value: Any, field: str, message: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        _refuse(field, message)
    return value


def _refuse(field: str, message: str) -> NoReturn:
    raise InvalidValue(message, field=field, reason=message)
