"""Claims about what documents must say and what customs would stop."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.export_readiness.rules import DocumentTypeEnum as Kind
from strongroom.systems.export_readiness.rules.validation import MANDATORY, Validation, cross_check, validate_document
from strongroom.systems.export_readiness.rules.validation.ports import find_country_of_port
from strongroom.systems.export_readiness.rules.validation.tax_numbers import bare_name, check_character
from tests.systems.export_readiness.calculating import RATES

#: as the requirements list them
FIELDS = {
    Kind.COMMERCIAL_INVOICE: "invoice_number invoice_date exporter_name exporter_address consignee_name "
    "consignee_address destination_country port_of_discharge items total_value currency payment_terms",
    Kind.PACKING_LIST: "packing_list_number date exporter_name consignee_name items total_packages total_weight "
    "dimensions",
    Kind.SHIPPING_BILL: "shipping_bill_number date exporter_name exporter_iec consignee_name destination_country "
    "port_of_loading port_of_discharge items total_fob_value currency",
    Kind.GST_LUT: "lut_number financial_year exporter_name exporter_gstin exporter_address declaration_date",
    Kind.SOFTEX: "softex_number date exporter_name exporter_gstin service_description service_recipient "
    "recipient_country invoice_value currency",
    Kind.CERTIFICATE_OF_ORIGIN: "certificate_number date exporter_name exporter_address consignee_name "
    "consignee_address destination_country items origin_country",
}
WORDS = {
    "high": "explosive radioactive narcotic weapon ammunition military nuclear missile",
    "medium": "chemical hazardous toxic flammable pharmaceutical drone encryption surveillance",
    "low": "corrosive biohazard pesticide drug defense ivory wildlife endangered antique artifact cultural gold "
    "diamond jewelry precious gemstone satellite laser meat dairy seafood poultry egg honey document plant soil "
    "fertilizer animal restricted prohibited controlled regulated sanctioned",
}
HIGH, MEDIUM, LOW = (words.split() for words in WORDS.values())
INVOICE: dict[str, Any] = {
    "invoice_number": "EXP/2026-27_001",
    "invoice_date": "2026-07-01",
    "exporter_name": "Malabar Spices Pvt Ltd",
    "exporter_address": "Kochi",
    "consignee_name": "Spice Imports Inc",
    "consignee_address": "New York",
    "destination_country": "United States",
    "port_of_discharge": "USNYC",
    "items": [
        {"description": "Ground turmeric", "quantity": 100, "unit_price": "4.50"},
        {"description": "Whole pepper", "quantity": "10.5", "unit_price": 8},
    ],
    "total_value": "534.00",
    "currency": "USD",
    "payment_terms": "net 30",
}
GSTIN = "27AABCU9603R1ZN"


def invoice(**changes: Any) -> Validation:
    return validate_document(Kind.COMMERCIAL_INVOICE, {**INVOICE, **changes}, RATES)


def fields_of(found: Validation) -> tuple[list[str], list[str]]:
    """Of errors and of warnings."""
    return [finding.field for finding in found.errors], [finding.field for finding in found.warnings]


@pytest.mark.parametrize("kind", Kind)
def test_every_mandatory_field_is_missed(kind: Kind) -> None:
    assert MANDATORY[kind] == tuple(FIELDS[kind].split())
    found = validate_document(kind, {}, RATES)
    assert not found.is_valid
    assert fields_of(found) == (FIELDS[kind].split(), [])
    blank: dict[str, Any] = {field: [] if field == "items" else "  " for field in FIELDS[kind].split()}
    assert fields_of(validate_document(kind, blank, RATES)) == (FIELDS[kind].split(), [])


def test_a_good_invoice_has_nothing_to_be_found() -> None:
    assert invoice() == Validation(True, (), ())


@pytest.mark.parametrize("number", ["INV 1", "INV#1", "Rechnung-Ü1", 17, "a\nb"])
def test_an_invoice_number_has_plain_characters(number: Any) -> None:
    assert fields_of(invoice(invoice_number=number)) == (["invoice_number"], [])


@pytest.mark.parametrize("currency", ["USD", "EUR", "GBP", "INR", "AED", "SGD", "JPY", "CNY", "AUD", "CAD"])
def test_ten_currencies_are_accepted(currency: str) -> None:
    assert invoice(currency=currency).is_valid


@pytest.mark.parametrize("currency", ["usd", "CHF", "US", 5, ["USD"], "USD EUR"])
def test_no_other_currency_is(currency: Any) -> None:
    assert fields_of(invoice(currency=currency)) == (["currency"], [])


@pytest.mark.parametrize(
    ("total", "is_valid"),
    [
        ("534.00", True),
        (534, True),
        (534.0, True),
        ("533.99", True),
        ("534.01", True),
        ("534.011", False),
        ("5", False),
    ],
)
def test_the_total_is_the_sum_of_the_items_within_a_cent(total: Any, is_valid: bool) -> None:
    assert invoice(total_value=total).is_valid is is_valid


@pytest.mark.parametrize("total", ["NaN", "much", float("inf"), -1, True, [1], {"amount": 1}])
def test_a_total_that_is_no_amount_is_an_error(total: Any) -> None:
    assert fields_of(invoice(total_value=total)) == (["total_value"], [])


@pytest.mark.parametrize("field", ["quantity", "unit_price"])
@pytest.mark.parametrize("value", [None, "", "NaN", "x", -1, float("nan"), False])
def test_an_item_that_cannot_be_reckoned_is_an_error_of_its_own(field: str, value: Any) -> None:
    item = {"description": "Ground turmeric", "quantity": 1, "unit_price": 534, field: value}
    assert fields_of(invoice(items=[item])) == ([f"items[0].{field}"], [])


def test_a_free_sample_has_a_price_of_nothing_but_not_a_quantity_of_nothing() -> None:
    sample = {"quantity": 1, "unit_price": 0}
    assert invoice(items=[*INVOICE["items"], sample]).is_valid
    assert not invoice(items=[*INVOICE["items"], {"quantity": 0, "unit_price": 1}]).is_valid


@pytest.mark.parametrize("items", ["turmeric", 5, ["turmeric"], [None], {"description": "turmeric"}])
def test_items_that_are_no_list_of_goods_are_an_error(items: Any) -> None:
    assert fields_of(invoice(items=items)) == (["items"], [])


@pytest.mark.parametrize(
    "terms",
    [
        "30 days", "90 day from B/L", "100% advance", "cash on delivery", "Letter of Credit", "irrevocable LC",
        "L/C 60", "at sight", "Net 45", "net30",
    ],
)  # fmt: skip
def test_usual_payment_terms_are_understood(terms: str) -> None:
    assert fields_of(invoice(payment_terms=terms)) == ([], [])


@pytest.mark.parametrize("terms", ["as agreed", "days", "calcium", "insight", "network"])
def test_other_payment_terms_are_a_warning(terms: str) -> None:
    found = invoice(payment_terms=terms)
    assert found.is_valid
    assert fields_of(found) == ([], ["payment_terms"])


@pytest.mark.parametrize(
    ("port", "country"),
    [
        ("USNYC", "United States"), ("US NYC", "USA"), ("New York (USNYC)", "US"), ("NLRTM - Rotterdam", "Netherlands"),
        ("Rotterdam", "NL"), ("tokyo", "Japan"), ("GBFXT", "UK"), ("GBFXT", "United Kingdom"), ("UAODS", "Ukraine"),
        ("Genoa", "Italy"), ("DEHAM", "European Union"), ("Hamburg, Germany", "Germany"),
    ],
)  # fmt: skip
def test_a_port_of_the_destination_is_right(port: str, country: str) -> None:
    assert fields_of(invoice(port_of_discharge=port, destination_country=country)) == ([], [])


@pytest.mark.parametrize(
    ("port", "country"), [("UAODS", "UK"), ("GBFXT", "Ukraine"), ("INNSA", "United States"), ("Tokyo", "Tonga")]
)
def test_a_port_of_another_country_is_an_error(port: str, country: str) -> None:
    assert fields_of(invoice(port_of_discharge=port, destination_country=country)) == (["port_of_discharge"], [])


def test_what_is_not_known_of_a_port_is_a_warning() -> None:
    assert fields_of(invoice(port_of_discharge="Nowhere-on-Sea")) == ([], ["port_of_discharge"])
    assert fields_of(invoice(port_of_discharge="XXABC")) == ([], ["port_of_discharge"])
    assert fields_of(invoice(destination_country="Atlantis")) == ([], ["destination_country"])
    assert find_country_of_port("USNY1") is None


def lut(**changes: Any) -> dict[str, Any]:
    return {
        "lut_number": "AD2707260000001",
        "financial_year": "2026-27",
        "exporter_name": "Malabar Spices Pvt. Ltd.",
        "exporter_gstin": GSTIN,
        "exporter_address": "Kochi",
        "declaration_date": "2026-04-01",
        **changes,
    }


def test_a_gstin_has_its_form_and_its_last_character_is_checked() -> None:
    assert validate_document(Kind.GST_LUT, lut(), RATES) == Validation(True, (), ())
    assert validate_document(Kind.GST_LUT, lut(exporter_gstin=GSTIN.lower()), RATES).is_valid
    wrong = validate_document(Kind.GST_LUT, lut(exporter_gstin="27AABCU9603R1ZM"), RATES)
    assert wrong.is_valid
    assert fields_of(wrong) == ([], ["exporter_gstin"])
    assert "N" in wrong.warnings[0].message


@pytest.mark.parametrize(
    "number", ["27AABCU9603R1Z", "27AABCU9603R0ZN", "2AAABCU9603R1ZN", "27AABCU9603R1XN", "२7AABCU9603R1ZN"]
)
def test_what_is_no_gstin_is_an_error(number: str) -> None:
    assert fields_of(validate_document(Kind.GST_LUT, lut(exporter_gstin=number), RATES)) == (["exporter_gstin"], [])


@given(st.from_regex(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z", fullmatch=True), st.integers(0, 13), st.data())
def test_one_wrong_character_shows(digits: str, position: int, data: st.DataObject) -> None:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    other = data.draw(st.sampled_from(alphabet.replace(digits[position], "")))
    assert check_character(digits[:position] + other + digits[position + 1 :]) != check_character(digits)


def test_lut_and_shipping_bill_are_of_one_exporter() -> None:
    bill = {"exporter_name": "MALABAR SPICES PRIVATE LIMITED", "exporter_gstin": GSTIN.lower()}
    assert cross_check(lut(), bill) == Validation(True, (), ())
    assert fields_of(cross_check(lut(), {**bill, "exporter_gstin": "29AABCU9603R1ZN"})) == (["exporter_gstin"], [])
    assert fields_of(cross_check(lut(), {**bill, "exporter_name": "Malabar Tea Ltd"})) == (["exporter_name"], [])
    assert fields_of(cross_check(lut(), {"exporter_name": bill["exporter_name"]})) == ([], ["exporter_gstin"])


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Acme Trading Co. Pvt. Ltd.", "acme trading"), ("Acme LLP", "acme"), ("Limited Company", "limited"), ("", ""),
        ("Company of Spices", "company of spices"),
    ],
)  # fmt: skip
def test_every_legal_form_behind_a_name_is_taken_off(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_the_words_of_customs_are_complete() -> None:
    for level, words in (("high", HIGH), ("medium", MEDIUM), ("low", LOW)):
        assert RATES.details("customs_words", level)["items"] == words


@pytest.mark.parametrize("word", HIGH)
def test_a_word_of_high_risk_is_an_error(word: str) -> None:
    assert fields_of(invoice(goods_description=f"Some {word.upper()}s")) == (["goods_description"], [])


@pytest.mark.parametrize("word", [*MEDIUM, *LOW])
def test_other_words_are_a_warning(word: str) -> None:
    assert fields_of(invoice(product_description=f"some {word}")) == ([], ["product_description"])


def test_words_are_whole_and_looked_for_in_every_item() -> None:
    assert invoice(description="mechanical parts, eggshell paint, eggplants, droned").warnings == ()
    items = [*INVOICE["items"], {"description": "Chemicals", "quantity": 1, "unit_price": 0}]
    assert fields_of(invoice(items=items)) == ([], ["items[2].description"])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(Kind), st.data())
def test_a_document_of_any_shape_gets_an_answer(kind: Kind, data: st.DataObject) -> None:
    field = st.sampled_from([*MANDATORY[kind], "description", "exporter_gstin", "port_of_discharge"])
    found = validate_document(kind, data.draw(st.dictionaries(field, ANYTHING)), RATES)
    assert found.is_valid is not bool(found.errors)
    assert all(finding.message and finding.suggestion for finding in (*found.errors, *found.warnings))


def test_a_huge_number_is_answered_too() -> None:
    huge = {"quantity": "9" * 40, "unit_price": "9" * 40}
    assert fields_of(invoice(items=[huge], total_value="9" * 39)) == (["total_value"], [])
    assert not invoice(total_value=10**400).is_valid
