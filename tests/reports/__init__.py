"""Tests of what we publish."""
