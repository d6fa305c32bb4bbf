"""What a test item says about its claim reaches the record."""

import pytest

from aelatent.plugin.items import case_of

pytest_plugins = ["pytester"]

ABOVE = "[3.0, 3.1, 3.2]"
BELOW = "[0.1, 0.2, 0.3]"


@pytest.mark.slow
def test_a_run_writes_its_records_and_says_where(suite, pytester, records):
    result = suite(ABOVE)

    (record,) = records()
    assert record["id"] == "Z-01"
    assert record["title"] == "Numbers exceed one."
    assert record["outcome"] == record["expected"] == "supported"
    assert record["effect"] == pytest.approx(3.1)
    assert record["per_replicate"] == [3.0, 3.1, 3.2]
    assert record["source_value"] == 2.0
    assert record["control"] is False
    assert all((pytester.path / "reports" / path).exists() for path in record["figures"])
    result.stdout.fnmatch_lines(["*written: reports/index.html*"])


@pytest.mark.slow
def test_a_docstring_that_states_another_rule_is_an_error(suite, records):
    result = suite(ABOVE, rule="Supported when I say so.")

    result.assert_outcomes(failed=1)
    assert "word for word" in records()[0]["message"]


@pytest.mark.slow
def test_a_control_states_no_rule_and_is_marked(suite, records):
    extra = f'''
    @pytest.mark.expect("refuted", because="they are small")
    def test_control_small_numbers_do_not(decide):
        """Small numbers do not exceed one."""
        decide(estimate(float, {BELOW}), Above(1.0))
    '''

    result = suite(ABOVE, extra=extra)

    result.assert_outcomes(passed=2)
    assert [record["control"] for record in records()] == [False, True]


@pytest.mark.slow
def test_the_title_names_the_parameters_of_a_run(suite, records):
    suite(
        ABOVE,
        "@pytest.mark.parametrize('n', [7], ids='n={}'.format)\n@pytest.mark.usefixtures('n')",
    )

    assert records()[0]["title"] == "Numbers exceed one. [n=7]"


@pytest.mark.slow
def test_a_record_says_when_its_rule_was_written(suite, records):
    suite(ABOVE, '@pytest.mark.claim("Z-01", amended="2026-11-28")')

    assert records()[0]["amended"] == "2026-11-28"


MODELS = """
    import pytest

    @pytest.mark.parametrize("case", ["centre", -0.5])
    @pytest.mark.parametrize("model", ["e", "my-ae", "Möbius"])
    def test_model_and_case(model, case): pass

    @pytest.mark.parametrize("case", ["e-centre", -0.5])
    def test_case(case): pass

    def test_neither(): pass
"""


def test_a_case_is_what_is_left_of_the_parameters_without_the_model(pytester):
    found = [case_of(item) for item in pytester.getitems(MODELS)]

    assert found == ["centre", "-0.5"] * 3 + ["e-centre", "-0.5", ""]


FIGURE = """
    @pytest.mark.expect("{expected}", because="it must be")
    def test_control_numbers_are_drawn(decide, add_figure):
        from matplotlib.figure import Figure
        figure = Figure()
        figure.subplots().plot([1, 2])
        figure.set_label("It rises.")
        add_figure(figure, "A line.")
        decide(estimate(float, [0.1, 0.11]), Above(1.0))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("expected", "drawn"), [("refuted", 0), ("inconclusive", 1)])
def test_figures_of_a_control_are_written_if_it_fails(suite, pytester, records, expected, drawn):
    suite(ABOVE, extra=FIGURE.format(expected=expected))

    (control,) = [record for record in records() if record["control"]]
    assert len(control["figures"]) == drawn
    assert control["alternatives"] == ["A line. It rises."] * drawn
    assert len(list(pytester.path.glob("reports/figures/*.svg"))) == drawn
