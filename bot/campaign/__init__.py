"""What is asked of the platform, and what it tells of its campaigns."""
