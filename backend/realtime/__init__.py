"""What is told to open screens after a commit."""
