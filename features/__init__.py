"""What was known about a customer on a date."""
