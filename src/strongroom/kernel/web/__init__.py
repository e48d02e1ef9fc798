"""The web floor: problems, requests, tokens, pages, idempotency keys and health, ready for any system."""

from strongroom.kernel.web.application import build_base_app
from strongroom.kernel.web.authentication import (
    Lifetimes,
    RefreshClaims,
    RefreshToken,
    TokenService,
    bearer_actor,
    require_role,
)
from strongroom.kernel.web.bodies import (
    PRINTABLE_LINE,
    STORABLE_TEXT,
    ChangeBody,
    MomentIn,
    NumberIn,
    NumberOut,
    RequestBody,
    ResponseBody,
    decimal_schema,
    read_exact,
)
from strongroom.kernel.web.callers import ANONYMOUS, PublicDatabase, acting_database, own_id, token_service
from strongroom.kernel.web.catalogue import known_errors
from strongroom.kernel.web.health import build_health_router
from strongroom.kernel.web.idempotency import IdempotencyKey
from strongroom.kernel.web.jobs import JobOut, build_jobs_router
from strongroom.kernel.web.paging import PAGE_PROBLEMS, ListPart, PageOut, PageParameters, PageRequest
from strongroom.kernel.web.problems import Problem, install_problem_handlers, problem_responses

__all__ = [
    "ANONYMOUS",
    "PAGE_PROBLEMS",
    "PRINTABLE_LINE",
    "STORABLE_TEXT",
    "ChangeBody",
    "IdempotencyKey",
    "JobOut",
    "Lifetimes",
    "ListPart",
    "MomentIn",
    "NumberIn",
    "NumberOut",
    "PageOut",
    "PageParameters",
    "PageRequest",
    "Problem",
    "PublicDatabase",
    "RefreshClaims",
    "RefreshToken",
    "RequestBody",
    "ResponseBody",
    "TokenService",
    "acting_database",
    "bearer_actor",
    "build_base_app",
    "build_health_router",
    "build_jobs_router",
    "decimal_schema",
    "install_problem_handlers",
    "known_errors",
    "own_id",
    "problem_responses",
    "read_exact",
    "require_role",
    "token_service",
]
