"""What production demands beyond the database, and bounds that must not cross; `values` as in database_rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from strongroom.settings.problems import Problem

REQUIRED_KEYS = ("secret_key", "banking_card_key", "biotech_webhook_key")
DEVELOPMENT_ONLY = ("biotech_allow_private_targets", "biotech_allow_http_targets")
ASCENDING = (
    ("banking_min_transfer", "banking_max_transfer"),
    ("banking_daily_limit", "banking_monthly_limit"),
    ("banking_monthly_limit", "banking_yearly_limit"),
    ("access_token_ttl_s", "refresh_token_ttl_s"),
    ("forecasting_access_token_ttl_s", "forecasting_refresh_token_ttl_s"),
    ("export_readiness_access_token_ttl_s", "export_readiness_refresh_token_ttl_s"),
)


def find_contradictions(values: Mapping[str, Any]) -> Iterator[Problem]:
    if values["environment"] == "production":
        for key in REQUIRED_KEYS:
            if values[key] is None:
                yield Problem(
                    key.upper(),
                    "must be set in production, equal in all processes; "
                    'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                )
        for name in DEVELOPMENT_ONLY:
            if values[name]:
                yield Problem(name.upper(), "is for development: refused in production")
        if "*" in values["cors_allowed_origins"]:
            yield Problem("CORS_ALLOWED_ORIGINS", "'*' is refused in production: name the origins")
    for lower, upper in ASCENDING:
        if values[lower] > values[upper]:
            yield Problem(lower.upper(), f"{values[lower]} must not be above {upper.upper()}, which is {values[upper]}")
