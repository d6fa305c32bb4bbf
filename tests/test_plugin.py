"""The plugin: verdicts become test outcomes, and records become a report."""

import json
import textwrap
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CLAIM = '''
import pytest
from aelatent import Above, estimate

pytestmark = pytest.mark.claim("Z-01", source_value=2.0)

{mark}
def test_numbers_exceed_one(decide):
    """Numbers exceed one.

    Source
        Nobody.
    Statement
        They do.
    Statistic
        The number.
    Null
        None.
    Decision
        {rule}
    """
    evidence = estimate(float, {values})

    decide(evidence, Above(1.0))
'''
RULE = (
    "Supported when the 95 % interval over replicates lies above 1; refuted when\n"
    "        it lies below; inconclusive otherwise."
)
ABOVE, BELOW, ACROSS = "[3.0, 3.1, 3.2]", "[0.1, 0.2, 0.3]", "[0.0, 1.0, 2.0]"


@pytest.fixture
def suite(pytester):
    """A function that writes a claim into an empty project and runs it."""

    def run(values, mark="", rule=RULE, extra="", arguments=()):
        source = CLAIM.format(values=values, mark=mark, rule=rule) + textwrap.dedent(extra)
        pytester.makepyfile(test_z=source)
        return pytester.runpytest_subprocess(*arguments)

    return run


def records(pytester):
    return json.loads((pytester.path / "reports" / "results.json").read_text())["claims"]


@pytest.mark.parametrize(
    ("values", "expected", "outcomes"),
    [
        (ABOVE, "", {"passed": 1}),
        (BELOW, "", {"failed": 1}),
        (ACROSS, "", {"failed": 1}),
        (BELOW, "refuted", {"xfailed": 1}),
        (ACROSS, "inconclusive", {"xfailed": 1}),
        (ABOVE, "refuted", {"failed": 1}),
        (ACROSS, "refuted", {"failed": 1}),
        ("[]", "refuted", {"failed": 1}),
    ],
)
def test_only_the_expected_verdict_is_green(suite, values, expected, outcomes):
    """The last case crashes; a crash never passes for a refutation."""
    mark = f"@pytest.mark.expect({expected!r}, because='so it is')" if expected else ""

    result = suite(values, mark)

    result.assert_outcomes(**outcomes)


def test_a_run_writes_its_records_and_says_where(suite, pytester):
    result = suite(ABOVE)

    (record,) = records(pytester)
    assert record["id"] == "Z-01"
    assert record["title"] == "Numbers exceed one."
    assert record["outcome"] == record["expected"] == "supported"
    assert record["effect"] == pytest.approx(3.1)
    assert record["per_replicate"] == [3.0, 3.1, 3.2]
    assert record["source_value"] == 2.0
    assert record["control"] is False
    assert all((pytester.path / "reports" / path).exists() for path in record["figures"])
    result.stdout.fnmatch_lines(["*written: reports/index.html*"])


def test_a_crash_is_recorded_as_an_error_with_its_traceback(suite, pytester):
    suite("[]")

    (record,) = records(pytester)
    assert record["outcome"] == "error"
    assert "InsufficientEvidence" in record["message"]


def test_a_skip_is_recorded_as_not_applicable_with_its_reason(suite, pytester):
    suite(ABOVE, "@pytest.mark.skip(reason='no decoder')")

    (record,) = records(pytester)
    assert (record["outcome"], record["message"]) == ("not applicable", "no decoder")


def test_a_docstring_that_states_another_rule_is_an_error(suite, pytester):
    result = suite(ABOVE, rule="Supported when I say so.")

    result.assert_outcomes(failed=1)
    assert "word for word" in records(pytester)[0]["message"]


def test_a_claim_that_is_never_judged_is_an_error(suite, pytester):
    extra = '''
    def test_nothing_is_judged():
        """Nothing."""
    '''

    result = suite(ABOVE, extra=extra)

    result.assert_outcomes(passed=1, failed=1)
    assert {record["outcome"] for record in records(pytester)} == {"supported", "error"}


def test_a_control_states_no_rule_and_is_marked(suite, pytester):
    extra = f'''
    @pytest.mark.expect("refuted", because="they are small")
    def test_control_small_numbers_do_not(decide):
        """Small numbers do not exceed one."""
        decide(estimate(float, {BELOW}), Above(1.0))
    '''

    result = suite(ABOVE, extra=extra)

    result.assert_outcomes(passed=1, xfailed=1)
    assert [record["control"] for record in records(pytester)] == [False, True]


def test_the_title_says_which_parameters_a_run_of_the_claim_has(suite, pytester):
    suite(
        ABOVE,
        "@pytest.mark.parametrize('n', [7], ids='n={}'.format)\n@pytest.mark.usefixtures('n')",
    )

    assert records(pytester)[0]["title"] == "Numbers exceed one. [n=7]"


def test_workers_send_their_records_home(suite, pytester):
    """pytest-xdist carries records in `user_properties`."""
    result = suite(ABOVE, arguments=["-n", "1"])

    result.assert_outcomes(passed=1)
    assert len(records(pytester)) == 1


def test_workers_write_no_report_of_their_own(suite, pytester):
    """Each knows its share only; whoever reads in mid-run must not find that."""
    pytester.makeconftest(
        """
        import aelatent.report, os
        write = aelatent.report.write_report

        def writing(*arguments):
            with open("writers", "a") as log:
                print("PYTEST_XDIST_WORKER" in os.environ, file=log)
            return write(*arguments)

        aelatent.report.write_report = writing
        """
    )

    suite(ABOVE, arguments=["-n", "1"])

    assert (pytester.path / "writers").read_text() == "False\n"


def test_layers_run_on_one_thread_in_claims_only(pytester, monkeypatch):
    """How TensorFlow splits a layer decides the last digit of small batches."""
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    pytester.makepyfile(
        """
        import os
        def test_without_models():
            assert "TF_NUM_INTRAOP_THREADS" not in os.environ
        def test_with_models(models):
            assert os.environ["TF_NUM_INTRAOP_THREADS"] == "1"
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_two_workers_share_the_cores(pytester, monkeypatch):
    """Threads of one process wait for those of the other; a caller who says how many is heard."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    pytester.makeini("[pytest]\naelatent_timeout = 60")
    pytester.makepyfile(
        """
        import os
        def test_a():
            assert os.environ["OMP_NUM_THREADS"] == str(max(1, os.cpu_count() // 2))
            assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
        """
    )

    pytester.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=1)


def test_other_projects_keep_their_threads(pytester, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    pytester.makepyfile("import os\ndef test_a(): assert 'OMP_NUM_THREADS' not in os.environ")
    pytester.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=1)


def test_each_worker_sees_one_of_the_callers_gpus(pytester, monkeypatch):
    """Frameworks would take the memory of all; without claims' models nothing is touched."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,GPU-5")
    pytester.makepyfile(
        """
        import os, sys, pytest
        def test_without_models():
            assert os.environ["CUDA_VISIBLE_DEVICES"] == "3,GPU-5"
        @pytest.mark.parametrize("turn", range(4))
        def test_with_models(models, turn):
            own = {"gw0": "3", "gw1": "GPU-5", "gw2": "3"}[os.environ["PYTEST_XDIST_WORKER"]]
            assert os.environ["CUDA_VISIBLE_DEVICES"] == own
            assert os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"
            assert not {"keras", "tensorflow"} & {*sys.modules}
        """
    )

    pytester.runpytest_subprocess("-n", "3").assert_outcomes(passed=5)


def test_linear_algebra_has_one_thread_in_claims_only(suite, pytester):
    """How it splits sums decides last digits, which must not hang on the number of cores."""
    pytester.makepyfile(
        """
        import pytest, scipy.linalg, threadpoolctl

        threadpoolctl.threadpool_limits(2, user_api="blas")

        def threads():
            libraries = threadpoolctl.threadpool_info()
            return {lib["num_threads"] for lib in libraries if lib["user_api"] == "blas"}

        @pytest.mark.claim("Z-01")
        def test_control_claim(decide):
            assert threads() == {1}
            pytest.skip("seen")

        def test_other():
            assert threads() == {2}
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=1, skipped=1)


def test_junit_carries_the_record(suite, pytester):
    suite(ABOVE, arguments=["--junitxml=junit.xml"])

    assert "Z-01" in Path(pytester.path / "junit.xml").read_text()


def test_randomness_comes_from_the_name_of_the_test(pytester):
    source = """
    import pytest
    seen = []
    @pytest.mark.parametrize("i", [0, 1])
    def test_a(rng, i):
        seen.append(float(rng.random()))
        print("drawn", i, seen[-1])
    """
    pytester.makepyfile(source)

    def drawn():
        lines = pytester.runpytest_subprocess("-s").outlines
        return [line for line in lines if "drawn" in line]

    first = drawn()
    assert first == drawn()
    assert first[0].split()[-1] != first[1].split()[-1]


def test_a_claim_runs_on_every_model_with_the_capabilities_it_needs(pytester, folder):
    """Collecting needs the specifications alone, and Keras is not imported for it."""
    pytester.makepyfile(
        """
        import sys, pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        def test_a(model, decide): ...
        @pytest.mark.claim("Z-03", needs="vae")
        def test_b(model, decide): ...
        def pytest_report_collectionfinish(): ...
        """
    )
    pytester.makeconftest(
        """
        import sys
        def pytest_report_collectionfinish():
            return f"keras imported: {'keras' in sys.modules}"
        """
    )

    result = pytester.runpytest_subprocess(
        "--collect-only", f"--aelatent-fixtures={folder}", "-p", "no:cacheprovider"
    )

    result.stdout.fnmatch_lines(["keras imported: False", "*test_a?tiny?*"])
    result.stdout.no_fnmatch_line("*test_b?tiny?*")


def test_an_expectation_may_hold_for_several_models(pytester, folder):
    """It holds for those that it names, and for no other."""
    other = (folder / "tiny.yaml").read_text()
    (folder / "other.yaml").write_text(other)
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        @pytest.mark.expect("refuted", because="so it is", model="none tiny")
        def test_a(model, decide): ...
        """
    )
    pytester.makeconftest(
        """
        def pytest_collection_finish(session):
            for item in session.items:
                print(item.name, "expected to fail:", bool(list(item.iter_markers("xfail"))))
        """
    )

    result = pytester.runpytest_subprocess(
        "--collect-only", "-s", f"--aelatent-fixtures={folder}", "-p", "no:cacheprovider"
    )

    result.stdout.fnmatch_lines_random(
        ["test_a?tiny? expected to fail: True", "test_a?other? expected to fail: False"]
    )


def test_one_model_may_support_what_others_refute(pytester, folder):
    """The mark nearest to the function wins; without a model to name, support needs no mark."""
    (folder / "other.yaml").write_text((folder / "tiny.yaml").read_text())
    claim = """
        import pytest
        @pytest.mark.claim("Z-02", needs="trained autoencoder")
        @pytest.mark.expect("refuted", because="so it is")
        @pytest.mark.expect("supported", because="it is wide"{model})
        def test_a(model, decide): ...
        """
    pytester.makeconftest(
        """
        def pytest_collection_finish(session):
            for item in session.items:
                print(item.name, "expected to fail:", bool(list(item.iter_markers("xfail"))))
        """
    )
    arguments = "--collect-only", "-s", f"--aelatent-fixtures={folder}", "-p", "no:cacheprovider"
    pytester.makepyfile(claim.format(model=', model="other"'))
    result = pytester.runpytest_subprocess(*arguments)
    result.stdout.fnmatch_lines_random(
        ["test_a?tiny? expected to fail: True", "test_a?other? expected to fail: False"]
    )

    pytester.makepyfile(claim.format(model=""))
    result = pytester.runpytest_subprocess(*arguments)
    result.stderr.fnmatch_lines(["*expected one of *'refuted'*, received 'supported'*"])


def test_nothing_happens_in_a_project_without_claims(pytester):
    """Nothing heavy is loaded, nothing written, and no name of the project's own is taken."""
    pytester.makeconftest(
        """
        import sys, pytest

        def pytest_addoption(parser):
            parser.addoption("--model")
            parser.addoption("--report")

        @pytest.fixture
        def model(): return "mine"

        @pytest.fixture
        def decide(): return "mine too"

        def pytest_sessionfinish():
            heavy = {"keras", "tensorflow", "jax", "torch", "scipy", "matplotlib", "sklearn"}
            print("loaded:", sorted(heavy & set(sys.modules)))
        """
    )
    pytester.makepyfile(
        "def test_a(model, decide, rng): assert (model, decide) == ('mine', 'mine too')"
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-s", "--model=x")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*loaded: []*"])
    result.stdout.no_fnmatch_line("*verdicts*")
    assert not {"reports", ".aelatent"} & {path.name for path in pytester.path.iterdir()}


@pytest.mark.parametrize("name", ["model", "decide", "add_figure"])
def test_a_fixture_that_a_test_asks_for_unawares_says_whose_it_is(pytester, name):
    pytester.makepyfile(f"def test_a({name}): pass")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the fixture '*' is that of aelatent: expected a test*"])
    result.stdout.no_fnmatch_line("*Error*plugin*")


def test_the_front_page_says_what_the_settings_say(suite, pytester):
    """Headlines, statuses of the catalogue, and the code of the claim reach the report."""
    pytester.path.joinpath("catalogue.yaml").write_text("Z-01: {status: R, says: x}\n")

    suite(
        ABOVE,
        arguments=[
            "-o",
            "aelatent_headlines=Z-01: Numbers exceed one at last",
            "-o",
            "aelatent_catalogue=catalogue.yaml",
        ],
    )

    front = (pytester.path / "reports" / "index.html").read_text("utf-8")
    assert "Numbers exceed one at last" in front
    assert "Withdrawn by its author" in front
    assert "def test_" in (pytester.path / "reports" / "claims" / "Z-01.html").read_text("utf-8")
