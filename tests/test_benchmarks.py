"""Figures of benchmarks are ratios, each missed aim has its cause, and the page says them all."""

import json
import subprocess
import sys

import pytest
import yaml

from aelatent import models
from benchmarks import arms, arrays, backends, cost, gpu, networks, records
from benchmarks.arms import Comparison
from benchmarks.records import Record
from tests.properties.register import Property

RESULTS = json.loads(records.RESULTS.read_text(encoding="utf-8"))


def tell(work):
    """Return what an arm's process says about its work."""
    return lambda arm: {"seconds": work[arm], "processor": 1.0, "megabytes": 10 * work[arm]}


def test_arms_run_in_turn_and_ratios_are_taken_pair_by_pair(monkeypatch):
    runs = iter([1.0, 4.0, 2.0, 10.0, 1.0, 9.0])
    order = []
    monkeypatch.setattr(
        arms, "alone", lambda arm: order.append(arm) or tell({arm: next(runs)})(arm)
    )
    record = Comparison("a", "b", 5, "ours-in-turn", "theirs-in-turn", rounds=3).record()

    assert order == ["ours-in-turn", "theirs-in-turn"] * 3
    assert record.ratio == 5.0
    assert record.met


def test_a_share_of_the_peers_work_counts_for_all_of_it(monkeypatch):
    monkeypatch.setattr(arms, "alone", tell({"ours-share": 2.0, "theirs-share": 3.0}))

    record = Comparison("a", "b", 5, "ours-share", "theirs-share", share=0.5).record()
    memory = Comparison("a", "b", 5, "ours-share", "theirs-share", memory=True).record()

    assert record.ratio == 3.0
    assert "0.5 of the work" in record.detail
    assert memory.ratio == 1.5
    assert not memory.met


def test_a_peer_that_is_not_installed_is_left_out(capsys):
    assert Comparison("a", "b", 1, "x", "y", needs="no_such_package").record() is None
    assert "no_such_package is not installed" in capsys.readouterr().out


def test_an_arm_is_measured_in_a_process_of_its_own():
    found = arms.alone("benchmarks.arrays:normal_work")

    assert 0 < found["seconds"] < 60
    assert found["megabytes"] > 70


def is_function(arm):
    """Say whether an arm names a function of the benchmarks."""
    module, _, function = arm.partition(":")
    where = {"benchmarks.arrays": arrays, "benchmarks.networks": networks}[module]
    return callable(getattr(where, function, None))


def test_every_arm_is_a_function():
    comparisons = [*arrays.COMPARISONS, *networks.COMPARISONS]
    arms_of_all = [arm for each in comparisons for arm in (each.ours, each.theirs)]

    assert arms_of_all
    assert [arm for arm in arms_of_all if not is_function(arm)] == []


def test_the_exponent_of_a_statistic_is_that_of_its_work(monkeypatch):
    monkeypatch.setattr(cost, "least", lambda case, n, d: 1e-9 * n**2 * d)  # noqa: ARG005
    case = Property("made up", lambda sample: sample, [])

    assert cost.exponent(case, "n")[0] == pytest.approx(2)
    assert cost.exponent(case, "d")[0] == pytest.approx(1)


def test_what_is_too_fast_has_no_exponent(monkeypatch):
    monkeypatch.setattr(cost, "least", lambda case, n, d: 1e-6)  # noqa: ARG005

    assert cost.exponent(Property("made up", lambda sample: sample, []), "n") is None


def test_a_disturbed_long_call_is_timed_again(monkeypatch):
    calls = []
    clock = iter([(0.0, 0.0), (3.0, 6.0), (3.0, 6.0), (6.5, 6.0)])  # own seconds, the system's
    monkeypatch.setattr(cost, "spent", lambda: next(clock))

    assert cost.least(Property("made up", calls.append, []), 10, 2) == 3.5
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("documented", "fitted", "off"),
    [(2, 2.5, 0.5), (2, 1.5, 0.5), ([2, 3], 2.4, 0), ([2, 3], 1.5, 0.5), ([2, 3], 3.25, 0.25)],
)
def test_a_cost_of_several_terms_has_the_orders_of_all(documented, fitted, off):
    assert cost.against("a statistic", documented, fitted, 1000, 1.0).ratio == off


def test_orders_are_those_of_statistics():
    orders = yaml.safe_load(cost.ORDERS.read_text(encoding="utf-8"))

    assert orders.keys() <= cost.PROPERTIES.keys()
    assert all(order.keys() <= {"n", "d"} for order in orders.values())


def test_new_figures_replace_those_of_their_name(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "RESULTS", tmp_path / "results.json")
    for record in (
        Record("a", "b", 1.0, 2.0),
        Record("c", "d", 0.1, 0.15, "less"),
        Record("a", "b", 3.0, 2.0),
    ):
        records.keep(record)
    found = records.results()

    assert {"recorded", "commit", "hardware", "versions"} <= found.keys()
    assert [(r["name"], r["ratio"], r["met"]) for r in found["benchmarks"]] == [
        ("a", 3.0, True),
        ("c", 0.1, True),
    ]


def faults(stored):
    """Return what is wrong with a stored figure, if anything."""
    missing = [key for key in (*Record.__dataclass_fields__, "commit", "met") if key not in stored]
    if missing:
        return f"lacks {missing}"
    record = Record(**{key: stored[key] for key in Record.__dataclass_fields__})
    if record.met != stored["met"]:
        return f"says met: {stored['met']}, and its ratio says {record.met}"
    empty = [key for key in ("detail", "commit") if not stored[key]]
    return f"says nothing under {empty}" if empty else None


def test_stored_figures_state_which_aims_were_met():
    found = {stored["name"]: faults(stored) for stored in RESULTS["benchmarks"]}

    assert found
    assert {name: fault for name, fault in found.items() if fault} == {}


def test_every_missed_aim_has_its_cause_and_no_other_has_one():
    missed = {record["name"] for record in RESULTS["benchmarks"] if not record["met"]}

    assert records.causes().keys() == missed


def test_the_page_is_that_of_the_results():
    """`python -m benchmarks --page` writes it anew."""
    assert records.PAGE.read_text(encoding="utf-8") == records.page()


@pytest.mark.slow
def test_the_script_for_a_gpu_runs_on_any_machine_at_small_scale():
    command = ["-m", "benchmarks.gpu", "pairs", "--scale", "0.00001"]
    answer = subprocess.run(
        [sys.executable, *command], cwd=records.ROOT, capture_output=True, text=True, check=True
    )

    first, second = answer.stdout.splitlines()
    assert first.startswith("10 neighbours of 500 codes")
    assert second.startswith("energy test of 500")


def test_face_autoencoder_multiplications_match_its_layers():
    """By hand: kernels of 3x3 at every output of a convolution, input of a transposed one."""
    networks = models.build(
        "strided_conv", {"latent_dim": 256, "filters": [32, 64, 64, 64]}, (96, 96, 3), seed=0
    )
    convolutions = [(48, 3, 32), (24, 32, 64), (12, 64, 64), (6, 64, 64)]
    by_hand = sum(2 * 9 * side**2 * a * b for side, a, b in convolutions) * 2
    by_hand += 2 * 2 * 2304 * 256

    assert gpu.multiplications(networks) == by_hand


def test_backends_that_agree_to_the_bit_are_equivalent():
    assert backends.equivalence("error", [1.0, 2.0], [1.0, 2.0]).ratio == 0
    assert backends.equivalence("error", [1.0, 2.0, 3.0], [1.01, 2.0, 2.99]).ratio > 0
