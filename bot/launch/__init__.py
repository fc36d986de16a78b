"""What a launch is: no Slack, no HTTP, no SQL, no clock of its own."""
