"""Measuring a user's model: shapes, ranges and channels are checked against the data."""

import numpy as np
import pytest

from aelatent.audit import DescriptionError, judging
from aelatent.audit.adapter import AuditedModel, Lacking
from aelatent.audit.description import read
from aelatent.audit.measuring import measure
from aelatent.audit.untrusted_files import UntrustedFileError


def measured(path):
    return measure(read(path))


def test_codes_reconstructions_and_a_judge_are_measured(describe, digits):
    found = measured(describe())
    assert (found.n, found.d, found.image_shape) == (len(digits), 16, (8, 8, 1))
    assert found.trainings[0].error.max() < 0.1
    assert found.image_judge.card.sensitivity().value > 0.9
    assert found.image_judge.card.false_acceptance().value < 0.5
    assert set(found.fold.tolist()) == set(range(5))
    assert not found.fitted[found.judged].any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"range": "[-1, 1]"}, r"range: expected \[-1, 1\] as declared.*Declare `range: \[0, 1\]`"),
        ({"range": "uint8"}, r"range: expected \[0, 255\] as declared"),
        ({"channels": "first"}, "Declare `channels: last`|expected images of shape"),
        ({"encoder": "networks_of_mine:broken"}, "received RuntimeError: no memory"),
        ({"encoder": "networks_of_mine:nothing"}, "expected finite outputs, received NaN"),
        ({"encoder": "networks_of_mine:none"}, "expected module:callable, importable from"),
        ({"encoder": "networks_of_nobody:encode"}, "expected module:callable, importable from"),
        ({"encoder": "networks_of_mine:mean"}, "expected something to call"),
        ({"encoder": "networks_of_mine:bright"}, "expected one row for each"),
        ({"labels": "weights.npz"}, "expected one array"),
        ({"labels": "images.npy"}, "expected 1797 integers, one an image"),
        ({"decoder": "decoder.keras"}, "decoder.keras: expected a file"),
        ({"judge": "networks_of_mine:lenient"}, "accepts 100 % of yours and 100 % of noise"),
        ({"most": 100}, "expected 500 codes or more, received 100"),
    ],
)
def test_what_does_not_go_together_is_named(describe, changes, said):
    with pytest.raises((DescriptionError, UntrustedFileError), match=f"(?s){said}"):
        measured(describe(**changes))


def test_a_judge_that_accepts_none_of_the_images_is_named(describe, monkeypatch):
    """The judge of faces takes 5 ms an image: fewer are measured than usual."""
    monkeypatch.setattr(judging, "CARD_IMAGES", 40)
    monkeypatch.setattr(judging, "NONIMAGES", 40)

    with pytest.raises(DescriptionError, match="the judge of faces accepts 0 % of yours"):
        measured(describe(judge="faces", most=600))


def test_channels_may_come_first(describe):
    mine = {"encoder": "networks_of_mine:encode_first", "decoder": "networks_of_mine:decode_first"}
    found = measured(describe(**mine, channels="first"))
    assert found.image_shape == (8, 8, 1)
    assert found.trainings[0].error.max() < 0.1


def test_means_and_log_variances_make_a_vae(describe):
    found = AuditedModel(measured(describe(encoder="networks_of_mine:vary")))
    assert {
        "vae",
        "autoencoder",
        "trained",
        "decoder",
        "encoder",
        "wide",
    } <= found.description.capabilities
    replicate = found.whole.replicates[0]
    assert replicate.held_out.z_log_var.shape == replicate.held_out.z_mean.shape
    assert replicate.posteriors("train")["kl_per_dimension"].shape == (16,)


def test_codes_and_a_decoder_are_enough_for_part(describe, home, digits):
    np.save(home / "codes.npy", np.random.default_rng(0).normal(size=(900, 4, 4)))
    (home / "networks_of_mine.py").write_text(
        (home / "networks_of_mine.py").read_text()
        + "\n\ndef decode_map(codes):\n    return decode(codes.reshape(len(codes), -1))\n"
    )
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = measured(describe(**only, decoder="networks_of_mine:decode_map"))
    assert (found.d, found.autoencoders[0].code_shape) == (16, (4, 4))
    words = AuditedModel(found).description.capabilities
    assert {"decoder", "faces"} <= words
    assert "encoder" not in words


def test_codes_alone_are_enough_for_fewer(describe, home):
    np.save(home / "codes.npy", np.random.default_rng(0).normal(size=(900, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy", "decoder": None}
    found = AuditedModel(measured(describe(**only)))
    assert found.description.capabilities == {
        "trained",
        "autoencoder",
        "codes",
        "covariance",
        "wide",
    }
    with pytest.raises(Lacking, match="a decoder"):
        found.image_judge()
    with pytest.raises(Lacking, match="a decoder"):
        found.whole.replicates[0].decode(np.zeros((1, 16)))


def test_pickled_codes_are_refused(describe, home):
    np.save(home / "codes.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    only = {"encoder": None, "images": None, "codes": "codes.npy", "decoder": None}
    with pytest.raises(UntrustedFileError, match="No pickled object is loaded"):
        measured(describe(**only))


def test_one_training_stands_for_five_parts_of_its_images(describe):
    found = AuditedModel(measured(describe()))
    parts = found.whole.replicates
    assert [parts[1].name, found.undivided.name] == ["mine, part 2", "mine, training 1"]
    assert [part.seed for part in parts] == [0, 1, 2, 3, 4]
    assert all(part.reconstruct().shape == (part.held_out.n, 8, 8, 1) for part in parts)
    assert len({part.train.z_mean.tobytes() for part in parts}) == 5
    with pytest.raises(Lacking, match="which images the model was trained on"):
        parts[0].mean_error("train")


def test_several_trainings_are_the_replicates(describe):
    further = (
        "[{encoder: networks_of_mine:twisted, decoder: networks_of_mine:decode}, "
        "{encoder: networks_of_mine:encode, decoder: networks_of_mine:decode}]"
    )
    found = measured(describe(replicates=further))
    assert len(found.trainings) == 3
    replicates = AuditedModel(found).whole.replicates
    assert [r.name for r in replicates] == [f"mine, training {k}" for k in (1, 2, 3)]
    assert found.trainings[1].error.mean() > found.trainings[0].error.mean()


def test_images_of_a_group_go_one_way(describe, home, digits):
    groups = np.arange(len(digits)) // 3
    np.save(home / "groups.npy", groups)
    found = measured(describe(groups="groups.npy"))
    for values in (found.fold, found.fitted):
        assert all(len(set(values[groups == group].tolist())) == 1 for group in range(50))


@pytest.mark.parametrize("judge", ["fits", "fair"])
def test_a_judge_of_ones_own_is_measured_like_ours(describe, judge):
    found = measured(describe(judge=f"networks_of_mine:{judge}"))
    assert found.judge_words == f"your judge networks_of_mine:{judge}"
    assert found.sensitivity.startswith(f"Your judge networks_of_mine:{judge} accepts 9")
    assert [row.kind for row in found.image_judge.card.rows][:1] == ["held-out originals"]
    assert found.image_judge.card.sensitivity().value > 0.9
