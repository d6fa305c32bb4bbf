import numpy as np
import pytest
from matplotlib.patches import Rectangle

from aelatent.figures import filmstrips, image_grid, write
from aelatent.figures.tiles import gap, magnification


@pytest.fixture
def digits(rng):
    """Five grey 28x28 images."""
    return rng.integers(0, 256, (5, 28, 28, 1)).astype(np.uint8)


@pytest.fixture
def faces(rng):
    """Two paths of three colour 96x96 images."""
    return rng.integers(0, 256, (2, 3, 96, 96, 3)).astype(np.uint8)


def frames(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def crosses(axes):
    return sum(len(line.get_xdata()) for line in axes.lines)


def texts(figure):
    return [text.get_text() for text in figure.texts]


def test_each_caption_has_a_row(digits):
    figure = image_grid({"codes": digits, "draws": digits})

    assert len(figure.axes) == 2
    assert texts(figure) == ["codes", "draws"]


def test_a_tile_holds_its_image_and_lies_in_a_white_gap(digits):
    sheet = image_grid({"draws": digits}).axes[0].images[0].get_array()
    space = gap(28)

    second = sheet[space : space + 28, 2 * space + 28 : 2 * space + 56]
    assert (second == digits[1]).all()
    assert (sheet[:space] == 255).all()


def test_grey_and_colour_images_share_a_grid(rng):
    colour = rng.integers(0, 256, (5, 28, 28, 3)).astype(np.uint8)

    figure = image_grid({"grey": colour[..., :1], "colour": colour})

    assert {axes.images[0].get_array().shape[2] for axes in figure.axes} == {3}


def test_numbers_at_the_end_of_a_caption_stand_above_their_images(digits):
    figure = image_grid({"before": digits, "towards 3 1 4 1 5": digits, "seed 0": digits})

    assert [text.get_text() for text in figure.axes[1].texts] == ["3", "1", "4", "1", "5"]
    assert [text.strip() for text in texts(figure)] == ["before", "towards", "seed 0"]
    assert not figure.axes[0].texts
    assert not figure.axes[2].texts


def test_a_long_label_takes_several_lines(faces):
    figure = filmstrips(faces, [0, 1, 2], xlabel="from the smallest value of the codes " * 3)

    assert "\n" in figure.axes[0].get_xlabel()


def test_columns_limit_what_is_shown(digits):
    sheet = image_grid({"draws": digits}, columns=2).axes[0].images[0].get_array()

    assert sheet.shape[1] == 2 * (28 + gap(28)) + gap(28)


def test_accepted_images_have_a_frame_and_others_a_cross(digits):
    marks = np.array([True, True, False, True, False])
    figure = image_grid({"codes": digits, "draws": digits}, marks={"draws": marks})

    unmarked, marked = figure.axes
    assert (len(frames(unmarked)), crosses(unmarked)) == (0, 0)
    assert (len(frames(marked)), crosses(marked)) == (3, 2)
    assert "3 of 5 accepted" in texts(figure)


def test_a_frame_surrounds_its_own_image(digits):
    marks = np.arange(5) == 3
    (frame,) = frames(image_grid({"draws": digits}, marks={"draws": marks}).axes[0])

    left = gap(28) + 3 * (28 + gap(28)) - 0.5
    assert left - gap(28) < frame.get_x() < left
    assert left + 28 < frame.get_x() + frame.get_width() < left + 28 + gap(28)


@pytest.mark.parametrize("size", [8, 28, 33, 96])
def test_every_pixel_is_a_whole_number_of_pixels_wide(size, rng, tmp_path):
    """The image is found in the file, enlarged by repetition and otherwise unchanged."""
    from PIL import Image

    pixels = rng.integers(0, 256, (7, size, size, 3)).astype(np.uint8)
    write(image_grid({"draws": pixels}), tmp_path / "grid.png")
    page = np.asarray(Image.open(tmp_path / "grid.png").convert("RGB"))

    times = magnification(7, size, size)
    enlarged = pixels[0].repeat(times, axis=0).repeat(times, axis=1)
    left, tall = 8 + gap(size) * times, size * times
    strip = page[:, left : left + tall]
    assert any((strip[top : top + tall] == enlarged).all() for top in range(len(page) - tall + 1))


def test_images_of_two_sizes_are_refused(digits):
    with pytest.raises(ValueError, match="expected images of one size"):
        image_grid({"codes": digits, "draws": digits[:, :20]})


@pytest.mark.parametrize(
    "pixels", [np.zeros((2, 4, 4, 1)), np.zeros((0, 4, 4, 1), np.uint8), np.zeros((4, 4), np.uint8)]
)
def test_what_is_no_stack_of_images_is_refused(pixels):
    with pytest.raises(ValueError, match="'draws': expected uint8 images of shape"):
        image_grid({"draws": pixels})


def test_too_few_marks_are_refused(digits):
    with pytest.raises(ValueError, match=r"expected 5 marks for 'draws', received \(2,\)"):
        image_grid({"draws": digits}, marks={"draws": np.array([True, False])})


def test_paths_are_rows_and_positions_are_columns(faces):
    axes = filmstrips(faces, [-1, 0, 1]).axes[0]
    space = gap(96)
    sheet = axes.images[0].get_array()

    below = sheet[2 * space + 96 : 2 * space + 192, space : space + 96]
    assert (below == faces[1, 0]).all()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["\N{MINUS SIGN}1", "0", "1"]
    assert axes.get_xlabel() == "position along the path in standard deviations"


def test_a_path_may_have_other_places(faces):
    axes = filmstrips(faces, [0, 0.5, 1], xlabel="from the origin").axes[0]

    assert axes.get_xlabel() == "from the origin"


def test_ticks_lie_under_the_middle_of_their_column(faces):
    ticks = filmstrips(faces, [-1, 0, 1]).axes[0].get_xticks()

    assert ticks.tolist() == pytest.approx([gap(96) + 47.5 + i * (96 + gap(96)) for i in range(3)])


def test_marks_of_paths_are_frames_and_crosses(faces):
    accepted = np.array([[True, False, True], [False, False, True]])
    axes = filmstrips(faces, [-1, 0, 1], accepted).axes[0]

    assert (len(frames(axes)), crosses(axes)) == (3, 3)


def test_many_positions_get_fewer_labels(rng):
    paths = rng.integers(0, 256, (1, 40, 8, 8, 1)).astype(np.uint8)
    axes = filmstrips(paths, np.arange(40)).axes[0]

    assert 2 <= len(axes.get_xticks()) < 40


@pytest.mark.parametrize(
    ("positions", "accepted"), [([0, 1], None), ([0, 1, 2], np.ones((3, 2), dtype=bool))]
)
def test_positions_and_marks_that_do_not_fit_are_refused(faces, positions, accepted):
    with pytest.raises(ValueError, match="expected 3 positions and marks of shape"):
        filmstrips(faces, positions, accepted)


def test_paths_of_another_shape_are_refused(digits):
    with pytest.raises(ValueError, match=r"expected \(p, steps, h, w, c\)"):
        filmstrips(digits, [0, 1])
