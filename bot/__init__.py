"""campaign-bot: launch Altcraft Platform campaigns from Slack, approved by a teammate, exactly once."""
