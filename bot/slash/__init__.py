"""What people type after a command, read into requests and questions, and written back."""
