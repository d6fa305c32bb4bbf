import io
import re
from base64 import b64decode, b64encode
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image

from aelatent.figures import (
    format_of,
    image_grid,
    null_histogram,
    radius_density,
    scatter_2d,
    write,
)
from aelatent.figures.files import compact
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


def test_an_svg_is_small_and_whole_and_bears_no_date(clouds, tmp_path):
    write(radius_density(clouds), tmp_path / "radii.svg")
    text = (tmp_path / "radii.svg").read_text(encoding="utf-8")

    whole = minidom.parseString(text)  # noqa: S318 -- our own file
    assert whole.documentElement.getAttribute("viewBox") == "0 0 432 259.2"
    assert len(text) < 10_000
    assert "date" not in text


def test_text_in_an_svg_stays_text_in_a_common_typeface(tmp_path):
    write(null_histogram([1.0], [0.0], unit="ratio <1.23456>"), tmp_path / "null.svg")
    text = (tmp_path / "null.svg").read_text(encoding="utf-8")

    assert ">ratio &lt;1.23456&gt;</text>" in text
    assert "text{font-family: 'DejaVu Sans', Verdana, sans-serif}" in text


@pytest.mark.parametrize(
    ("path", "shorter"),
    [
        ("M 1.23456 2 \nL 1.23456 3 \nL 4 3 \nL 5 6 \n", "M1.2 2V3H4L5 6"),
        ("M 0 0 \nL 0 1 \nz\n", "M0 0V1z"),
        ("M 0 1.999 \nC 1.5 2.25 3 4 5.00001 6 \nz\n", "M0 2C1.5 2.2 3 4 5 6z"),
        ("M 0 0 \nL 1 1 \nM 0 2 \nL 0 3 \n", "M0 0L1 1M0 2V3"),
    ],
)
def test_paths_keep_their_course_with_fewer_letters(path, shorter):
    assert compact(f'<path d="{path}"/>') == f'<path d="{shorter}"/>'


def test_points_of_one_style_share_it_in_a_group():
    """What refers to a shape still finds it."""
    points = "".join(
        f'<use xlink:href="#m0123456789" x="{x}" y="2" style="fill: {colour}"/>'
        for x, colour in [(1, "red"), (2, "blue"), (3, "blue"), (4, "red")]
    )

    svg = compact(
        '<style></style><path id="m0123456789" d="M 1 2 "/>'
        f'<g clip-path="url(#p617f6023e6)">{points}</g>'
    )

    assert ".s0{fill: red}.s1{fill: blue}" in svg
    assert svg.endswith(
        '</style><path id="i0" d="M1 2"/><g clip-path="url(#i1)">'
        '<use xlink:href="#i0" x="1" y="2" class="s0"/><g class="s1">'
        '<use xlink:href="#i0" x="2" y="2"/><use xlink:href="#i0" x="3" y="2"/></g>'
        '<use xlink:href="#i0" x="4" y="2" class="s0"/></g>'
    )


def test_a_style_holds_what_clips_a_line():
    svg = compact('<style></style><path clip-path="url(#p617f6023e6)" style="fill: red"/>')

    assert ".s0{fill: red; clip-path: url(#i0)}" in svg
    assert svg.endswith('</style><path class="s0"/>')


def test_groups_that_say_nothing_go():
    svg = compact('<g id="axes"><g clip-path="url(#x)"><g><path/></g></g><g/></g><path/>')

    assert svg == '<g clip-path="url(#x)"><path/></g><g/><path/>'


def test_a_scatter_of_many_points_stays_small(rng, tmp_path):
    """Codes of ten classes spread evenly, with draws beside them, are the worst to compress."""
    cloud = LatentCloud(rng.uniform(-3, 3, (4000, 2)), labels=np.arange(4000) % 10)
    write(scatter_2d({"AE": cloud}, {"N(0, I)": cloud.z_mean}), tmp_path / "scatter.svg")

    assert (tmp_path / "scatter.svg").stat().st_size < 150_000


def test_images_in_an_svg_become_smaller_and_keep_their_pixels(rng):
    pixels = rng.integers(0, 4, (40, 30, 4), dtype=np.uint8) * 85
    pixels[..., 3] = 255
    png, webp = io.BytesIO(), re.compile(r'data:image/webp;base64,([^"]+)"')
    Image.fromarray(pixels).save(png, "PNG")

    svg = compact(
        f'<image xlink:href="data:image/png;base64,{b64encode(png.getvalue()).decode()}"/>'
    )

    kept = Image.open(io.BytesIO(b64decode(webp.search(svg)[1])))
    np.testing.assert_array_equal(np.asarray(kept.convert("RGBA")), pixels)


def test_another_format_is_refused_and_nothing_is_written(grid, tmp_path):
    with pytest.raises(ValueError, match=r"expected one of .svg, .png, .webp, received '.jpg'"):
        write(grid, tmp_path / "grid.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_made(grid, tmp_path):
    write(grid, tmp_path / "report" / "figures" / "grid.png")

    assert (tmp_path / "report" / "figures" / "grid.png").read_bytes().startswith(b"\x89PNG")


def test_a_figure_has_colours_for_a_dark_page(tmp_path):
    write(null_histogram([1.0], np.arange(9.0)), tmp_path / "x.svg")
    svg = (tmp_path / "x.svg").read_text("utf-8")

    assert "@media (prefers-color-scheme: dark)" in svg
    assert re.search(r"\.s0\{fill: #ffffff\}.*@media[^@]*\.s0\{fill:#16181b\}", svg)
    assert "fill: #0072b2" in svg  # a viewer without dark pages shows these
