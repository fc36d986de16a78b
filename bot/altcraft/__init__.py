"""The Altcraft Platform HTTP API, over requests."""
