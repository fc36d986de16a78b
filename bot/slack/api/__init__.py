"""Everything that is asked of Slack."""
