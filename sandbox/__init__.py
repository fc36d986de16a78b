"""Stand-ins for Slack and Altcraft, and a page, so that all of it can be tried with no account."""
