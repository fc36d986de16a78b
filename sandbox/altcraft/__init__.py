"""A stand-in for the Altcraft Platform: campaigns, segments and databases, and the methods that a launch calls."""
