"""Pure functions from state to Block Kit."""
