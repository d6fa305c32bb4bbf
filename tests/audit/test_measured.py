"""A measured model and its file."""

import numpy as np

from aelatent.audit.description import read
from aelatent.audit.measured import MeasuredModel
from aelatent.audit.measuring import measure


def test_what_was_measured_comes_back_from_its_file(describe, tmp_path):
    path = describe()
    found = measure(read(path))
    (tmp_path / "measured.npz").write_bytes(found.pack())
    again = MeasuredModel.unpack(read(path), tmp_path / "measured.npz")
    np.testing.assert_allclose(again.trainings[0].codes, found.trainings[0].codes, rtol=1e-6)
    assert again.image_judge.card == found.image_judge.card
    pixels = again.autoencoders[0].decode(again.trainings[0].codes[:20])
    np.testing.assert_array_equal(
        again.image_judge.accepts(pixels), found.image_judge.accepts(pixels)
    )


def test_a_threshold_of_the_users_judge_comes_back(describe, tmp_path):
    description = read(describe(judge="networks_of_mine:fits"))
    found = measure(description)
    (tmp_path / "measured.npz").write_bytes(found.pack())
    again = MeasuredModel.unpack(description, tmp_path / "measured.npz")
    assert again.image_judge.judge.threshold == found.image_judge.judge.threshold < 0
    assert again.image_judge.card == found.image_judge.card
