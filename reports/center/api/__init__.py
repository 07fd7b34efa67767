"""The programmatic interface, which answers as the vendor's own does."""
