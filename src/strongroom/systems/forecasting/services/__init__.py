"""What forecasting does: each operation one function over a session, or over series alone."""
