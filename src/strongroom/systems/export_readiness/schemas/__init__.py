"""What export readiness takes and answers over HTTP: names, kinds and bounds; what may be is said by the rules."""
