"""What became of a run, as the platform's action hooks tell it: their events read, counted, and told apart by run."""
