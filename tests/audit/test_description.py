"""Descriptions of a user's model: what they may say, and what they are told."""

import pytest

from aelatent.audit import DescriptionError
from aelatent.audit.description import read


def test_the_least_that_works_is_read(describe):
    found = read(describe())
    assert (found.value_range, found.channels, found.judge) == ((0.0, 1.0), "last", None)
    assert found.source == f"array:{found.folder / 'images.npy'}"
    assert [part.encoder for part in found.trainings] == ["networks_of_mine:encode"]


@pytest.mark.parametrize(
    ("written", "limits"),
    [("[0, 1]", (0, 1)), ("[-1, 1]", (-1, 1)), ("uint8", (0, 255)), ("[0, 255]", (0, 255))],
)
def test_a_range_is_one_of_three(describe, written, limits):
    assert read(describe(range=written)).value_range == limits


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "colour: unknown key"),
        ({"encoder": None}, "expected an encoder or codes, received neither"),
        ({"images": None}, "expected images for the encoder"),
        ({"codes": "codes.npy"}, "expected an encoder or codes, received both"),
        ({"encoder": "encoder.h5"}, "expected a .keras or an .onnx file"),
        ({"encoder": "encoder.pt"}, "expected a .keras or an .onnx file"),
        ({"encoder": "nets.py:encode"}, "did you mean nets:encode?"),
        ({"encoder": "src/nets.py:encode"}, "did you mean src.nets:encode?"),
        ({"decoder": "nets.py"}, "name its function too, as in nets:encode"),
        ({"judge": "nets.py:fair"}, "did you mean nets:fair?"),
        ({"images": "images.npy"}, "did you mean array:images.npy?"),
        ({"images": "images.npz"}, "save the array with numpy.save"),
        ({"images": "."}, "did you mean folder:.?"),
        ({"range": "[0, 2]"}, "expected [0, 1], [-1, 1], [0, 255] or uint8"),
        ({"channels": "middle"}, "channels: Input should be 'last' or 'first'"),
        ({"judge": "cats"}, "expected digits, faces or module:callable"),
        ({"images": "decoder.keras"}, "images: expected images, received a model"),
        ({"name": None}, "name: Field required"),
        ({"replicates": "[{encoder: networks_of_mine:encode}]"}, "for every replicate or for none"),
    ],
)
def test_a_fault_is_named_with_its_file_and_what_was_expected(describe, changes, said):
    path = describe(**changes)
    with pytest.raises(DescriptionError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    missing = tmp_path / "none.yaml"
    for here, said in (
        (None, "`aelatent init` writes one"),
        ("sixteen.yml", r"There are: sixteen\.yml"),
        ("mine.yaml", r"Did you mean mine\.yaml\?"),
    ):
        if here is not None:
            (tmp_path / here).touch()
        with pytest.raises(DescriptionError, match=rf"none\.yaml: expected the descr.*{said}"):
            read(missing)
    with pytest.raises(DescriptionError, match="There is no such folder"):
        read(tmp_path / "nowhere" / "none.yaml")
