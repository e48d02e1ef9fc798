"""`strongroom token`: lets a person or a program into one system, where no sign-in of its own does it."""

from __future__ import annotations

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import typer

from strongroom.assembly import SYSTEMS, Building, secret_key
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Actor

TTL_MAX_S = 30 * 86_400


def token(
    context: typer.Context,
    system: Annotated[str, typer.Option("--system", "-s", help="The system that the token opens.")],
    name: Annotated[str, typer.Option("--name", "-n", help="Who will act; stands beside what they write.")],
    role: Annotated[list[str], typer.Option("--role", "-r", help="What they may do: viewer, analyst, admin ….")],
    ttl_s: Annotated[int, typer.Option("--ttl-s", min=60, max=TTL_MAX_S, help="How long it is valid, in s.")] = 3600,
) -> None:
    """Print an access token. Whoever holds it acts in this name until it expires: it cannot be taken back.

    Example: curl -H "Authorization: Bearer $(strongroom token -s portfolio -n Ada -r analyst)" …
    """
    building: Building = context.obj
    if system not in {known.name for known in SYSTEMS}:
        raise InvalidValue(field="--system", reason=f"is one of {', '.join(known.name for known in SYSTEMS)}")
    from strongroom.kernel.web import TokenService  # and with it the web framework, which takes a second

    tokens = TokenService(secret_key(building.settings), access_ttl_s=ttl_s).of(system)
    # the same name is the same actor, today and tomorrow
    actor = Actor(uuid5(NAMESPACE_URL, f"strongroom:{system}:{name}"), name, frozenset(role))
    typer.echo(tokens.issue_access(actor))
