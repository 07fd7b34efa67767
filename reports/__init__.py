"""What we publish."""
