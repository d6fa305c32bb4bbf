"""Where a model falls short of what a caller demands."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.audit.gates import Demands, Threshold
from aelatent.audit.reconstruction import reconstruction
from aelatent.audit.running import Audit
from aelatent.inference.record import Record

GAUSSIAN = Threshold(0.9, "gaussian")
BEST = Threshold(0.9)


def sampled(short, hits, recall=0.5, *, keeps_codes=False):
    return SimpleNamespace(
        name=short.capitalize(),
        short=short,
        hits=(hits, (hits - 0.05, hits + 0.05)),
        recall=(recall, (recall - 0.1, recall + 0.1)),
        keeps_codes=keeps_codes,
    )


def audited(results=None, records=(), refusals=(), error=0.01):
    """Return an audit with samplers, best first; none where it has no decoder."""
    checks = [
        reconstruction(np.full(50, each), np.full(50, 0.1), np.zeros(50), 4) for each in (error,)
    ]
    measured = SimpleNamespace(
        refusals=tuple(refusals),
        reconstructions=tuple(checks) if results or refusals else (),
        autoencoders=[SimpleNamespace(decoder=results or refusals or None)],
    )
    recommendation = results and SimpleNamespace(
        results=results,
        best_without_codes=next(each for each in results if not each.keeps_codes),
    )
    return Audit(Path(), measured, recommendation, records)


NEAR = sampled("between-neighbours", 0.97, 0.9, keeps_codes=True)
GOOD, POOR = sampled("gaussian", 0.95), sampled("gaussian", 0.85)
CUT = sampled("gaussian-cut-1", 0.99, 0.1)


@pytest.mark.parametrize(
    ("results", "threshold", "said"),
    [
        ([GOOD], BEST, []),
        ([GOOD], GAUSSIAN, []),
        (
            [NEAR, POOR],
            GAUSSIAN,
            ["clean rate: 85 % [80, 90] of “Gaussian” (gaussian); expected 90 %"],
        ),
        ([CUT, POOR], GAUSSIAN, ["clean rate: 85 % [80, 90]"]),
        ([CUT, POOR], BEST, []),
        # Points between neighbouring codes are good wherever reconstructions are.
        (
            [NEAR, POOR],
            BEST,
            ["clean rate: 85 % [80, 90] of “Gaussian” (gaussian), the best sampler"],
        ),
        (
            None,
            BEST,
            ["clean rate: no sampler was measured, since there is no decoder; expected 90 %"],
        ),
    ],
)
def test_a_named_sampler_has_to_reach_a_hit_rate(results, threshold, said):
    found = audited(results).shortcomings(Demands(hit_rates=[threshold]))
    assert [line[: len(start)] for line, start in zip(found, said, strict=True)] == said


def test_good_images_without_variety_miss_a_recall():
    demands = Demands(hit_rates=[BEST], recalls=[Threshold(0.4)])
    assert audited([GOOD]).shortcomings(demands) == []
    (line,) = audited([CUT]).shortcomings(demands)
    assert line.startswith("recall: 10 % [0, 20] of “Gaussian-cut-1”")
    assert line.endswith("expected 40 % or more")


def test_an_error_above_the_limit_is_told_with_its_interval():
    assert audited([GOOD], error=0.01).shortcomings(Demands(max_error=0.02)) == []
    (line,) = audited([GOOD], error=0.03).shortcomings(Demands(max_error=0.02))
    assert line.startswith(
        "reconstruction error: 0.03 [0.03, 0.03] is the mean squared error on 50"
    )
    assert line.endswith("expected 0.02 or less")
    (line,) = audited().shortcomings(Demands(max_error=0.02))
    assert "not measured without images and a decoder" in line


@pytest.mark.parametrize(
    "demands",
    [
        Demands(hit_rates=[BEST]),
        Demands(recalls=[GAUSSIAN]),
        Demands(max_error=1.0),
        Demands(refused=[("refuted", "A-18")]),
    ],
)
def test_a_model_that_does_not_reconstruct_fails_any_gate(demands):
    supported = Record("A-18", "test", "A claim.", "", "mine", outcome="supported", expected="")
    found = audited(None, [supported], refusals=["It does not reconstruct."])
    assert found.shortcomings(demands)[0] == "It does not reconstruct."
    assert found.shortcomings(Demands()) == []


def test_a_refused_verdict_is_told_with_number_and_limit():
    record = Record("A-01", "test", "Draws give none.", "", "mine", "supported", "")
    record.rule = "Supported when the interval lies below 0.5."
    record.parts = [{"effect": 0.01, "interval": [0.0, 0.02]}]
    (line,) = audited([GOOD], [record]).shortcomings(Demands(refused=[("supported", "A-01")]))
    assert line == f"A-01: Draws give none. supported: 0.01 [0, 0.02]. {record.rule}"
    assert audited([GOOD], [record]).shortcomings(Demands(refused=[("refuted", "A-01")])) == []


def test_a_claim_without_a_verdict_says_why():
    record = Record("A-18", "test", "A claim.", "", "mine", outcome="not applicable", expected="")
    record.message = "too little to go by"
    (line,) = audited([GOOD], [record]).shortcomings(Demands(refused=[("refuted", "A-18")]))
    assert line == (
        "A-18: expected a verdict, it is not applicable on this model: too little to go by"
    )


def test_a_check_that_broke_is_no_verdict():
    record = Record("A-18", "test", "A claim.", "", "mine", outcome="error", expected="")
    found = audited([GOOD], [record]).shortcomings(Demands(refused=[("refuted", "A-18")]))
    assert found[0].startswith("A-18: expected a verdict")
