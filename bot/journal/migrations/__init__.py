"""Schema changes, applied at start."""
