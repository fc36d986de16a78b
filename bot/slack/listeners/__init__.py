"""What people do in Slack, one file a kind: read the payload, ack, ask the desk, show what came back."""
