import sys

import matplotlib as mpl
import numpy as np
import pytest

from aelatent.figures import class_shares, null_histogram, styled
from aelatent.figures.style import STYLE, colours


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


def test_a_figure_says_what_to_see():
    assert "where chance does not put them" in null_histogram([1.0], np.zeros(9)).get_label()
