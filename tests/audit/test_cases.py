"""Inputs that users of other tools ran into give the answer that a user expects."""

import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

import aelatent
from aelatent.audit.description import DescriptionError, read
from aelatent.audit.measuring import measure
from aelatent.audit.untrusted_files import UntrustedFileError
from aelatent.cli import main
from aelatent.data.folder import read as read_folder

NOISE = "np.random.default_rng().normal(size=(len(images), 16))"


@pytest.fixture
def mine(home):
    """Write `made` and `shown`, an encoder and a decoder of other bodies, into the module."""

    def write(made="return encode(images)", shown="return decode(codes)", top=""):
        file = home / "networks_of_mine.py"
        added = f"\n{top}\n\ndef made(images):\n    {made}\n\n\ndef shown(codes):\n    {shown}\n"
        file.write_text(file.read_text() + added)
        return {"encoder": "networks_of_mine:made", "decoder": "networks_of_mine:shown"}

    return write


def notes(path):
    return " ".join(measure(read(path)).autoencoders[0].reading.notes)


def test_an_encoder_may_give_its_draw_first(describe, mine):
    made = f"m = encode(images); return m + {NOISE}, m, np.zeros_like(m)"
    assert "(draw, mean, log-variance)" in notes(describe(**mine(made)))


def test_an_encoder_that_samples_is_named(describe, mine):
    assert "two codes of one image differ" in notes(
        describe(**mine(f"return encode(images) + 0.1 * {NOISE}"))
    )


def test_a_decoder_of_logits_is_refused_with_the_remedy(describe, mine):
    shown = "p = np.clip(decode(codes), 1e-5, 1 - 1e-5); return np.log(p / (1 - p))"
    with pytest.raises(DescriptionError, match="a sigmoid after the decoder: it returns logits"):
        measure(read(describe(**mine(shown=shown))))


def test_a_key_that_stands_twice_is_refused(describe):
    path = describe()
    path.write_text(path.read_text() + "encoder: networks_of_mine:twisted\n")
    with pytest.raises(DescriptionError, match="encoder: given twice"):
        read(path)


def save_images(folder, pixels):
    folder.mkdir(parents=True)
    for number, image in enumerate(pixels):
        Image.fromarray(image[..., 0]).save(folder / f"{number}.png")


def test_links_to_folders_are_followed(tmp_path, digits):
    save_images(tmp_path / "photos" / "cats", digits.pixels[:30])
    save_images(tmp_path / "elsewhere" / "dogs", digits.pixels[30:60])
    (tmp_path / "photos" / "dogs").symlink_to(tmp_path / "elsewhere" / "dogs")
    (tmp_path / "photos" / "dogs" / "loop").symlink_to(tmp_path / "photos")
    found = read_folder(tmp_path / "photos")
    assert np.bincount(found.labels).tolist() == [30, 30]


def test_folders_of_classes_are_labels(describe, home, digits):
    for label in range(10):
        chosen = digits.pixels[digits.labels == label][:60]
        save_images(home / "photos" / str(label), chosen)
    found = measure(read(describe(images="folder:photos")))
    assert np.bincount(found.labels).tolist() == [60] * 10
    assert found.groups is None
    assert 0 < found.fitted.mean() < 1


def test_too_few_groups_are_refused(describe, home, digits):
    np.save(home / "groups.npy", digits.labels)
    with pytest.raises(DescriptionError, match="expected 11 groups of images or more, received 10"):
        measure(read(describe(groups="groups.npy")))


def test_a_module_that_cannot_be_imported_is_named_with_its_line(describe, mine):
    with pytest.raises(DescriptionError, match=r"FileNotFoundError.*networks_of_mine\.py:\d+"):
        measure(read(describe(**mine(top="weights = open('weights/best.pt').read()"))))


def test_indices_of_a_codebook_are_refused(describe, home):
    np.save(home / "codes.npy", np.zeros((900, 16), np.int64))
    only = {"encoder": None, "decoder": None, "images": None, "codes": "codes.npy"}
    with pytest.raises(DescriptionError, match="indices of a codebook"):
        measure(read(describe(**only)))


def test_a_model_that_has_collapsed_is_named(describe, mine):
    (reason,) = measure(read(describe(**mine("return encode(images) * 0 + 1")))).refusals
    assert reason.startswith("The model does not reconstruct its images: all images have one code")


def test_ranges_of_encoder_and_decoder_may_differ(describe, mine):
    networks = mine(shown="return decode(codes) * 2 - 1")
    pair = "{encoder: [0, 1], decoder: [-1, 1]}"
    with pytest.raises(DescriptionError) as refused:
        measure(read(describe(**networks)))
    assert f"Declare `range: {pair}`" in str(refused.value)
    assert measure(read(describe(**networks, range=pair))).reconstructions[0].sufficient


def test_flat_images_are_shaped_as_the_originals(describe, mine):
    found = measure(read(describe(**mine(shown="return decode(codes).reshape(len(codes), -1)"))))
    assert found.image_shape == (8, 8, 1)


@pytest.mark.parametrize("declared", [{}, {"batch": 64}])
def test_a_decoder_of_whole_batches_gets_them(describe, mine, declared):
    found = measure(
        read(describe(**mine(shown="return decode(codes + np.zeros((64, 16)))"), **declared))
    )
    assert found.reconstructions[0].sufficient


def test_reconstructions_among_the_outputs_are_no_codes(describe, mine):
    made = "m = encode(images); return decode(m), images, m, np.zeros_like(m)"
    assert "Output 0 of the encoder has the shape of an image" in notes(describe(**mine(made)))


def test_a_folder_without_images_is_told_what_it_holds(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.gif").write_bytes(b"GIF89a")
    with pytest.raises(aelatent.data.DataError, match=r"received 3 files: 3 \.gif"):
        read_folder(tmp_path)


def test_files_of_keras_2_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "old.keras", "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "2.15.0"}')
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", b"")
    from aelatent.audit.keras_archive import check_keras

    with pytest.raises(UntrustedFileError, match=r"saved by Keras 2\.15\.0"):
        check_keras(tmp_path / "old.keras")


@pytest.mark.parametrize(
    ("constant", "d", "said"),
    [([5, 9], 16, "constant: 2 of 16 components, [5, 9]"), ([], 1, "no ratio to it is given")],
)
def test_codes_of_one_dimension_or_dead_units_are_described(tmp_path, capsys, constant, d, said):
    codes = np.random.default_rng(0).normal(size=(500, d)).astype(np.float32)
    codes[:, constant] = 1.5
    np.save(tmp_path / "codes.npy", codes)
    assert main(["describe", str(tmp_path / "codes.npy")]) == 0
    told = capsys.readouterr().out
    assert said in told
    assert "excess kurtosis" in told


@pytest.mark.slow
def test_the_users_module_is_imported_without_keras(describe, mine, home):
    top = f"import sys; open({str(home / 'seen')!r}, 'a').write(str('keras' in sys.modules) + ' ')"
    spec = describe(**mine(top=top))
    command = [sys.executable, "-m", "aelatent", "audit", str(spec), "--claims", "B-08"]
    subprocess.run([*command, "--report", str(home / "out")], check=True, capture_output=True)
    assert set((home / "seen").read_text().split()) == {"False"}


@pytest.mark.slow
def test_many_equal_codes_take_no_report_with_them(describe, home):
    codes = np.random.default_rng(0).normal(size=(1000, 16))
    codes[:300] = codes[0]
    np.save(home / "codes.npy", codes)
    only = {"encoder": None, "decoder": None, "images": None, "codes": "codes.npy"}
    options = ["--report", str(home / "out"), "--claims", "B-25", "B-08"]
    assert main(["audit", str(describe(**only)), *options]) == 0
    records = aelatent.report.read_results(home / "out" / "verdicts" / "results.json").records
    outcomes = {record.id: record.outcome for record in records}
    assert outcomes["B-25"] in {"not applicable", "error"}
    assert outcomes["B-08"] in {"supported", "refuted", "inconclusive"}
