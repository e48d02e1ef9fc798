"""The history of forecasting's schema: revisions, and the triggers and functions they install."""
