"""`aelatent.audit` answers from objects in memory."""

import inspect
import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from matplotlib.figure import Figure

import aelatent
from aelatent.audit import DescriptionError
from aelatent.audit.running import write_report

D = 16


@pytest.fixture(scope="module")
def model(digits):
    """A linear code of the digits with encode and decode."""
    flat = digits.pixels.reshape(len(digits), -1) / 255
    mean = flat.mean(axis=0)
    axes = np.linalg.svd(flat - mean, full_matrices=False)[2][:D]

    class Linear:
        @staticmethod
        def encode(x):
            return (x.reshape(len(x), -1) - mean) @ axes.T

        @staticmethod
        def decode(z):
            return np.clip(z @ axes + mean, 0, 1)

    return Linear


@pytest.fixture(scope="module")
def result(model, digits):
    return aelatent.audit(model, images=digits.pixels[:1200, ..., 0] / 255, progress=False)


def test_the_package_is_the_function():
    from aelatent.audit.description import ModelDescription

    assert ModelDescription.__name__ in aelatent.audit.__all__
    assert {"encoder", "decoder", "images"} <= set(inspect.signature(aelatent.audit).parameters)


def test_the_result_answers_in_a_few_lines(result):
    assert result.ok
    lines = repr(result).splitlines()
    assert len(lines) < 11
    assert "The model reconstructs its images" in lines[1]
    assert "Draw from this sampler" in lines[2]
    assert "if it was trained on these images" in lines[1].lower()
    assert "Clean means similarity to your images" in lines[-3]
    assert "1,200 images of 8 x 8 x 1, float64 in [0, 1]" in lines[-1]
    assert not any("held-out" in line for line in lines)


def test_printing_adds_the_table_to_the_answer(result):
    printed = str(result)
    assert printed == f"{result!r}\n{result.samplers!r}"
    assert max(map(len, repr(result.samplers).splitlines())) < 80


def test_the_result_shows_itself_in_a_notebook(result):
    page = result._repr_html_()
    assert len(page) < 300_000
    assert all(part in page for part in ("Draw from", "<table>", "data:image/jpeg", "gaussian"))


def test_samplers_have_short_names_and_draw(result):
    assert next(iter(result.samplers)) == result.sampler.short
    gaussian = result.samplers["gaussian"]
    assert gaussian.draw(64).shape == (64, D)
    np.testing.assert_array_equal(gaussian.draw(2, 0), gaussian.draw(2, 0))
    assert gaussian.images(3).shape == (3, 8, 8, 1)
    assert result.samplers.rows()[-1]["sampler"] == "codes"
    with pytest.raises(KeyError, match="expected one of the samplers"):
        result.samplers["normal"]


def test_codes_are_summed_up_against_the_standard_normal(result):
    codes = result.measured.trainings[0].codes
    scale = np.sqrt(np.square(codes).sum(axis=1).mean() / D)
    assert result.codes.scale == pytest.approx(scale)
    assert 1 < result.codes.effective_dimensions < D
    assert (result.codes.dead, result.codes.collapsed) == ((), None)


@pytest.mark.parametrize("name", ["radii", "spectrum", "draws"])
def test_figures_are_drawn_where_asked(result, name):
    assert isinstance(getattr(result.plot, name)(), Figure)
    axes = Figure().subplots()
    assert getattr(result.plot, name)(ax=axes) is axes.get_figure()
    assert axes.has_data()


def test_a_check_raises_with_each_shortfall(result):
    result.check()
    result.check(clean=0.5, sampler=result.sampler.short, max_error=0.5)
    with pytest.raises(AssertionError, match=r"clean rate: .*standard-normal.*expected 90 %"):
        result.check(clean=0.9, sampler="standard-normal")
    with pytest.raises(ValueError, match="expected a sampler of"):
        result.check(clean=0.9, sampler="normal")


def test_a_saved_audit_is_the_same_without_networks(result, tmp_path):
    loaded = aelatent.load_audit(result.save(tmp_path / "mine.npz"))
    assert repr(loaded) == repr(result)
    assert loaded._repr_html_() == result._repr_html_()
    drawn = loaded.samplers["gaussian"].draw(2, 0)
    np.testing.assert_array_equal(drawn, result.samplers["gaussian"].draw(2, 0))
    with pytest.raises(AssertionError, match="FAILED clean rate"):
        loaded.check(clean=0.9, sampler="standard-normal")
    with pytest.raises(DescriptionError, match="expected a decoder"):
        loaded.sampler.images(1)


def test_saving_replaces_only_files_of_its_kind(result, tmp_path):
    audit, sampler = tmp_path / "audit.npz", tmp_path / "sampler.npz"
    for _ in range(2):
        result.save(audit)
        result.sampler.save(sampler)
    for save, path in ((result.save, sampler), (result.sampler.save, audit)):
        before = path.read_bytes()
        with pytest.raises(aelatent.runtime.files.StorageError, match="which stays as it is"):
            save(path)
        assert path.read_bytes() == before


def test_a_report_takes_no_place_of_other_files(result, tmp_path):
    (tmp_path / "index.html").write_text("mine")
    for write in (result.report, lambda folder: write_report(result, folder)):
        with pytest.raises(aelatent.runtime.files.StorageError, match="expected an empty folder"):
            write(tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"
    write_report(result, tmp_path / "audit")
    assert (tmp_path / "audit" / "index.html").is_file()


def test_a_file_that_is_no_audit_is_named(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(aelatent.runtime.files.StorageError, match="expected an audit"):
        aelatent.load_audit(tmp_path / "other.npz")


def test_a_report_is_written_without_claims(result, tmp_path):
    page = result.report(tmp_path / "audit")
    text = page.read_text()
    assert "It can be sampled: " in text
    assert "Draw from this sampler" in text
    assert text.index("figures/answer/standard-normal.png") < text.index("Does it reconstruct?")
    assert (page.parent / "figures" / "answer" / "standard-normal.png").is_file()
    assert json.loads((page.parent / "audit.json").read_text())["codes"]["d"] == D
    summary = (page.parent / "summary.md").read_text()
    assert "\n| sampler | clean | recall | coverage |\n" in summary
    sampler = aelatent.load_sampler(page.parent / "sampler.npz")
    assert sampler.draw(1, np.random.default_rng()).shape == (1, D)
    assert json.loads(result.to_json())["found"] == result.found


def test_codes_and_a_decoder_are_enough(model, digits):
    codes = model.encode(digits.pixels[:800] / 255)
    found = aelatent.audit(codes=codes, decoder=model.decode, shape=(8, 8), progress=False)
    assert found.ok
    assert found.samplers["gaussian"].images(1).shape == (1, 8, 8, 1)


def test_codes_alone_have_a_summary_and_no_sampler(model, digits):
    found = aelatent.audit(codes=model.encode(digits.pixels[:800] / 255), progress=False)
    assert "has no decoder" in repr(found)
    with pytest.raises(ValueError, match="none is recommended"):
        _ = found.sampler


def test_a_list_of_models_is_trainings_of_one(model, digits):
    class Turned:
        @staticmethod
        def encode(x):
            return -model.encode(x)

        @staticmethod
        def decode(z):
            return model.decode(-z)

    pixels = digits.pixels[:800]
    found = aelatent.audit(
        [model, Turned, (model.encode, model.decode)], images=pixels, progress=False
    )
    assert len(found.measured.trainings) == 3
    first, second, _ = (training.codes for training in found.measured.trainings)
    np.testing.assert_allclose(first, -second)
    assert found.found.endswith("; 3 trainings")
    assert found.to_dict()["codes"]["replicates"] == 3
    assert aelatent.audit((model.encode, model.decode), images=pixels, progress=False).ok


def test_a_model_that_does_not_reconstruct_is_not_ok(digits):
    rng = np.random.default_rng(0)
    found = aelatent.audit(
        encoder=lambda x: x.reshape(len(x), -1)[:, :D],
        decoder=lambda z: rng.random((len(z), 8, 8, 1)),
        images=digits.pixels[:800],
        progress=False,
    )
    assert not found.ok
    with pytest.raises(AssertionError, match="FAILED The model does not reconstruct"):
        found.check()


def test_codes_have_labels_too(model, digits):
    codes, labels = model.encode(digits.pixels[:800] / 255), digits.labels[:800]
    found = aelatent.audit(codes=codes, labels=labels.astype(float), progress=False)
    np.testing.assert_array_equal(found.measured.labels, labels)
    for wrong in (labels[:-1], labels / 2):
        with pytest.raises(DescriptionError, match="labels: expected 800 whole numbers"):
            aelatent.audit(codes=codes, labels=wrong, progress=False)


def test_an_error_of_the_encoder_leaves_no_bar(model, digits, bars):
    late = digits.pixels[-2].reshape(-1) / 255  # none of those that are encoded first, as a trial

    def failing(x):
        if np.isclose(x.reshape(len(x), -1), late).all(axis=1).any():
            raise RuntimeError("no memory")
        return model.encode(x)

    with pytest.raises(DescriptionError, match="no memory"):
        aelatent.audit(encoder=failing, decoder=model.decode, images=digits.pixels)
    assert [each.bar is None for each in bars] == [True]


def test_an_error_of_the_claims_leaves_no_bar(result, bars, monkeypatch):
    def failing(measured, folder, claims, report):
        report("claims", 1, 3)
        raise RuntimeError("no memory")

    monkeypatch.setattr("aelatent.audit.claims_in_process.run_claims", failing)
    with pytest.raises(RuntimeError, match="no memory"):
        result.claims()
    assert [each.bar is None for each in bars] == [True]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"codes": np.zeros((500, 4)), "images": np.zeros((500, 8, 8))}, "codes and images. Leave"),
        ({"encoder": abs}, "received no images"),
        ({"images": np.zeros((500, 8, 8))}, "received no encoder"),
        ({"codes": np.zeros((500, 4), int)}, "indices of a codebook"),
        ({"codes": np.zeros((50, 4))}, "expected 500 codes or more"),
        ({"codes": np.zeros((500, 4)), "range": (1, 0)}, "range: expected"),
        ({"codes": np.zeros((500, 4)), "judge": "cats"}, "judge: expected one of"),
    ],
)
def test_what_is_missing_or_wrong_is_named(options, said):
    with pytest.raises(DescriptionError, match=said):
        aelatent.audit(**options, progress=False)


SCRIPT = """
import sys

if {blocked}:
    class Blocked:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] in ("keras", "tensorflow", "h5py"):
                raise ModuleNotFoundError(name)

    sys.meta_path.insert(0, Blocked())

import numpy as np
import aelatent

rng = np.random.default_rng(0)
axes = np.linalg.qr(rng.normal(size=(64, 16)))[0].T
images = np.clip(0.5 + 0.1 * rng.normal(size=(600, 16)) @ axes, 0, 1).reshape(-1, 8, 8)
r = aelatent.audit(
    encoder=lambda x: (x.reshape(len(x), -1) - 0.5) @ axes.T,
    decoder=lambda z: z @ axes + 0.5,
    images=images,
    progress=False,
)
print(sorted({{"keras", "tensorflow", "matplotlib", "aelatent.report"}} & set(sys.modules)))
if {blocked}:
    print(r.claims(["B-08"], progress=False).tally)
"""


def run_script(blocked):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT.format(blocked=blocked))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_functions_import_neither_keras_nor_matplotlib():
    assert run_script(blocked=False) == ["[]"]


@pytest.mark.slow
def test_functions_are_audited_and_claims_run_without_keras():
    modules, tally = run_script(blocked=True)
    assert modules == "[]"
    assert "error" not in tally
    assert "refuted" in tally or "inconclusive" in tally or "supported" in tally


def test_importing_aelatent_loads_nothing_that_takes_long():
    code = "import aelatent, aelatent.audit.progress, sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"scipy", "sklearn", "matplotlib", "pydantic", "torch"} & set(loaded)
