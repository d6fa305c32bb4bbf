"""Made records: a claim, its control, a crash, with any field replaced."""

from aelatent.verdicts import Record

RULE = (
    "Supported when the 95 % interval over replicates lies above 0.8; refuted when it lies below; "
    "inconclusive otherwise."
)


def record(**fields):
    """Make a supported claim, with the given fields instead of its own."""
    values = {
        "id": "B-08",
        "name": "test_radius_peaks[faces_ae]",
        "title": "The radius density peaks near sqrt(N).",
        "source": '000 part 2 (11 Nov 2022), "Number density": 16.5.',
        "model": "faces_ae",
        "outcome": "supported",
        "expected": "supported",
        "file": "claims/a/test_radius.py",
        "effect": 0.931,
        "interval": (0.9, 0.96),
        "unit": "hit rate",
        "source_value": 1.03,
        "per_replicate": [0.92, 0.94],
        "rule": RULE,
        "sections": {"Statement": "Codes lie on a shell.", "Decision": RULE},
        "parts": [part()],
        "command": "pytest 'claims/a/test_radius.py::test_radius_peaks[faces_ae]'",
        "seconds": 2.5,
    }
    return Record(**(values | fields))


def control(**fields):
    """Make a control that says the opposite of the claim, as it must."""
    name = "test_control_untrained_decoders_fail[faces_ae]"
    values = {"name": name, "title": "Untrained decoders fail.", "source": "", "sections": {},
              "control": True, "outcome": "refuted", "expected": "refuted"}  # fmt: skip
    return record(**(values | fields))


def part(**fields):
    """Make one part of a claim."""
    values = {"effect": 0.931, "interval": [0.9, 0.96], "unit": "hit rate", "rule": RULE,
              "outcome": "supported", "per_replicate": [0.92, 0.94], "pvalue": None}  # fmt: skip
    return values | fields


def crashed(**fields):
    """Make a claim that ended in a traceback."""
    values = {"name": "test_crash[faces_ae]", "title": "A claim whose check breaks.",
              "outcome": "error", "effect": None, "interval": None, "source_value": None,
              "per_replicate": [], "parts": [], "rule": "",
              "message": "Traceback (most recent call last):\n  ValueError: no data"}  # fmt: skip
    return record(**(values | fields))
