import gzip
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.data import DataError, idx
from aelatent.runtime import files


@pytest.fixture
def arrays():
    """Five training and three test images with their labels, in the order of the files."""
    rng = np.random.default_rng(0)
    sizes = [(5, 4, 4), (5,), (3, 4, 4), (3,)]
    return [rng.integers(0, 10, size, dtype=np.uint8) for size in sizes]


@pytest.fixture
def published(arrays, monkeypatch):
    """Declare the made files to be the published ones."""
    digests = tuple(files.digest(idx.encode(values)) for values in arrays)
    monkeypatch.setitem(idx.DIGESTS, "mnist", digests)


@pytest.fixture
def copy(tmp_path, arrays, published):
    """A folder with the four files, packed."""
    for file, values in zip(idx.FILES, arrays, strict=True):
        (tmp_path / f"{file}.gz").write_bytes(gzip.compress(idx.encode(values)))
    return tmp_path


@pytest.fixture
def keras(monkeypatch):
    """Return a function that puts made arrays in the place of `keras.datasets.mnist`."""

    def keras(arrays):
        mnist = SimpleNamespace(load_data=lambda: (arrays[:2], arrays[2:]))
        datasets = SimpleNamespace(mnist=mnist)
        monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(datasets=datasets))

    return keras


def test_the_published_test_set_is_held_out(copy, arrays):
    images = idx.read(copy, "mnist")
    assert np.array_equal(images.held_out().pixels[..., 0], arrays[2])
    assert np.array_equal(images.training().labels, arrays[1])


def test_unpacked_files_are_as_good(copy):
    packed = idx.read(copy, "mnist")
    for file in idx.FILES:
        (copy / file).write_bytes(gzip.decompress((copy / f"{file}.gz").read_bytes()))
        (copy / f"{file}.gz").unlink()
    assert np.array_equal(idx.read(copy, "mnist").pixels, packed.pixels)


def test_a_missing_file_is_named(copy):
    (copy / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\.gz: expected an idx file"):
        idx.read(copy, "mnist")


@pytest.mark.parametrize("keep", [0, 5, 30, -1])
def test_a_truncated_file_is_refused(copy, keep):
    path = copy / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz: expected"):
        idx.read(copy, "mnist")


def test_another_digest_is_refused(copy, arrays):
    path = copy / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx.encode(arrays[0] ^ 1)))
    with pytest.raises(DataError, match=r"expected contents with SHA-256 .* Delete it and fetch"):
        idx.read(copy, "mnist")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an idx file of bytes"),
        (b"\0\0\x0d\x01\0\0\0\x01", "an idx file of bytes"),
        (b"\0\0\x08\x03\0\0\0\x01", "a header of 16 bytes"),
        (b"\0\0\x08\x01\0\0\0\x02\x05", r"2 bytes for shape \(2,\)"),
        (b"\0\0\x08\x02" + b"\xff" * 8, r"18446744065119617025 bytes"),
    ],
)
def test_a_header_that_does_not_announce_its_contents_is_refused(content, message):
    with pytest.raises(DataError, match=f"labels: expected {message}"):
        idx.parse(content, "labels")


def test_a_download_can_be_read(tmp_path, arrays, published, keras):
    keras(arrays)
    idx.download(tmp_path, "mnist")
    assert np.array_equal(idx.read(tmp_path, "mnist").training().pixels[..., 0], arrays[0])


def test_a_download_with_another_digest_is_refused(tmp_path, arrays, published, keras):
    keras([arrays[0] ^ 1, *arrays[1:]])
    with pytest.raises(DataError, match=r"keras\.datasets\.mnist: expected contents with SHA-256"):
        idx.download(tmp_path, "mnist")
