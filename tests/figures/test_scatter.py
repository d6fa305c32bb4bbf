import numpy as np
import pytest

from aelatent.figures import scatter_2d
from aelatent.figures.scatter import MOST_POINTS, MOST_VECTORS
from aelatent.latent.cloud import LatentCloud


@pytest.fixture
def cloud(rng):
    """Sixty labelled codes of two dimensions."""
    return LatentCloud(rng.standard_normal((60, 2)) * 5, labels=np.arange(60) % 3)


def test_codes_and_draws_have_a_panel_each_with_the_same_limits(cloud, rng):
    draws = rng.standard_normal((40, 2))
    figure = scatter_2d({"AE": cloud}, {"N(0, I)": draws})

    left, right = figure.axes
    assert (left.get_title(loc="left"), right.get_title(loc="left")) == ("AE", "N(0, I)")
    assert left.get_xlim() == right.get_xlim()
    assert left.get_aspect() == 1
    assert np.asarray(left.collections[0].get_offsets()).tolist() == cloud.z_mean.tolist()
    assert np.asarray(right.collections[0].get_offsets()).tolist() == draws.tolist()


def test_every_point_lies_inside_the_axes(cloud):
    axes = scatter_2d({"AE": cloud}).axes[0]

    for limits, values in zip((axes.get_xlim(), axes.get_ylim()), cloud.z_mean.T, strict=True):
        assert limits[0] < values.min()
        assert values.max() < limits[1]


def test_classes_differ_in_colour_and_are_named_at_their_median(cloud):
    axes = scatter_2d({"AE": cloud}, classes=["zero", "one", "two"]).axes[0]

    assert len(np.unique(axes.collections[0].get_facecolors(), axis=0)) == 3
    assert [text.get_text() for text in axes.texts] == ["zero", "one", "two"]
    expected = np.median(cloud.z_mean[cloud.labels == 1], axis=0)
    assert axes.texts[1].get_position() == pytest.approx(expected)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 1), (4, 2), (5, 2)])
def test_panels_stand_in_rows_without_empty_axes(cloud, count, rows):
    figure = scatter_2d({str(i): cloud for i in range(count)})

    shown = [axes for axes in figure.axes if axes.axison]
    assert len(shown) == count
    assert figure.axes[0].get_gridspec().nrows == rows


@pytest.mark.parametrize("n", [MOST_VECTORS, MOST_VECTORS + 1])
def test_many_points_become_one_image(n, rng):
    figure = scatter_2d({}, {"N(0, I)": rng.standard_normal((n, 2))})

    assert bool(figure.axes[0].collections[0].get_rasterized()) == (n > MOST_VECTORS)


def test_more_points_than_can_be_seen_are_thinned(rng):
    figure = scatter_2d({}, {"N(0, I)": rng.standard_normal((3 * MOST_POINTS, 2))})

    assert len(figure.axes[0].collections[0].get_offsets()) == MOST_POINTS


def test_codes_of_other_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"expected 'AE' to have codes of shape \(n, 2\)"):
        scatter_2d({"AE": LatentCloud(np.eye(3))})


def test_nothing_to_plot_is_refused():
    with pytest.raises(ValueError, match="expected a cloud or draws"):
        scatter_2d({})
