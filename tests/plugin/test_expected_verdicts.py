"""A file of expected verdicts is read whole or refused with every fault."""

import pytest

from aelatent.plugin.expected_verdicts import Check, ExpectedVerdicts, ExpectedVerdictsError

FILE = """
test_a:
  - models: [small, wide]
    verdict: refuted
    because: they are small
  - models: [large]
    cases: [b=1, b=2]
    verdict: inconclusive
    because: >-
      three trainings
      do not decide
"""


@pytest.fixture
def read(tmp_path):
    def write_and_read(text):
        (tmp_path / "expected.yaml").write_text(text)
        return ExpectedVerdicts.read(tmp_path / "expected.yaml")

    return write_and_read


def check(model, case="", function="test_a"):
    return Check(function, frozenset(model.split()), case)


@pytest.mark.parametrize(
    ("which", "verdict"),
    [
        (check("small"), "refuted"),
        (check("wide other", "b=3"), "refuted"),
        (check("large", "b=2"), "inconclusive"),
        (check("large", "b=3"), None),
        (check("other"), None),
        (check("small", function="test_b"), None),
    ],
)
def test_an_entry_is_about_its_models_and_cases(read, which, verdict):
    entry = read(FILE).of(which)

    assert (entry and entry.verdict) == verdict


def test_an_entry_without_models_and_cases_is_about_all(read):
    entry = read("test_a:\n  - {verdict: refuted, because: so it is}").of(check("any", "b=1"))

    assert (entry.verdict, entry.because) == ("refuted", "so it is")


def test_an_empty_file_expects_nothing(read):
    assert read("# nothing yet\n").entries == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("test_a: refuted", "test_a: expected a list of entries, received 'refuted'"),
        ("- test_a", "expected names of claims, received ['test_a']"),
        ("test_a: [refuted]", "test_a, entry 1: expected the keys models, cases, verdict, because"),
        ("test_a: [{verdict: refuted}]", "entry 1: because: expected the reason, as text"),
        (
            "test_a: [{verdict: no, because: x}]",
            "verdict: expected supported, refuted, inconclusive or unsettled, received False",
        ),
        (
            "test_a: [{verdict: refuted, because: x, models: small}]",
            "entry 1: models: expected a list of models, such as [faces_ae_256d], received 'small'",
        ),
        (
            "test_a: [{verdict: refuted, because: x, model: [small]}]",
            "entry 1: expected the keys models, cases, verdict, because, received 'model'",
        ),
        ("test_a: [{a: 1]", "expected a YAML file, received"),
        (f"{FILE}\n{FILE}", "test_a: expected once, received twice"),
    ],
)
def test_a_file_with_faults_is_refused_in_plain_words(read, text, fault):
    with pytest.raises(ExpectedVerdictsError) as caught:
        read(text)

    assert fault in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_all_faults_are_told_at_once(read):
    with pytest.raises(ExpectedVerdictsError) as caught:
        read("test_a: [{verdict: no}]\ntest_b: 1")

    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ExpectedVerdictsError, match="expected a YAML file"):
        ExpectedVerdicts.read(tmp_path / "none.yaml")


def test_models_and_cases_without_checks_are_mismatches(read):
    checks = [check("small"), check("large", "b=1")]

    assert read(FILE).mismatches("test_a", checks) == [
        "test_a, entry 1: models: no check matches 'wide'",
        "test_a, entry 2: cases: no check matches 'b=2'",
    ]


def test_a_check_that_two_entries_match_is_a_mismatch(read):
    twice = FILE + "  - {verdict: supported, because: x}\n"
    checks = [check("small"), check("wide"), check("large", "b=1"), check("large", "b=2")]

    assert read(twice).mismatches("test_a", checks[:1])[-1] == (
        "test_a: expected one entry on small, found entries [1, 3]"
    )
    assert len(read(twice).mismatches("test_a", checks)) == 4


def test_a_claim_that_no_file_defines_is_undefined(read, tmp_path):
    verdicts = read(FILE)
    assert verdicts.undefined() == ["test_a"]

    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "test_any.py").write_text("def test_a(model): ...")
    assert verdicts.undefined() == []
    assert verdicts.undefined(skipped=["cl*"]) == ["test_a"]
