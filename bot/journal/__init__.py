"""The durable record of every launch."""
