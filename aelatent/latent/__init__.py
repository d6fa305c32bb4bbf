"""Codes in memory, in files and between points: clouds, distances, interpolation."""
