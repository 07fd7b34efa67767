"""Fingerprints by family of technologies."""
