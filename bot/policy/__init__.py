"""What guards a launch: who may do what, and what it has to meet before it may start."""
