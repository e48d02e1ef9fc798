"""What portfolio does: each action a plain function over a session, run whole by the unit of work or not at all."""
