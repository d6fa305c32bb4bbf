"""Anti-aliased shapes, painted onto many small pictures at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


@dataclass
class Canvas:
    """Square pictures on which a figure is painted that is shifted, scaled and tilted in each.

    Shapes are given in the figure's own coordinates: origin in the middle of the picture, x to the
    right, y down, one unit a pixel at scale 1. A pixel is covered by the share of it that lies
    inside, taken from its signed distance to the outline. Only sums, products, quotients and square
    roots touch the pixels, so that machines agree to within one grey level.

    Attributes
    ----------
    side : int
        Height and width in pixels.
    shift : ndarray of float32, shape (2, n)
        Of the figure's origin to the right and down, in pixels.
    scale : ndarray of float32, shape (n,)
    tilt : ndarray of float32, shape (n,)
        Tangent of half the clockwise angle: this gives sine and cosine without trigonometry.
    planes : ndarray of float32, shape (3, n, side, side)
        Red, green and blue in 0..1; the paint so far.
    """

    side: int
    shift: Values
    scale: Values
    tilt: Values
    planes: Values = field(init=False)
    x: Values = field(init=False)
    y: Values = field(init=False)

    def __post_init__(self) -> None:
        norm = 1 + self.tilt**2
        self.cosine, self.sine = (1 - self.tilt**2) / norm, 2 * self.tilt / norm
        middle = (self.side - 1) / 2
        self.centre = self.shift + np.float32(middle)
        steps = np.arange(self.side, dtype=np.float32)
        right = ((steps - self.centre[0][:, None]) / self.scale[:, None])[:, None, :]
        down = ((steps - self.centre[1][:, None]) / self.scale[:, None])[:, :, None]
        cosine, sine = self.cosine[:, None, None], self.sine[:, None, None]
        self.x = cosine * right + sine * down
        self.y = cosine * down - sine * right
        self.planes = np.zeros((3, len(self.scale), self.side, self.side), dtype=np.float32)

    def fill(self, colour: Values, share: Values | float = 1.0) -> None:
        """Paint all of each picture; `share` (broadcast to the pictures) is how much it covers.

        Parameters
        ----------
        colour : ndarray of float32
            RGB in [0, 1].
        share : ndarray of float32 or float
            In [0, 1], one a picture.
        """
        self.planes += share * (colour[:, :, None, None] - self.planes)

    def window(self, x: Values, y: Values, reach: float) -> tuple[slice, slice]:
        """Return the rows and columns within `reach` of the points (x, y) in any picture.

        Parameters
        ----------
        x : ndarray of float32
            Horizontal, in units of the figure.
        y : ndarray of float32
            Vertical, downwards, in units of the figure.
        reach : float
            Half of the side of the window.

        Returns
        -------
        tuple of slice
        """
        right = self.centre[0] + self.scale * (self.cosine * x - self.sine * y)
        down = self.centre[1] + self.scale * (self.sine * x + self.cosine * y)
        margin = reach * float(self.scale.max()) + 1
        rows, columns = (
            slice(
                int(np.clip(np.floor(at.min() - margin), 0, self.side)),
                int(np.clip(np.ceil(at.max() + margin) + 1, 0, self.side)),
            )
            for at in (down, right)
        )
        return rows, columns

    def ellipse(
        self, x: Values, y: Values, width: Values, height: Values, blur: float = 1.0
    ) -> Outline:
        """Return an ellipse about (x, y) with half axes `width` and `height`.

        Parameters
        ----------
        x : ndarray of float32
            Horizontal, in units of the figure.
        y : ndarray of float32
            Vertical, downwards, in units of the figure.
        width : ndarray of float32
            Half of the horizontal axis.
        height : ndarray of float32
            Half of the vertical axis.
        blur : float
            Width of the soft edge, in pixels.

        Returns
        -------
        Outline
        """
        area = self.window(x, y, float(max(width.max(), height.max())) + blur)
        return Outline(self, area, ellipse_distance(*self.around(x, y, area), width, height), blur)

    def stroke(self, x: Values, y: Values, half: Values, bend: Values, thick: Values) -> Outline:
        """Return a stroke from x - half to x + half, round at its ends.

        Parameters
        ----------
        x, y : ndarray of float32, shape (n,)
            Its middle.
        half : ndarray of float32, shape (n,)
            Half its length.
        bend : ndarray of float32, shape (n,)
            How far the ends lie above the middle (it is a parabola).
        thick : ndarray of float32, shape (2, n)
            Half the thickness at the ends and in the middle.

        Returns
        -------
        Outline
        """
        area = self.window(x, y, float((half + abs(bend) + thick.max(0)).max()))
        right, down = self.around(x, y, area)
        half, bend, (ends, middle) = (
            half[:, None, None],
            bend[:, None, None],
            thick[:, :, None, None],
        )
        along = np.clip(right, -half, half)
        fraction = (along / half) ** 2
        slope = 2 * bend * along / half**2
        across = (down + bend * fraction) ** 2 / (1 + slope**2)
        distance = np.sqrt((right - along) ** 2 + across) - middle - (ends - middle) * fraction
        return Outline(self, area, distance)

    def around(self, x: Values, y: Values, area: tuple[slice, slice]) -> tuple[Values, Values]:
        """Return the figure's coordinates in a window, measured from (x, y).

        Parameters
        ----------
        x : ndarray of float32
            Horizontal, in units of the figure.
        y : ndarray of float32
            Vertical, downwards, in units of the figure.
        area : tuple of slice

        Returns
        -------
        tuple of ndarray of float32
        """
        rows, columns = area
        return (
            self.x[:, rows, columns] - x[:, None, None],
            self.y[:, rows, columns] - y[:, None, None],
        )

    def finish(self) -> NDArray[np.uint8]:
        """Return the pictures as uint8 of shape (n, side, side, 3)."""
        levels = np.rint(np.clip(self.planes, 0, 1) * 255).astype(np.uint8)
        return np.ascontiguousarray(np.moveaxis(levels, 0, -1))


@dataclass
class Outline:
    """A shape on a canvas: the signed distance of each pixel of a window to its edge."""

    canvas: Canvas
    area: tuple[slice, slice]
    distance: Values
    blur: float = 1.0

    def without_ellipse(self, x: Values, y: Values, width: Values, height: Values) -> Outline:
        """Return what is left of the shape outside of an ellipse.

        Parameters
        ----------
        x : ndarray of float32
            Horizontal, in units of the figure.
        y : ndarray of float32
            Vertical, downwards, in units of the figure.
        width : ndarray of float32
            Half of the horizontal axis.
        height : ndarray of float32
            Half of the vertical axis.

        Returns
        -------
        Outline
        """
        hole = ellipse_distance(*self.canvas.around(x, y, self.area), width, height)
        return Outline(self.canvas, self.area, np.maximum(self.distance, -hole), self.blur)

    def paint(self, colour: Values) -> None:
        """Fill the shape.

        A pixel is covered by 1 inside, 0 outside, and by what a straight edge would cover of it in
        between; `blur` widens that edge.
        """
        scale = self.canvas.scale[:, None, None] / np.float32(self.blur)
        share = np.clip(np.float32(0.5) - self.distance * scale, 0, 1)
        rows, columns = self.area
        for plane, level in zip(self.canvas.planes, colour, strict=True):
            part = plane[:, rows, columns]
            part += share * (level[:, None, None] - part)


def ellipse_distance(x: Values, y: Values, width: Values, height: Values) -> Values:
    """Return the signed distance to an ellipse about the origin, to first order at its edge.

    Parameters
    ----------
    x : ndarray of float32
        Horizontal, in units of the figure.
    y : ndarray of float32
        Vertical, downwards, in units of the figure.
    width : ndarray of float32
        Half of the horizontal axis.
    height : ndarray of float32
        Half of the vertical axis.

    Returns
    -------
    ndarray of float32
    """
    across, up = x / width[:, None, None], y / height[:, None, None]
    level = across**2 + up**2
    across /= width[:, None, None]
    up /= height[:, None, None]
    gradient = np.sqrt(across**2 + up**2)
    distance: Values = (level - 1) / np.maximum(2 * gradient, np.float32(1e-6))
    return distance
