"""Codes in a `.npy` file, read in chunks of rows: files may be larger than memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from aelatent.latent.cloud import CloudError
from aelatent.runtime.arrays import DAMAGE, checked_header
from aelatent.runtime.environment import cores
from aelatent.runtime.files import StorageError, opened

T = TypeVar("T")
Codes = NDArray[Any]

DTYPES = (np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64))
# Rows and numbers of a chunk at most: it should stay in the processor's cache while it is measured,
# and sums in float32 stay short enough to be exact to a few millionths.
ROWS, NUMBERS = 2048, 2**21
INFINITY_BITS = 0x7C00  # bits of an infinity in float16, without its sign; NaNs lie above


@dataclass(frozen=True)
class CodeFile:
    """Where codes lie, and in which chunks they are read.

    Attributes
    ----------
    path : Path
    n, d : int
        Number of codes and of latent dimensions.
    dtype : dtype
        float16, float32 or float64.
    start : int
        Byte of the file at which the codes begin.
    rows : int
        Rows of a chunk.
    workers : int
        Threads that measure chunks side by side.
    """

    path: Path
    n: int
    d: int
    dtype: np.dtype[Any]
    start: int
    rows: int
    workers: int

    @classmethod
    def open(
        cls, path: str | Path, rows: int | None = None, workers: int | None = None
    ) -> CodeFile:
        """Read the header of a file, and check that the file is as long as it says.

        Parameters
        ----------
        path : str or Path
        rows : int or None
            Codes of a chunk; by default what fits in the processor's cache.
        workers : int or None
            Threads; by default as many as there are cores.

        Returns
        -------
        CodeFile

        Raises
        ------
        StorageError
            If there is no such file, if it is no whole `.npy`, or if it holds objects.
        CloudError
            If it holds something other than two or more codes of float16, float32 or float64.
        ValueError
            If fewer than one row or one worker is asked for.
        """
        path, array = Path(path), _mapped(Path(path))
        if array.ndim != 2 or len(array) < 2 or not array.size:
            raise CloudError(
                f"{path}: expected codes of shape (n >= 2, d >= 1), received {array.shape}"
            )
        if array.dtype not in DTYPES:
            raise CloudError(
                f"{path}: expected float16, float32 or float64 in this machine's byte order, "
                f"received {array.dtype.str}. Convert with: codes.astype('float32')"
            )
        if not array.flags.c_contiguous:
            raise CloudError(
                f"{path}: expected one code after the other, received one component after the "
                "other. Convert with: numpy.ascontiguousarray(codes)"
            )
        n, d = array.shape
        rows = max(1, min(ROWS, NUMBERS // d)) if rows is None else rows
        workers = cores() if workers is None else workers
        if min(rows, workers) < 1:
            raise ValueError(f"expected one row and worker or more, received {rows} and {workers}")
        return cls(path, n, d, array.dtype, int(array.offset), rows, workers)

    @property
    def bytes(self) -> int:
        """Size of all codes."""
        return self.n * self.d * self.dtype.itemsize

    def at(self, places: NDArray[np.int64]) -> Codes:
        """Return the codes at some places, checked, as float64."""
        raw = np.empty((len(places), self.d), self.dtype)
        size = self.d * self.dtype.itemsize
        with self.path.open("rb", buffering=0) as file:
            for row, place in zip(raw, places.tolist(), strict=True):
                file.seek(self.start + place * size)
                self._fill(row, file, place)
        codes = raw.astype(np.float64)
        wrong = ~np.isfinite(codes).all(axis=1)
        if wrong.any():
            raise self._not_finite(int(places[wrong.argmax()]))
        return codes

    def chunks(self) -> Iterator[Codes]:
        """Yield all codes in order, checked, in arrays (rows, d) of their own: one pass.

        They are float64 if the file is, else float32, which holds each float16 exactly.
        """
        for first, raw in self._raw([]):
            yield self._checked(first, raw)

    def map_chunks(self, measure: Callable[[Codes, int], T]) -> Iterator[T]:
        """Yield what `measure` makes of each chunk and the place of its first code: one pass.

        Several chunks are measured side by side, each by one thread, and results come in the order
        of the chunks: they do not depend on how many workers there are. `measure` may write into
        the chunk, but not keep it: later chunks lie in the same memory.
        """
        # Fresh memory for each chunk can cost more than reading it: the system hands it out a page
        # at a time, and one thread waits for the other there.
        spare: list[Codes] = []
        buffers = [np.empty(self._shape, np.float32) for _ in range(self.workers)]

        def task(first: int, raw: Codes) -> T:
            buffer = buffers.pop()
            try:
                return measure(self._checked(first, raw, buffer[: len(raw)]), first)
            finally:
                buffers.append(buffer)
                spare.append(raw)

        waiting: deque[Future[T]] = deque()
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(self.workers) as pool:
            for first, raw in self._raw(spare):
                waiting.append(pool.submit(task, first, raw))
                if len(waiting) > 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    @property
    def _shape(self) -> tuple[int, int]:
        """Of the largest chunk."""
        return min(self.rows, self.n), self.d

    def _raw(self, spare: list[Codes]) -> Iterator[tuple[int, Codes]]:
        """Yield the place of each chunk's first code and the codes as they are stored.

        They are read into spare arrays, if there are any. They are read, not mapped: mapped pages
        would count as this process's memory.
        """
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            for first in range(0, self.n, self.rows):
                raw = spare.pop() if spare else np.empty(self._shape, self.dtype)
                raw = raw[: self.n - first]
                self._fill(raw, file, first)
                yield first, raw

    def _fill(self, codes: Codes, file: FileIO, first: int) -> None:
        """Read codes from where the file stands."""
        if file.readinto(codes.data.cast("B")) != codes.nbytes:
            raise StorageError(
                f"{self.path}: expected {self.n:,} codes, the file ends within chunk "
                f"{first // self.rows:,}. Was it written to in the meantime?"
            )

    def _checked(self, first: int, raw: Codes, buffer: Codes | None = None) -> Codes:
        """Return a chunk as float32 or float64, after a look for what is not finite.

        What has to be widened goes into the buffer, if there is one.
        """
        with np.errstate(invalid="ignore"):
            whole = _finite_halves(raw) if raw.dtype == np.float16 else _finite(raw)
        if not whole:
            row = first + int((~np.isfinite(raw).all(axis=1)).argmax())
            raise self._not_finite(row)
        return widened(raw, buffer) if raw.dtype == np.float16 else raw

    def _not_finite(self, row: int) -> CloudError:
        return CloudError(
            f"{self.path}: expected finite codes, received NaN or infinity in row {row:,} "
            f"(chunk {row // self.rows:,}). Encode that image again, or leave the row out"
        )


def widened(halves: Codes, buffer: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Return finite float16 as float32, exactly; in `buffer` if it is given.

    NumPy converts them one at a time. Here the bits are shifted to where float32 has them, many at
    once, and its larger bias of the exponent is corrected by a power of two: seven times as fast.

    Parameters
    ----------
    halves : ndarray of float16
    buffer : ndarray of float32, or None
        Of the same shape, to write the result to; a new array by default.

    Returns
    -------
    ndarray of float32
        Of the same shape.

    Examples
    --------
    >>> widened(np.array([1.5, -65504, 6e-8], np.float16)).tolist()
    [1.5, -65504.0, 5.960464477539063e-08]
    """
    values = np.empty(halves.shape, np.float32) if buffer is None else buffer
    bits = values.view(np.int32)
    np.copyto(bits, halves.view(np.int16))
    np.left_shift(bits, 13, out=bits)
    np.bitwise_and(bits, np.int32(-0x70000001), out=bits)  # the sign was copied along
    return np.multiply(values, np.float32(2.0**112), out=values)


def _finite_halves(raw: Codes) -> bool:
    """Tell whether there is no NaN and no infinity: those have the largest bits of either sign."""
    positive, either = raw.view(np.int16).max(), raw.view(np.uint16).max()
    return bool(positive < INFINITY_BITS and either < 0x8000 + INFINITY_BITS)


def _finite(raw: Codes) -> bool:
    return bool(np.isfinite(raw.min()) and np.isfinite(raw.max()))


def _mapped(path: Path) -> np.memmap[Any, Any]:
    """Map a file, which reads nothing but its header."""
    try:
        with opened(path) as file:  # a FIFO would wait for its writer
            checked_header(file, os.fstat(file.fileno()).st_size)
            return np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError:
        raise StorageError(f"{path}: expected a .npy file, found none. Check the path") from None
    except StorageError:
        raise
    except DAMAGE as error:
        raise StorageError(
            f"{path}: expected a whole .npy file of numbers, received {error}. Save the codes with "
            "numpy.save; no pickled object is loaded"
        ) from error
