"""The page: what it shows, from where, and who may ask for it."""
