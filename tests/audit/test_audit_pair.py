"""`aelatent.compare` says what changed from one audit to another."""

import numpy as np
import pytest

import aelatent
from aelatent.runtime.files import StorageError

D = 16


def audited(digits, decode):
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:D]
    return aelatent.audit(
        encoder=lambda x: (x.reshape(len(x), -1) - mean) @ axes.T,
        decoder=lambda z: decode(np.clip(z @ axes + mean, 0, 1)),
        images=digits.pixels[:800],
        progress=False,
    )


@pytest.fixture(scope="module")
def good(digits):
    return audited(digits, lambda x: x)


@pytest.fixture(scope="module")
def worse(digits):
    noise = np.random.default_rng(0)
    return audited(digits, lambda x: np.clip(x + 0.15 * noise.normal(size=x.shape), 0, 1))


def test_an_audit_equals_itself(good):
    found = aelatent.compare(good, good)
    assert found.regressions == []
    assert "numbers within noise" in repr(found)
    found.check()


def test_what_became_worse_comes_first_and_fails_a_test(good, worse):
    found = aelatent.compare(good, worse)
    assert repr(found).startswith("WORSE:")
    assert found.rows()[0]["change"] == "worse"
    assert "reconstruction error" in found._repr_html_()
    with pytest.raises(AssertionError, match="FAILED reconstruction error"):
        found.check()


def test_files_and_folders_of_audits_are_compared_too(good, tmp_path):
    saved = good.save(tmp_path / "mine.npz")
    good.report(tmp_path / "audit")
    assert aelatent.compare(saved, tmp_path / "audit").regressions == []
    with pytest.raises(StorageError, match="expected the folder of an audit"):
        aelatent.compare(tmp_path, good)
