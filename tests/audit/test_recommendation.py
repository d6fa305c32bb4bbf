"""What is recommended, on models of which the answer is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aelatent.audit.comparison import SamplerResult, _interval
from aelatent.audit.description import read
from aelatent.audit.gates import Demands, Threshold
from aelatent.audit.measuring import measure
from aelatent.audit.recommendation import Recommendation, recommend
from aelatent.audit.running import Audit
from aelatent.inference.estimates import Estimate
from aelatent.samplers.between_neighbours import BetweenNeighbours
from aelatent.samplers.fitted import fit
from aelatent.samplers.ladder import Gaussian


def result(name="sampler", hits=1.0, recall=1.0, coverage=1.0, short="sampler"):
    one = (1.0, (1.0, 1.0))
    return SamplerResult(
        name,
        short,
        None,
        (hits, (hits - 0.02, hits + 0.02)),
        one,
        one,
        (recall, (recall, recall)),
        one,
        (coverage, (coverage, coverage)),
        one,
        one,
    )


def test_the_worth_sees_through_one_sided_draws():
    codes = result()
    assert result(hits=1.0, recall=0.02, coverage=0.97).relative_to(codes).worth < 0.05
    assert result(hits=0.1, recall=0.9, coverage=0.9).relative_to(codes).worth < 0.2
    assert result(hits=0.9, recall=0.9, coverage=0.9).relative_to(codes).worth == pytest.approx(0.9)
    assert result(hits=0.0, recall=0.0, coverage=0.0).relative_to(codes).worth == 0


def test_a_linear_code_is_drawn_from_its_own_distribution(describe):
    measured = measure(read(describe()))
    found = recommend(measured, np.random.default_rng(0))
    names = [each.name for each in found.results]
    assert names.index("Gaussian with the codes' mean and covariance") < names.index("N(0, I)")
    assert found.best.worth > 0.5
    assert found.reference.hits[0] > 0.9
    assert all(low <= value <= high for value, (low, high) in (r.hits for r in found.results))
    assert found.advice[0].startswith("Draw from this sampler")
    demands = Demands((), [Threshold(0.4, "gaussian"), Threshold(0.8)], [Threshold(0.3)], 0.02)
    assert Audit(Path(), measured, found, []).shortcomings(demands) == []


def test_a_standard_normal_cloud_does_not_refuse_its_prior(describe, home):
    rng = np.random.default_rng(0)
    np.save(home / "codes.npy", rng.normal(size=(1500, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = recommend(measure(read(describe(**only))), rng)
    assert not any(line.startswith("Do not draw from N(0, I)") for line in found.advice)


def test_a_shifted_cloud_refuses_its_prior(describe, home):
    rng = np.random.default_rng(0)
    np.save(home / "codes.npy", rng.normal(3.0, 0.2, size=(1500, 16)))
    only = {"encoder": None, "images": None, "codes": "codes.npy"}
    found = recommend(measure(read(describe(**only))), rng)
    assert any(line.startswith("Do not draw from N(0, I): 0 %") for line in found.advice)


def test_a_rate_beyond_its_bounds_is_no_certainty():
    value, (low, high) = _interval(Estimate(1.03, 0.01), 0, 1)
    assert (value, high) == (1, 1)
    assert low == pytest.approx(1 - 1.96 * 0.01)


def test_the_best_sampler_without_codes_is_named_too():
    codes = np.random.default_rng(0).normal(size=(200, 2))
    near = replace(result("near"), sampler=fit(BetweenNeighbours(), codes, (2,)))
    normal = result("N(0, I)", hits=0.7, short="standard-normal")
    normal = replace(normal, sampler=fit(Gaussian(), codes, (2,)))
    found = Recommendation(result("codes of images"), [near, normal])
    assert found.recommended == [near, normal]
    assert "its file holds many of them" in found.advice[1]
    assert Recommendation(result("codes of images"), [normal, near]).recommended == [normal]


def test_nothing_is_recommended_that_gives_nothing():
    codes = np.random.default_rng(0).normal(size=(200, 2))
    near = replace(result("near"), sampler=fit(BetweenNeighbours(), codes, (2,)))
    poor = [
        replace(result(name, hits=hits, short=name), sampler=fit(Gaussian(), codes, (2,)))
        for name, hits in (("standard-normal", 0.0), ("gaussian", 0.03))
    ]
    found = Recommendation(result("codes of images"), [near, *poor])
    assert found.recommended == [near]
    assert "No sampler that keeps none works: at most 3 % [1, 5] are clean." in found.advice[1]
    without = Recommendation(result("codes of images"), poor)
    assert without.recommended == []
    (line,) = without.advice
    assert line.startswith("No sampler that was tried works on this model: at most 3 %")


def test_every_measure_has_an_interval(describe):
    found = recommend(measure(read(describe())), np.random.default_rng(0))
    for each in found.results:
        told = each.plain()
        for name in ("cycle", "remoteness", "precision", "recall", "density", "coverage"):
            low, high = told[name]["interval"]
            assert low <= told[name]["value"] <= high
    assert found.reference.remoteness[0] == pytest.approx(1, abs=0.15)


SOFT = """

from scipy.ndimage import gaussian_filter


def encode_large(images):
    return encode(images.reshape(len(images), 8, 4, 8, 4).mean(axis=(2, 4)))


def decode_softly(codes):
    large = decode(codes).repeat(4, axis=1).repeat(4, axis=2)
    return gaussian_filter(large, (0, 2.5, 2.5, 0))
"""


@pytest.mark.slow
def test_a_model_that_blurs_gives_no_good_images(describe, home, digits):
    file = home / "networks_of_mine.py"
    file.write_text(file.read_text() + SOFT)
    large = digits.pixels[:900].repeat(4, axis=1).repeat(4, axis=2)
    np.save(home / "images.npy", large)
    soft = {"encoder": "networks_of_mine:encode_large", "decoder": "networks_of_mine:decode_softly"}
    found = recommend(measure(read(describe(**soft))), np.random.default_rng(0))
    assert found.reference.hits[0] < 0.2
    assert found.reference.recognisable[0] > 0.9
    assert "the model itself blurs or damages images" in found.advice[0]
    assert found.recommended == []
