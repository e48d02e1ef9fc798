"""Actions on companies, scores, alerts, webhooks and clients: plain functions over a session."""
