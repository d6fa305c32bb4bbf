import numpy as np
import pytest

from aelatent.figures import (
    format_of,
    image_grid,
    null_histogram,
    radius_density,
    scatter_2d,
    write,
)
from aelatent.latent.cloud import LatentCloud


@pytest.fixture
def grid():
    """A figure made of images."""
    return image_grid({"draws": np.zeros((2, 8, 8, 1), np.uint8)})


def test_images_become_webp_and_plots_svg(grid):
    assert (format_of(grid), format_of(null_histogram([1.0], [0.0]))) == ("webp", "svg")


@pytest.mark.parametrize("suffix", ["svg", "png", "webp"])
def test_the_same_figure_gives_the_same_bytes(suffix, tmp_path, rng):
    values = rng.standard_normal(50)
    for name in ("a", "b"):
        write(null_histogram([1.0], values), tmp_path / f"{name}.{suffix}")

    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_svg_needs_no_typeface_and_bears_no_date(clouds, tmp_path):
    write(radius_density(clouds), tmp_path / "radii.svg")
    text = (tmp_path / "radii.svg").read_text(encoding="utf-8")

    assert "<text" not in text
    assert "<dc:date" not in text


def test_a_scatter_of_many_points_stays_small(rng, tmp_path):
    """Codes of ten classes spread evenly, with draws beside them, are the worst to compress."""
    cloud = LatentCloud(rng.uniform(-3, 3, (4000, 2)), labels=np.arange(4000) % 10)
    write(scatter_2d({"AE": cloud}, {"N(0, I)": cloud.z_mean}), tmp_path / "scatter.svg")

    assert (tmp_path / "scatter.svg").stat().st_size < 150_000


def test_another_format_is_refused_and_nothing_is_written(grid, tmp_path):
    with pytest.raises(ValueError, match=r"expected one of .svg, .png, .webp, received '.jpg'"):
        write(grid, tmp_path / "grid.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_made(grid, tmp_path):
    write(grid, tmp_path / "report" / "figures" / "grid.png")

    assert (tmp_path / "report" / "figures" / "grid.png").read_bytes().startswith(b"\x89PNG")
