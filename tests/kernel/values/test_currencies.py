"""Claims about the table of currencies."""

from __future__ import annotations

import pytest

from strongroom.kernel.values import EXPONENTS, UnknownCurrency, exponent_of, is_currency


@pytest.mark.parametrize(
    ("exponent", "codes"),
    [
        (0, "JPY KRW VND UGX RWF XAF XOF XPF CLP ISK BIF DJF GNF KMF PYG VUV UYI"),
        (3, "BHD JOD KWD OMR TND IQD LYD"),
        (4, "CLF UYW"),
        (2, "USD EUR GBP KES TZS CAD AUD CHF CNY CZK INR BRL MXN ZAR NGN SEK NOK DKK PLN HUF TRY AED XCG ZWG"),
    ],
)
def test_amounts_have_the_decimals_of_iso_4217(exponent: int, codes: str) -> None:
    assert {exponent_of(code) for code in codes.split()} == {exponent}


def test_only_the_listed_currencies_have_other_than_two_decimals() -> None:
    assert sum(exponent != 2 for exponent in EXPONENTS.values()) == 17 + 7 + 2


@pytest.mark.parametrize("code", ["usd", "US", "USDX", "", "XXX", "XAU", "DEM", "HRK", "ANG", "ZWL", "BTC"])
def test_what_is_no_active_currency_is_refused(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency, match="ISO 4217"):
        exponent_of(code)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        EXPONENTS["USD"] = 3  # type: ignore[index]  # the type forbids it as well
