"""Fixtures of claims, also under their old names."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from aelatent.plugin.fixtures import originals
from aelatent.zoo import Collection, FixtureModel

SHIPPED = Collection(Path(__file__).parents[2] / "fixtures")

pytest_plugins = ["pytester"]


@pytest.mark.slow
def test_randomness_comes_from_the_name_of_the_test(pytester):
    source = """
    import pytest
    import aelatent
    seen = []
    @pytest.mark.parametrize("i", [0, 1])
    def test_a(rng, i):
        seen.append(float(rng.random()))
        print("drawn", i, seen[-1])
    """
    pytester.makepyfile(source)

    def drawn():
        lines = pytester.runpytest("-s").outlines
        return [line for line in lines if "drawn" in line]

    first = drawn()
    assert first == drawn()
    assert first[0].split()[-1] != first[1].split()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["model", "decide", "add_figure"])
def test_a_fixture_outside_a_claim_names_its_plugin(pytester, name):
    pytester.makepyfile(f"def test_a({name}): pass")

    result = pytester.runpytest("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the fixture '*' is that of aelatent: expected a test*"])
    result.stdout.no_fnmatch_line("*Error*plugin*")


OLD_NAMES = '''
import pytest
from aelatent import Above, fact

@pytest.mark.claim("Z-01")
def test_three_exceeds_one(judge, draw, recognise, image_judge):
    """Three exceeds one.

    Source
        Nobody.
    Statement
        It does.
    Statistic
        The number.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when
        it lies below; inconclusive otherwise.
    """
    import matplotlib.pyplot as plt

    assert recognise is image_judge
    draw(plt.figure(), "Nothing.")
    judge(fact(3.0), Above(1.0))
'''


@pytest.mark.slow
def test_old_names_of_fixtures_work_and_name_the_new_ones(pytester, records):
    pytester.makepyfile(test_z=OLD_NAMES)

    result = pytester.runpytest("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, warnings=3)
    result.stdout.fnmatch_lines_random(
        [
            "*DeprecationWarning: the fixture 'judge' is now 'decide'",
            "*DeprecationWarning: the fixture 'draw' is now 'add_figure'",
            "*DeprecationWarning: the fixture 'recognise' is now 'image_judge'",
        ]
    )
    (record,) = records()
    assert (record["outcome"], record["alternatives"][-1]) == ("supported", "Nothing.")


JUDGED = '''
import pytest
from aelatent import Above, fact

RULE = Above(1.0)

@pytest.mark.claim("Z-01")
def test_three_exceeds_one(decide):
    """Three exceeds one.

    Source
        Nobody.
    Statement
        It does.
    Statistic
        The number.
    Null
        None.
    Decision
        Supported when the 95 % interval over replicates lies above 1; refuted when
        it lies below; inconclusive otherwise.
    """
    decide(fact(3.0).with_readings({"strict": fact(0.5)}), RULE)

@pytest.mark.claim("Z-01")
@pytest.mark.expect("refuted", because="it is a control")
def test_control_nothing_does(decide):
    """Nothing does."""
    decide(fact(0.0).with_readings({"lenient": fact(2.0)}), RULE)
'''


@pytest.mark.slow
def test_claim_and_control_must_agree_at_every_reading(pytester, records):
    pytester.makepyfile(test_z=JUDGED)

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*inconclusive, depends on the judge: threshold: supported, 3 *"])
    found = {record["control"]: record for record in records()}
    assert [at["outcome"] for at in found[False]["readings"]] == ["supported", "refuted"]
    assert [at["outcome"] for at in found[True]["readings"]] == ["refuted", "supported"]
    assert {record["depends_on"] for record in found.values()} == {"judge"}


def test_originals_that_are_nowhere_make_a_claim_inapplicable(monkeypatch, tmp_path):
    monkeypatch.setenv("AELATENT_DATA", str(tmp_path))
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))
    specification = SHIPPED.specification("mnist_ae_2d")
    unset = SimpleNamespace(getoption=lambda _: None, getini=lambda _: [])
    load = originals.__wrapped__(unset)

    with pytest.raises(pytest.skip.Exception, match="needs the images of mnist_ae_2d"):
        load(FixtureModel(specification, ()))
