"""What we expect."""
