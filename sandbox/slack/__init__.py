"""A stand-in for Slack: people, channels and files, and the APIs that an app calls. See README.md."""
