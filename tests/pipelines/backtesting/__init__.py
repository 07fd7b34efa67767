"""Tests of the package `pipelines`, module for module."""
