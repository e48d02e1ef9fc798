"""What each type of document looks like: its parts, their headings, and the sentence that is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from strongroom.systems.export_readiness.rules import DocumentTypeEnum, wording

ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Group:
    """Facts below one heading; keys of the document's data."""

    heading: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """number: the key of the document's own number. columns: of its items; none where it has no items."""

    title: str
    number: str
    groups: tuple[Group, ...]
    columns: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    declaration: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Every key that has a place."""
        return frozenset({ITEMS, *self.totals, *(key for group in self.groups for key in group.keys)})


_EXPORTER = Group("Exporter", ("exporter_name", "exporter_address", "exporter_gstin", "exporter_iec"))
_CONSIGNEE = Group("Consignee", ("consignee_name", "consignee_address", "destination_country"))
_PORTS = ("port_of_loading", "port_of_discharge")

LAYOUTS: Mapping[DocumentTypeEnum, Layout] = MappingProxyType(
    {
        DocumentTypeEnum.COMMERCIAL_INVOICE: Layout(
            "Commercial invoice",
            "invoice_number",
            (
                Group("Invoice", ("invoice_number", "invoice_date", "payment_terms", "incoterm")),
                _EXPORTER,
                _CONSIGNEE,
                Group("Shipment", _PORTS),
            ),
            ("description", "hs_code", "quantity", "unit", "unit_price"),
            ("total_value", "currency"),
            "We declare that this invoice shows the actual price of the goods described, and that all particulars are "
            "true and correct.",
        ),
        DocumentTypeEnum.PACKING_LIST: Layout(
            "Packing list",
            "packing_list_number",
            (Group("Packing list", ("packing_list_number", "date", "invoice_number")), _EXPORTER, _CONSIGNEE),
            ("description", "quantity", "unit", "packages", "net_weight", "gross_weight"),
            ("total_packages", "total_weight", "dimensions"),
            "The packages hold what is listed here and nothing else.",
        ),
        DocumentTypeEnum.SHIPPING_BILL: Layout(
            "Shipping bill: data sheet",
            "shipping_bill_number",
            (
                Group("Shipping bill", ("shipping_bill_number", "date")),
                _EXPORTER,
                _CONSIGNEE,
                Group("Shipment", _PORTS),
            ),
            ("description", "hs_code", "quantity", "unit", "fob_value"),
            ("total_fob_value", "currency"),
            "For filing by the exporter or a licensed customs broker; this sheet is no assessed shipping bill.",
        ),
        DocumentTypeEnum.GST_LUT: Layout(
            "Letter of undertaking for export without payment of integrated tax",
            "lut_number",
            (Group("Undertaking", ("lut_number", "financial_year", "declaration_date")), _EXPORTER),
            declaration="We undertake to export the goods or services supplied without payment of integrated tax "
            "within the time that rule 96A of the CGST Rules, 2017 allows, to observe all provisions on exports, and "
            "to pay the tax with interest if we fail to export.",
        ),
        DocumentTypeEnum.SOFTEX: Layout(
            "SOFTEX declaration: data sheet",
            "softex_number",
            (
                Group("Declaration", ("softex_number", "date")),
                _EXPORTER,
                Group("Service", ("service_description", "service_recipient", "recipient_country")),
            ),
            totals=("invoice_value", "currency"),
            declaration="We declare that the particulars are true and that the export value will be received in India "
            "within the time prescribed under FEMA.",
        ),
        DocumentTypeEnum.CERTIFICATE_OF_ORIGIN: Layout(
            "Certificate of origin: application",
            "certificate_number",
            (
                Group("Certificate", ("certificate_number", "date", "origin_country")),
                _EXPORTER,
                _CONSIGNEE,
                Group("Shipment", _PORTS),
            ),
            ("description", "hs_code", "quantity", "unit", "origin_criterion"),
            declaration="We declare that the goods described originate in the country named above.",
        ),
    }
)

_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "exporter_gstin": "GSTIN",
        "exporter_iec": "Importer-exporter code",
        "hs_code": "HS code",
        "lut_number": "LUT number",
        "total_fob_value": "Total FOB value",
        "fob_value": "FOB value",
        "exporter_name": "Name",
        "exporter_address": "Address",
        "consignee_name": "Name",
        "consignee_address": "Address",
    }
)


def label_of(key: str) -> str:
    """A key of a document in words."""
    return _LABELS.get(key) or wording.label_of(wording.printable(key))
