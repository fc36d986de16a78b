"""A picture of numbers over time, drawn by a process of its own: matplotlib takes memory that the bot does not need."""
