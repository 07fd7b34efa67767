"""What the words of the contract mean: written values in, written values out."""
