"""Files of codes are looked through before they are read, and read a chunk at a time."""

import numpy as np
import pytest

from aelatent.latent.cloud import CloudError
from aelatent.latent.npy_chunks import CodeFile, widened
from aelatent.runtime.files import StorageError

CODES = np.random.default_rng(0).standard_normal((100, 3)).astype(np.float16)


@pytest.fixture
def saved(tmp_path):
    """Save an array and return where."""

    def save(array):
        np.save(tmp_path / "codes.npy", array)
        return tmp_path / "codes.npy"

    return save


def test_every_finite_half_is_widened_exactly():
    """Subnormal numbers and both zeros, too."""
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]

    assert widened(halves).tobytes() == halves.astype(np.float32).tobytes()


def test_halves_are_widened_in_room_that_is_there():
    room = np.full(CODES.shape, np.nan, np.float32)

    assert np.shares_memory(widened(CODES, room), room)
    assert (room == CODES).all()


@pytest.mark.parametrize("rows", [1, 7, 50, 100, 1000])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_chunks_hold_all_codes_in_order(saved, rows, dtype):
    file = CodeFile.open(saved(CODES.astype(dtype)), rows)
    chunks = list(file.chunks())

    assert {len(chunk) for chunk in chunks[:-1]} <= {rows}
    assert chunks[0].dtype == (np.float64 if dtype == np.float64 else np.float32)
    assert (np.concatenate(chunks) == CODES).all()


def test_results_keep_their_order_with_any_number_of_workers(saved):
    path = saved(CODES)

    for workers in (1, 2, 5):
        file = CodeFile.open(path, 7, workers)
        assert list(file.map_chunks(lambda _, first: first)) == list(range(0, 100, 7))


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_chunks_that_share_memory_are_measured_in_turn(saved, dtype, workers):
    """`measure` may write into a chunk: neither another chunk nor a later pass sees that."""
    file = CodeFile.open(saved(CODES.astype(dtype)), 7, workers)

    def measure(codes, _):
        found = codes.sum(axis=0)
        codes[:] = np.nan
        return found

    for _ in range(2):
        expected = [chunk.sum(axis=0) for chunk in file.chunks()]
        np.testing.assert_array_equal(list(file.map_chunks(measure)), expected)


def test_chunks_take_no_new_memory_each(saved):
    file = CodeFile.open(saved(np.ones((4000, 5), np.float16)), 10, 2)

    assert len(set(file.map_chunks(lambda codes, _: codes.ctypes.data))) <= 2


def test_a_chunk_of_many_dimensions_has_fewer_rows(saved):
    wide = CodeFile.open(saved(np.zeros((40, 2**17), np.float16)))

    assert wide.rows == 16


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("wrong", [np.nan, -np.nan, np.inf, -np.inf])
def test_a_code_that_is_not_finite_is_named_with_its_row(saved, dtype, wrong):
    codes = CODES.astype(dtype)
    codes[75, 1] = wrong
    file = CodeFile.open(saved(codes), rows=2)

    with pytest.raises(CloudError, match=r"codes\.npy.*row 75 \(chunk 37\)"):
        list(file.chunks())
    with pytest.raises(CloudError, match=r"row 75 \(chunk 37\)"):
        list(file.map_chunks(lambda codes, _: codes.sum()))
    with pytest.raises(CloudError, match="row 75 "):
        file.at(np.array([3, 75]))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros(4), "shape"),
        (np.zeros((1, 4)), "shape"),
        (np.zeros((4, 2, 2)), "shape"),
        (np.zeros((4, 2), np.int32), "astype"),
        (np.zeros((4, 2), ">f4"), "astype"),
        (np.asfortranarray(np.zeros((4, 2))), "ascontiguousarray"),
    ],
)
def test_what_is_no_table_of_codes_is_refused(saved, array, message):
    with pytest.raises(CloudError, match=f"expected .*{message}"):
        CodeFile.open(saved(array))


def test_complex_codes_are_refused(saved):
    """To convert them would leave out half of each."""
    with pytest.raises(StorageError, match="received complex numbers"):
        CodeFile.open(saved(np.zeros((4, 2), np.complex64)))


def test_pickled_objects_are_never_loaded(saved):
    with pytest.raises(StorageError, match="no pickled object is loaded"):
        CodeFile.open(saved(np.array([[{}, 1], [2, 3]], dtype=object)))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.999])
def test_a_cut_file_is_refused(saved, share):
    path = saved(CODES)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    with pytest.raises(StorageError, match=r"codes\.npy: expected a whole \.npy file"):
        CodeFile.open(path)


def test_a_file_cut_while_read_is_named_with_the_chunk(saved):
    path = saved(CODES)
    file = CodeFile.open(path, rows=10)
    path.write_bytes(path.read_bytes()[: file.start + 45 * 6])

    with pytest.raises(StorageError, match="ends within chunk 4"):
        list(file.chunks())
    with pytest.raises(StorageError, match="ends within chunk 9"):
        file.at(np.array([3, 99]))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StorageError, match=r"none\.npy.*Check the path"):
        CodeFile.open(tmp_path / "none.npy")


@pytest.mark.parametrize("asked", [{"rows": 0}, {"workers": 0}])
def test_no_rows_and_no_workers_are_refused(saved, asked):
    with pytest.raises(ValueError, match="one row and worker"):
        CodeFile.open(saved(CODES), **asked)
