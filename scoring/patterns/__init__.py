"""Boosters of small trees as tables of decision patterns."""
