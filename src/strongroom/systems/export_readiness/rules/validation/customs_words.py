"""Words in a description that customs looks for; not those that make an inspection likely, which are other ones."""

from __future__ import annotations

from collections.abc import Iterator

from strongroom.systems.export_readiness.rules.reference_rates import Rates
from strongroom.systems.export_readiness.rules.validation.fields import Document, items_of, text_of
from strongroom.systems.export_readiness.rules.validation.findings import Finding, warning
from strongroom.systems.export_readiness.rules.words import phrases_in

DESCRIPTIONS = (
    "product_description", "description", "goods_description", "item_description", "commodity_description",
    "cargo_description", "service_description",
)  # fmt: skip


def check_words(document: Document, rates: Rates) -> Iterator[Finding]:
    """Of high risk: an error. Of medium and low risk: a warning. One for each field and level."""
    texts = {field: text_of(document, field) for field in DESCRIPTIONS}
    texts |= {f"items[{at}].description": text_of(item, "description") for at, item in enumerate(items_of(document))}
    for field, text in texts.items():
        for level in ("high", "medium", "low"):
            found = phrases_in(text, rates.details("customs_words", level)["items"]) if text else ()
            if found:
                message = f"words of {level} risk: {', '.join(found)}"
                suggestion = "Describe the goods otherwise, or attach the licence that they need"
                yield (Finding if level == "high" else warning)(field, message, suggestion)
