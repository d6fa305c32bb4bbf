"""Made records that a report must cope with: joint, refuted, crashed, not applicable."""

import pytest

from .samples import control, crashed, furnish, record


@pytest.fixture
def records():
    """One record of every kind, from two documents."""
    figures = {
        "figures": ["figures/peak.svg"],
        "alternatives": ["All replicates lie near 0.93."],
    }
    digits = {"source": "002 (11 Oct 2020), Fig. 8.", "file": "claims/b/test_vae.py", "id": "D-16"}
    return [
        record(title="VAE samples decode to digits.", name="test_vae[vae]", model="vae", **digits),
        control(**figures),
        record(**figures),
        crashed(file="claims/a/test_crash.py"),
        crashed(
            name="test_skip[vae]",
            model="vae",
            outcome="not applicable",
            message="no images of faces",
            **digits,
        ),
        record(name="test_surprise[faces_ae]", outcome="refuted", because="it should"),
    ]


@pytest.fixture
def environment():
    return {
        "date": "2026-11-21",
        "commit": "93afba4c12ab",
        "versions": {"python": "3.11.2", "numpy": "2.4.6"},
        "hardware": {"cores": 2, "native_bfloat16": True},
        "data": ["lfw", "mnist"],
    }


@pytest.fixture
def folder(tmp_path):
    """A report's folder in which a plot and a picture have been drawn."""
    return furnish(tmp_path)
