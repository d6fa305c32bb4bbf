"""Samplers: ways to draw codes, from a cloud (the ladder) or from a stored fit."""
