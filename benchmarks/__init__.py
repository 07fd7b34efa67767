"""What is measured rather than tested: speed, memory, and what scores are worth."""
