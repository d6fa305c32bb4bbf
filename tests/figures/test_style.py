import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from aelatent.figures import class_shares, null_histogram, styled, trend
from aelatent.figures.style import STYLE, colours, percent


def test_nothing_stays_changed_after_a_figure():
    before = mpl.rcParams.copy()

    null_histogram([1.0], np.zeros(9))

    assert mpl.rcParams.copy() == before


def test_settings_of_the_user_do_not_show(monkeypatch):
    monkeypatch.setitem(mpl.rcParams, "font.size", 40.0)
    monkeypatch.setitem(mpl.rcParams, "axes.labelsize", 70.0)

    label = class_shares({"data": [1.0]}, ["all"]).axes[0].xaxis.label

    assert label.get_size() == STYLE["font.size"]


def test_one_typeface_is_used():
    with styled():
        assert mpl.rcParams["font.family"] == ["DejaVu Sans"]


def test_figures_need_no_pyplot():
    import subprocess

    code = "import sys, aelatent.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("names", [["codes", "draws"], ["draws", "codes"]])
def test_a_thing_with_a_role_has_its_colour_wherever_it_stands(names):
    assert colours(names) == {"codes": "#0072B2", "draws": "#D55E00"}


def test_long_labels_take_several_lines():
    figure = trend({"codes": {1: [1.0], 2: [2.0]}}, "short", "share of codes that " * 5, log="")

    assert figure.axes[0].get_xlabel() == "short"
    assert figure.axes[0].get_ylabel().count("\n") >= 2


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [(1e-6, 1, {"10⁻⁶", "10⁻³", "1"}), (1e-4, 2e-3, {"0.0001", "0.002"}), (1, 1e4, {"1", "10000"})],
)
def test_a_long_logarithmic_axis_shows_powers_below_a_thousandth(low, high, texts):
    axes = trend({"codes": {low: [1.0], high: [2.0]}}, "x", "y").axes[0]

    shown = axes.xaxis.get_major_formatter().format_ticks(axes.get_xticks())

    assert texts <= set(shown)


def test_shares_have_no_superfluous_digits():
    axes = Figure().subplots()
    percent(axes.yaxis)

    assert axes.yaxis.get_major_formatter().format_ticks([0.07, 0.2, 0.025]) == [
        "7 %",
        "20 %",
        "2.5 %",
    ]


def test_a_figure_says_what_to_see():
    assert "where chance does not put them" in null_histogram([1.0], np.zeros(9)).get_label()
