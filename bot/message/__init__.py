"""What people will receive: a campaign's message as the platform tells it, read, checked and compared. Pure."""
