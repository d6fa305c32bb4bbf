"""A record of a claim."""

import pytest

from aelatent.inference.rules import Record


@pytest.fixture
def record_of():
    """Return a function that makes a record with one part."""

    def make(**changes):
        part = {
            "effect": 1.6,
            "interval": [1.4, 1.8],
            "unit": "peak radius over sqrt(N)",
            "outcome": "refuted",
        }
        told = {
            "id": "B-08",
            "name": "test_peak[ae]",
            "title": "Radii peak near sqrt(N).",
            "source": "anracom II",
            "model": "ae",
            "outcome": "refuted",
            "expected": "refuted",
            "file": "claims/x/test_peak.py",
            "parts": [part],
            "per_replicate": [1.5, 1.7],
            "models": ["ae"],
        }
        return Record(**{**told, **changes})

    return make
