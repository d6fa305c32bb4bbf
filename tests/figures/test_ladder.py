import pytest

from aelatent.figures import ladder_bars

SAMPLERS = ["S0", "S1", "S2"]


def bars(axes):
    return [bar.get_width() for bar in axes.patches]


def test_bars_are_mean_hit_rates_from_the_top_down(rates):
    axes = ladder_bars(SAMPLERS, rates).axes[0]

    assert bars(axes) == pytest.approx([0.05, 0.45, 0.85])
    assert [label.get_text() for label in axes.get_yticklabels()] == SAMPLERS
    assert axes.yaxis_inverted()


def test_intervals_are_those_of_the_evidence(rates):
    axes = ladder_bars(SAMPLERS, rates).axes[0]
    (segments,) = [collection.get_segments() for collection in axes.collections]

    ends = [(segment[0][0], segment[1][0]) for segment in segments]
    assert ends == [pytest.approx(rate.interval) for rate in rates]


def test_each_replicate_is_a_dot_within_the_bar_of_its_sampler(rates, line):
    x, y = line(ladder_bars(SAMPLERS, rates).axes[0], "replicate").get_data()

    assert x.tolist() == [0.0, 0.1, 0.4, 0.5, 0.8, 0.9]
    assert y.round().tolist() == [0, 0, 1, 1, 2, 2]


def test_diversity_has_a_second_panel_with_the_same_samplers(rates):
    first, second = ladder_bars(SAMPLERS, rates, rates[::-1]).axes

    assert bars(second) == pytest.approx([0.85, 0.45, 0.05])
    assert second.get_ylim() == first.get_ylim()
    assert second.get_xlabel() == "diversity, S7 = 1"


def test_reconstructions_are_a_line(rates, line):
    axes = ladder_bars(SAMPLERS, rates, reference=0.95).axes[0]

    assert list(line(axes, "reconstructions: 95 %").get_xdata()) == [0.95, 0.95]


def test_the_axis_holds_every_interval_and_all_of_the_shares(rates):
    low, high = ladder_bars(SAMPLERS, rates).axes[0].get_xlim()

    assert low < min(rate.interval[0] for rate in rates)
    assert high > max(1, *(rate.interval[1] for rate in rates))


@pytest.mark.parametrize("samplers", [[], ["S0"]])
def test_samplers_without_their_entries_are_refused(samplers, rates):
    with pytest.raises(ValueError, match="expected one entry a sampler"):
        ladder_bars(samplers, rates)


def test_the_axis_runs_to_a_hundred_percent(rates):
    assert ladder_bars(["S0"], rates[:1]).axes[0].get_xlim()[1] == pytest.approx(1.02)
