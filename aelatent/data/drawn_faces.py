"""Cartoon faces, drawn from known factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aelatent.data import split
from aelatent.data.canvas import Canvas, Values
from aelatent.data.images import DataError, Images

SIDE = 96
BATCH = 16  # pictures painted together: more would fall out of the processor's cache

FACTORS = (
    "skin",  # light to dark
    "face_width",  # narrow to wide
    "face_height",  # short to long
    "hair_colour",  # black, brown, red, blond, white
    "hair_length",  # crop to below the shoulders
    "hair_volume",  # flat to full
    "fringe",  # high hairline to deep fringe
    "parting",  # left to right
    "brow_tilt",  # inner ends down to inner ends up
    "eye_size",  # small to large
    "eye_distance",  # close to wide apart
    "eye_colour",  # brown, green, blue
    "gaze",  # left to right
    "nose_length",  # short to long
    "mouth_width",  # narrow to wide
    "smile",  # frown to smile
    "mouth_opening",  # closed to open
    "shirt",  # hue, once around the colour circle
    "background_hue",  # once around the colour circle
    "background_light",  # dark to light
    "lighting",  # from the left to from the right
    "tilt",  # 15 degrees anticlockwise to 15 degrees clockwise
    "shift_x",  # 5 pixels left to 5 pixels right
    "shift_y",  # 4 pixels up to 4 pixels down
    "scale",  # 0.88 to 1.08
)

SKIN = (
    np.array([[255, 224, 199], [236, 188, 150], [198, 134, 94], [141, 85, 54], [84, 51, 36]]) / 255
)
HAIR = np.array([[28, 24, 26], [92, 58, 34], [156, 74, 34], [226, 186, 108], [226, 224, 220]]) / 255
EYES = np.array([[92, 56, 28], [84, 128, 72], [72, 128, 190]]) / 255
LIPS = np.array([0.72, 0.24, 0.28])
TILT = 0.1316525  # tangent of 7.5 degrees: half of the largest tilt


def make(n: int = 5000, seed: int = 0) -> Images:
    """Draw `n` faces; a larger `n` begins with the same ones.

    Labels are the hair colours: 0 black, 1 brown, 2 red, 3 blond, 4 white. The images are
    independent, so they have no groups.

    Parameters
    ----------
    n : int
        Number of images.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Images
    """
    values = sample(n, np.random.default_rng(seed))
    return Images(
        name="drawn_faces",
        pixels=draw(values),
        train=split.training_part([f"{seed}/{index}" for index in range(n)], "drawn_faces"),
        labels=hair_colours(values),
    )


def sample(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Sample factors, independent and uniform on [0, 1): shape (n, 25), columns as in `FACTORS`.

    `sample(5000, np.random.default_rng(0))` gives the factors of `load("drawn_faces")`.

    Parameters
    ----------
    n : int
        Number of images.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (n, 25)
    """
    return rng.random((n, len(FACTORS)))


def hair_colours(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of the five hair colours is nearest: shape (n,)."""
    nearest = np.rint(values[:, FACTORS.index("hair_colour")] * (len(HAIR) - 1))
    return nearest.astype(np.int64)


def draw(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Draw one face for each row of factors.

    Parameters
    ----------
    values : ndarray of float64, shape (n, 25)
        Columns as in `FACTORS`, each in [0, 1] between the extremes named there; 0.5 is the middle.

    Returns
    -------
    ndarray of uint8, shape (n, 96, 96, 3)

    Raises
    ------
    DataError
        If the shape is another one, or a value lies outside of [0, 1].

    Examples
    --------
    >>> draw(np.full((1, len(FACTORS)), 0.5)).shape
    (1, 96, 96, 3)
    """
    if values.ndim != 2 or values.shape[1] != len(FACTORS):
        raise DataError.about(
            "factors",
            f"shape (n, {len(FACTORS)})",
            f"{values.shape}",
            "Give one column for each of `FACTORS`.",
        )
    if not np.all((values >= 0) & (values <= 1)):
        raise DataError.about("factors", "values in [0, 1]", "others", "Scale or clip them.")
    pixels = np.empty((len(values), SIDE, SIDE, 3), dtype=np.uint8)
    for start in range(0, len(values), BATCH):
        batch = slice(start, start + BATCH)
        pixels[batch] = draw_batch(values[batch])
    return pixels


def draw_batch(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Paint from back to front: background, shirt, hair, neck, face, fringe, features, light."""
    face = dict(zip(FACTORS, values.astype(np.float32).T, strict=True))
    canvas = Canvas(
        side=SIDE,
        shift=np.stack([between(-5, 5, face["shift_x"]), between(-4, 4, face["shift_y"])]),
        scale=between(0.88, 1.08, face["scale"]),
        tilt=between(-TILT, TILT, face["tilt"]),
    )
    skin = ramp(SKIN, face["skin"])
    hair = ramp(HAIR, face["hair_colour"])
    paint_background(canvas, face)
    paint_body(canvas, face, skin, hair)
    paint_head(canvas, face, skin, hair)
    paint_eyes(canvas, face, hair)
    paint_nose_and_mouth(canvas, face, skin)
    paint_light(canvas, face)
    return canvas.finish()


def paint_background(canvas: Canvas, face: dict[str, Values]) -> None:
    """Paint a plain colour that darkens towards the bottom; it does not tilt with the head.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    """
    canvas.fill(hue(face["background_hue"], 0.45) * between(0.35, 1, face["background_light"]))
    dusk = np.linspace(0, 0.3, canvas.side, dtype=np.float32)[:, None]
    canvas.fill(np.zeros_like(canvas.planes[:, :, 0, 0]), dusk)


def paint_body(canvas: Canvas, face: dict[str, Values], skin: Values, hair: Values) -> None:
    """Paint the hair behind, the shirt and the neck.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    skin : ndarray of float32, shape (3, n)
        Colour of the skin.
    hair : ndarray of float32, shape (3, n)
        Colour of the hair.
    """
    width, height = head(face)
    zero = np.zeros_like(width)
    fall = between(-6, 26, face["hair_length"])
    volume = between(2, 9, face["hair_volume"])
    top = 3 - height - volume
    bottom = 18 + fall
    middle, half = (top + bottom) * np.float32(0.5), (bottom - top) * np.float32(0.5)
    canvas.ellipse(zero, middle, width + volume * 0.8 + fall * 0.12, half).paint(hair * 0.8)
    canvas.ellipse(zero, zero + 64, zero + 40, zero + 24).paint(hue(face["shirt"], 0.65) * 0.85)
    canvas.ellipse(zero, zero + 33, width * 0.42, zero + 16).paint(skin * 0.86)


def paint_head(canvas: Canvas, face: dict[str, Values], skin: Values, hair: Values) -> None:
    """Paint ears, face, cheeks, and the hair that frames it.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    skin : ndarray of float32, shape (3, n)
        Colour of the skin.
    hair : ndarray of float32, shape (3, n)
        Colour of the hair.
    """
    width, height = head(face)
    zero = np.zeros_like(width)
    for side in (-1, 1):
        canvas.ellipse(side * width, zero + 2, zero + 4, zero + 6).paint(skin * 0.9)
    canvas.ellipse(zero, zero + 3, width, height).paint(skin)
    blush = 0.8 * skin + 0.2 * np.array([[0.9], [0.3], [0.3]], dtype=np.float32)
    for side in (-1, 1):
        canvas.ellipse(side * width * 0.55, zero + 10, zero + 4, zero + 3, blur=5).paint(blush)
    volume = between(2, 9, face["hair_volume"])
    line = between(-21, -12, face["fringe"])
    parting = between(-9, 9, face["parting"])
    cap = canvas.ellipse(zero, 1 - volume * 0.5, width + volume * 0.7, height + volume * 0.5)
    cap.without_ellipse(parting, line + 34, width * 1.02, zero + 34).paint(hair)


def paint_eyes(canvas: Canvas, face: dict[str, Values], hair: Values) -> None:
    """Paint brows, whites, irises, pupils and a glint in each.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    hair : ndarray of float32, shape (3, n)
        Colour of the hair.
    """
    size = between(3.2, 5.6, face["eye_size"])
    apart = between(8.5, 12.5, face["eye_distance"])
    gaze = between(-1.6, 1.6, face["gaze"])
    zero = np.zeros_like(size)
    iris = ramp(EYES, face["eye_colour"])
    white, black = grey(0.98, zero), grey(0.06, zero)
    rise = between(-1.8, 1.8, face["brow_tilt"])
    for side in (-1, 1):
        x, y = side * apart, zero - 5
        for step in (-1, 1):  # a brow is two strokes, so that it can slope
            brow = (x + step * 2.2, y - size - 3.6 + side * step * rise)
            canvas.stroke(*brow, zero + 2.6, zero - 0.3, np.stack([zero + 0.9, zero + 1.1])).paint(
                hair * 0.7
            )
        canvas.ellipse(x, y, size * 1.25 + 0.6, size * 0.85 + 0.6).paint(black + 0.12)
        canvas.ellipse(x, y, size * 1.25, size * 0.85).paint(white)
        canvas.ellipse(x + gaze, y, size * 0.72, size * 0.72).paint(iris)
        canvas.ellipse(x + gaze, y, size * 0.36, size * 0.36).paint(black)
        canvas.ellipse(x + gaze + 0.9, y - 1, size * 0.16, size * 0.16).paint(white)


def paint_nose_and_mouth(canvas: Canvas, face: dict[str, Values], skin: Values) -> None:
    """Paint the shadow under the nose, the lips, and what they open upon.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    skin : ndarray of float32, shape (3, n)
        Colour of the skin.
    """
    length = between(6, 11, face["nose_length"])
    zero = np.zeros_like(length)
    nose = canvas.stroke(zero, length, zero + 3.2, zero + 1.2, np.stack([zero + 0.5, zero + 1.2]))
    nose.paint(skin * 0.72)
    half = between(6, 11, face["mouth_width"])
    bend = between(-3, 4.5, face["smile"])
    opening = between(0, 3.2, face["mouth_opening"])
    place = (zero, 19.5 + bend * 0.5)
    lips = 0.55 * LIPS[:, None].astype(np.float32) + 0.45 * skin * np.array([[0.9], [0.6], [0.6]])
    canvas.stroke(*place, half, bend, np.stack([zero + 0.8, opening + 1.7])).paint(
        lips.astype(np.float32)
    )
    canvas.stroke(*place, half * 0.9, bend * 0.81, np.stack([zero, opening])).paint(
        grey(0.16, zero) * np.array([[1.6], [0.7], [0.7]], dtype=np.float32)
    )


def paint_light(canvas: Canvas, face: dict[str, Values]) -> None:
    """Darken the side that is turned away from the light, by a quarter at the edge.

    Parameters
    ----------
    canvas : Canvas
        The pictures to paint on.
    face : dict of str to ndarray of float32
        The factors of the faces.
    """
    across = np.linspace(-1, 1, canvas.side, dtype=np.float32)
    towards = between(-1, 1, face["lighting"])[:, None, None] * across
    canvas.planes *= np.minimum(1 + np.float32(0.25) * towards, 1)


def head(face: dict[str, Values]) -> tuple[Values, Values]:
    """Return the half axes of the face."""
    return between(20, 26, face["face_width"]), between(26, 31, face["face_height"])


def between(low: float, high: float, share: Values) -> Values:
    """Return low at share 0, high at share 1.

    Parameters
    ----------
    low : float
        At share 0.
    high : float
        At share 1.
    share : ndarray of float32
        In [0, 1], one a picture.

    Returns
    -------
    ndarray of float32
    """
    value: Values = np.float32(low) + np.float32(high - low) * share
    return value


def ramp(colours: NDArray[np.float64], share: Values) -> Values:
    """Return colours of shape (3, n), blended between the given ones at equal steps.

    Parameters
    ----------
    colours : ndarray of float64
        Evenly spaced on [0, 1].
    share : ndarray of float32
        In [0, 1], one a picture.

    Returns
    -------
    ndarray of float32
    """
    steps = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(share, steps, level) for level in colours.T]).astype(np.float32)


def hue(turn: Values, saturation: float) -> Values:
    """Return bright colours of shape (3, n); `turn` goes once around the colour circle.

    Parameters
    ----------
    turn : ndarray of float32, shape (n,)
        In [0, 1].
    saturation : float
        In [0, 1].

    Returns
    -------
    ndarray of float32
    """
    thirds = np.array([[0.0], [4.0], [2.0]], dtype=np.float32)
    pure = np.clip(np.abs((turn * 6 + thirds) % 6 - 3) - 1, 0, 1)
    colours: Values = (1 - saturation * (1 - pure)).astype(np.float32)
    return colours


def grey(level: float, like: Values) -> Values:
    """Return one grey for each picture: shape (3, n).

    Parameters
    ----------
    level : float
        Brightness in [0, 1].
    like : ndarray of float32, shape (n,)
        One value a picture, for the number of pictures.

    Returns
    -------
    ndarray of float32
    """
    return np.full((3, len(like)), level, dtype=np.float32)
