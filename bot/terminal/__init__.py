"""What is done in a terminal with the record: verify it, tell it, take it away, prune it."""
