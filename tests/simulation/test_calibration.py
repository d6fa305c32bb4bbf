"""Checks run on simulated scenarios, and their errors are counted and stored."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aelatent.cli import main
from aelatent.inference.record import Record
from aelatent.inference.rules import Above, Below, Between, Equals, Near
from aelatent.latent.cloud import LatentCloud
from aelatent.runtime.files import StorageError
from aelatent.simulation import (
    FILE,
    Calibrations,
    NoScenario,
    calibrate,
    code_digest,
    model_with_hit_rates,
    run_claim,
    scenarios_of,
)

FILE_OF_CLAIMS = Path(__file__).with_name("simulated_claims.py")


@pytest.fixture(scope="module")
def scenarios():
    return {scenario.id: scenario for scenario in scenarios_of(FILE_OF_CLAIMS)}


def test_one_function_may_be_the_scenario_of_several_claims(scenarios):
    assert [scenario.name for scenario in scenarios.values()] == [
        "test_codes_lie_beyond_one/normal_codes",
        "test_one_code_is_taken_for_many/normal_codes",
    ]


@pytest.mark.parametrize(
    ("rule", "null", "effects"),
    [
        (Above(1.0), 0.0, {"margin": [1.0], "true": [2.0], "false": [0.0]}),
        (Below(0.5), 0.75, {"margin": [0.5], "true": [0.25], "false": [0.75]}),
        (Between(-1, 1), 0.0, {"margin": [-1, 1], "true": [0.0], "false": [-2, 2]}),
        (Near(2.0, 2.0), 2.0, {"margin": [1.0, 4.0], "true": [2.0], "false": [0.5, 8.0]}),
    ],
)
def test_effects_lie_at_the_margin_and_at_twice_the_margin(scenarios, rule, null, effects):
    assert replace(scenarios["Z-01"], null=null).effects(rule) == effects


def test_a_fact_has_no_margin(scenarios):
    with pytest.raises(NoScenario, match="expected a rule with a bound"):
        scenarios["Z-01"].effects(Equals(3))


def test_a_claim_runs_its_own_code_without_figures(scenarios):
    scenario, rng = scenarios["Z-01"], np.random.default_rng(0)

    verdict = run_claim(scenario.claim, scenario.simulate(3.0, rng), rng)

    assert (verdict.outcome, verdict.parts[0][1]) == ("supported", Above(1.0))


def test_a_sound_check_errs_as_often_as_it_states(scenarios):
    found = calibrate(scenarios["Z-01"])

    assert all(rate[0] / rate[1] < 0.05 for rate in (found.false_support, found.false_refutation))
    assert found.coverage[0] / found.coverage[1] == pytest.approx(0.95, abs=0.03)
    assert found.power[0] / found.power[1] > 0.9


def test_overlooking_the_scatter_of_trainings_shows(scenarios):
    found = calibrate(scenarios["Z-02"])

    assert found.false_support[0] / found.false_support[1] > 0.3
    assert found.coverage[0] / found.coverage[1] < 0.2


def test_a_claim_that_does_not_apply_to_a_simulation_gives_no_verdict_on_it(tmp_path):
    path = tmp_path / "test_skipping.py"
    text = FILE_OF_CLAIMS.read_text(encoding="utf-8").replace(
        "    evidence = estimate(",
        "    if model.clouds[0].z_mean.mean() > 1:\n"
        "        pytest.skip('the codes lie too far out')\n"
        "    evidence = estimate(",
    )
    path.write_text(text, encoding="utf-8")

    try:
        found = calibrate(scenarios_of(path)[0], 40)
    except pytest.skip.Exception:
        pytest.fail("the claim's own skip ended the calibration")

    counts = found.counts["margin"]
    assert 0 < counts["error"] < 40
    assert sum(counts.values()) == 40


def test_the_same_simulations_come_again(scenarios):
    first, second = (calibrate(scenarios["Z-01"], 20) for _ in range(2))

    assert (first.counts, first.bias) == (second.counts, second.bias)


def test_a_model_with_hit_rates_makes_shares_of_good_images(rng):
    cloud = LatentCloud(rng.standard_normal((2000, 2)))
    model = model_with_hit_rates([cloud, cloud], [0.25, 1.0], rng)["model"]

    shares = [(r.decode(cloud.z_mean) > 0).mean() for r in model.replicates]

    assert shares == pytest.approx([0.25, 1.0], abs=0.04)


def test_the_digest_changes_with_code_and_not_with_prose(tmp_path):
    text = FILE_OF_CLAIMS.read_text(encoding="utf-8")

    def digest(changed):
        path = tmp_path / "test_changed.py"
        path.write_text(changed, encoding="utf-8")
        return code_digest(path)

    assert digest(text.replace("Prose.", "Other prose.")) == digest(text)
    assert digest(text.replace("is no part", "is still no part")) == digest(text)
    assert digest(text.replace("count=400", "count=500")) == digest(text)
    assert digest(text.replace("Above(1.0)", "Above(1.1)")) != digest(text)


def test_the_digest_ignores_what_is_expected_of_a_parameter(tmp_path):
    """The expected verdict of one reading of a claim is no part of its code either."""
    claim = '@pytest.mark.parametrize("filling", [{}, "ball"])\ndef test_z(filling): pass\n'
    digests = []
    for given in ('"box"', 'pytest.param("box", marks=pytest.mark.expect("refuted"))', '"cube"'):
        (tmp_path / "test_z.py").write_text(claim.format(given))
        digests.append(code_digest(tmp_path / "test_z.py"))

    assert digests[0] == digests[1] != digests[2]


@pytest.fixture
def claims(tmp_path):
    (tmp_path / "test_simulated.py").write_text(FILE_OF_CLAIMS.read_text(encoding="utf-8"))
    return tmp_path


def test_the_command_prints_and_stores_every_claim(claims, capsys):
    assert main(["calibrate", "--folder", str(claims), "--simulations", "20"]) == 0

    stored = json.loads((claims / FILE).read_text())["claims"]
    assert [record["id"] for record in stored] == ["Z-01", "Z-02"]
    assert stored[0]["false_support"].keys() == {"rate", "interval"}
    assert "test_codes_lie_beyond_one/normal_codes" in capsys.readouterr().out


def test_the_command_renews_one_and_keeps_the_others(claims):
    main(["calibrate", "--folder", str(claims), "--simulations", "20"])
    main(["calibrate", "Z-02", "--folder", str(claims), "--simulations", "30"])

    stored = json.loads((claims / FILE).read_text())["claims"]
    assert [record["simulations"] for record in stored] == [20, 30]


def test_rates_of_removed_scenarios_are_dropped(claims, capsys):
    """Five such rates stood in the table of docs/calibration.md until November 2026."""
    main(["calibrate", "--folder", str(claims), "--simulations", "2"])
    stored = Calibrations.read(claims / FILE)
    removed = next(iter(stored.records.values()))
    with_removed = {**stored.records, "test_gone/codes": {**removed, "name": "test_gone/codes"}}
    Calibrations(with_removed).write(claims / FILE)

    main(["calibrate", removed["id"], "--folder", str(claims), "--simulations", "2"])

    assert Calibrations.read(claims / FILE).records.keys() == stored.records.keys()
    assert "no longer exist: test_gone/codes" in capsys.readouterr().out


def test_a_claim_without_a_scenario_is_named(claims, capsys):
    assert main(["calibrate", "Z-99", "--folder", str(claims)]) == 2
    assert "no scenario exists for Z-99" in capsys.readouterr().err


def test_a_scenario_without_a_margin_is_one_line(claims, capsys):
    path = claims / "test_simulated.py"
    path.write_text(
        path.read_text()
        .replace("Above(1.0)", "Equals(1.0)")
        .replace("import Above", "import Above, Equals")
    )

    assert main(["calibrate", "--folder", str(claims), "--simulations", "2"]) == 1

    said = capsys.readouterr().err
    assert "expected a rule with a bound, received" in said
    assert said.count("test_codes_lie_beyond_one") == 1
    assert "Traceback" not in said


def test_a_changed_claim_has_a_stale_calibration(claims):
    main(["calibrate", "Z-01", "--folder", str(claims), "--simulations", "5"])
    known, code = Calibrations.read(claims / FILE), code_digest(claims / "test_simulated.py")

    ((fresh,), (stale,)) = (known.of("test_codes_lie_beyond_one", c) for c in (code, "other"))

    assert (fresh["stale"], stale["stale"]) == (False, True)


def test_the_old_name_of_the_option_still_works(claims):
    assert main(["calibrate", "Z-01", "--folder", str(claims), "--worlds", "2"]) == 0

    (stored,) = Calibrations.read(claims / FILE).records.values()
    assert stored["simulations"] == 2


def test_calibrations_of_schema_1_are_read(tmp_path):
    path = tmp_path / FILE
    path.write_text('{"schema": 1, "claims": [{"name": "test_z", "worlds": 7, "code": "c"}]}')

    (stored,) = Calibrations.read(path).of("test_z", "c")
    assert stored == {"name": "test_z", "simulations": 7, "code": "c", "stale": False}


@pytest.mark.parametrize("content", ["{", '{"schema": 9, "claims": []}', '{"schema": 1}', "[]"])
def test_damaged_calibrations_are_refused_and_kept(tmp_path, content):
    path = tmp_path / FILE
    path.write_text(content)

    with pytest.raises(StorageError, match="expected"):
        Calibrations.read(path)
    assert path.read_text() == content


def test_the_report_says_how_often_a_check_errs(claims):
    from aelatent.plugin.collector import attach_calibrations
    from aelatent.report.notation import calibration_sentence

    main(["calibrate", "Z-01", "--folder", str(claims), "--simulations", "40"])
    record = Record(
        "Z-01", "test_codes_lie_beyond_one[m]", "", "", "", "", "", file="test_simulated.py"
    )

    attach_calibrations([record], claims)

    (known,) = record.calibration
    assert "In 40 simulations exactly at the margin" in calibration_sentence(known)
    assert "changed" not in calibration_sentence(known)
    assert "changed since" in calibration_sentence({**known, "stale": True})


def test_only_changed_or_less_simulated_claims_run_again(claims):
    stored, file = claims / "calibration.json", claims / "test_simulated.py"

    def ran(simulations):
        before = stored.read_text() if stored.exists() else ""
        main(["calibrate", "--folder", str(claims), "--simulations", simulations, "--stale"])
        return stored.read_text() != before

    assert ran("2")
    assert not ran("1")
    assert ran("3")
    file.write_text(file.read_text() + "\nCHANGED = True\n")
    assert ran("3")
