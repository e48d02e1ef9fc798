"""The kernel knows no system, no setting and no command; imports run down its floors only."""
