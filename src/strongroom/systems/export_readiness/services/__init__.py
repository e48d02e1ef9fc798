"""What export readiness does: each action a plain function over a session, run as one unit of work."""
