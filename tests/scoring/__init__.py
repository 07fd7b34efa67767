"""Tests of the package `scoring`, module for module."""
