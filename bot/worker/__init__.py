"""Does what is due: activate, follow, expire, publish."""
