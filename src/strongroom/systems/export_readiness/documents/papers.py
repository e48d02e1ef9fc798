"""A document laid out for reading, before it becomes a file of any kind: plain text in facts, tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.export_readiness.documents.layouts import ITEMS, LAYOUTS, Layout, label_of
from strongroom.systems.export_readiness.models import GeneratedDocument, Report
from strongroom.systems.export_readiness.rules import DOCUMENT, dotted, shown_id
from strongroom.systems.export_readiness.rules.wording import written
from strongroom.systems.export_readiness.services.access import get_own_report
from strongroom.systems.export_readiness.services.documents import get_document


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one below the other."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as wide as `columns`."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences, each a paragraph."""

    heading: str
    paragraphs: tuple[str, ...]


Block = Facts | Table | Words


@dataclass(frozen=True, slots=True)
class Paper:
    """number: the document's own, if it has one. reference: its id as shown. banner: what a draft says of itself."""

    title: str
    number: str
    reference: str
    made_at: datetime
    banner: str
    blocks: tuple[Block, ...]

    def texts(self) -> Iterator[str]:
        """Everything that is written on it."""
        yield from (self.title, self.number, self.reference, self.banner)
        for block in self.blocks:
            yield block.heading
            match block:
                case Facts():
                    yield from (text for row in block.rows for text in row)
                case Table():
                    yield from block.columns
                    yield from (text for row in block.rows for text in row)
                case Words():
                    yield from block.paragraphs


def read_paper(session: Session, document_id: UUID | str) -> Paper:
    """A document laid out, ready to be rendered after the session has ended. Raises DocumentNotFound."""
    document = get_document(session, document_id)
    return build_paper(document, get_own_report(session, document.report_id))


def build_paper(document: GeneratedDocument, report: Report) -> Paper:
    """The document with what it is about. Values that are not text or numbers are written out in words."""
    layout, data = LAYOUTS[document.document_type], document.document_data
    return Paper(
        title=layout.title,
        number=written(data.get(layout.number)) if data.get(layout.number) else "",
        reference=shown_id(document.id, DOCUMENT),
        made_at=document.updated_at,
        banner=_banner(document),
        blocks=tuple(_blocks(layout, data, document, report)),
    )


def _banner(document: GeneratedDocument) -> str:
    if document.is_valid:
        return ""
    errors = (document.validation_results or {}).get("errors") or ()
    return f"DRAFT: {len(errors)} to correct" if errors else "DRAFT: not checked yet"


def _blocks(layout: Layout, data: Mapping[str, Any], document: GeneratedDocument, report: Report) -> Iterator[Block]:
    for group in layout.groups:
        if present := tuple(key for key in group.keys if key in data):
            yield Facts(group.heading, tuple((label_of(key), written(data[key])) for key in present))
    if layout.columns:
        yield _items(layout, data.get(ITEMS))
    if totals := tuple((label_of(key), written(data[key])) for key in layout.totals if key in data):
        yield Facts("Total", totals)
    if further := tuple((label_of(written(key)), written(data[key])) for key in data if key not in layout.keys):
        yield Facts("Further particulars", further)
    product = [("Product", report.product_name), ("Destination", report.destination_country)]
    if report.hs_code:
        product.append(("HS code", dotted(report.hs_code)))
    product.append(("Report", report.shown_id))
    yield Facts("From the report", tuple((label, written(value)) for label, value in product))
    if layout.declaration:
        yield Words("Declaration", (layout.declaration, "Place and date:", "Signature:"))
    if not document.is_valid and (findings := _findings(document)):
        yield Words("To correct", findings)


def _items(layout: Layout, items: Any) -> Table:
    listed = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    used = tuple(key for key in layout.columns if any(key in item for item in listed)) or layout.columns
    rows = tuple((str(number), *(written(item.get(key)) for key in used)) for number, item in enumerate(listed, 1))
    return Table("Items", ("No.", *map(label_of, used)), rows)


def _findings(document: GeneratedDocument) -> tuple[str, ...]:
    errors: Sequence[Any] = (document.validation_results or {}).get("errors") or ()
    return tuple(
        f"{written(error.get('field'))}: {written(error.get('message'))}"
        for error in errors
        if isinstance(error, Mapping)
    )
