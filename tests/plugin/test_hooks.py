"""The hooks and settings of the plugin."""

import pytest

pytest_plugins = ["pytester"]


def test_a_claim_runs_on_every_model_with_its_capabilities(pytester, folder):
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


def test_a_claim_about_numbers_loads_no_judge(suite, pytester):
    """Nor what judges are made of, which takes half as long again as the rest of such a run."""
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            print("loaded:", sorted({"aelatent.judges", "sklearn", "skimage"} & set(sys.modules)))
        """
    )

    result = suite("[3.0, 3.1, 3.2]", arguments=["-s"], processes=True)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*loaded: []*"])


@pytest.mark.slow
def test_the_folder_of_the_cache_has_an_old_name(suite, pytester):
    pytester.makeini("[pytest]\naelatent_memory = old")

    result = suite("[3.0, 3.1, 3.2]")

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*ini setting 'aelatent_memory' is now 'aelatent_cache'*"])
    assert (pytester.path / "old").is_dir()
    assert not (pytester.path / ".aelatent").exists()


@pytest.mark.slow
def test_results_are_cached_where_the_setting_says(suite, pytester):
    pytester.makeini("[pytest]\naelatent_cache = elsewhere")

    suite("[3.0, 3.1, 3.2]")

    assert (pytester.path / "elsewhere").is_dir()
    suite("[3.0, 3.1, 3.2]").stdout.fnmatch_lines(["1 of 1 unchanged*--aelatent-fresh ignores it"])
    fresh = suite("[3.0, 3.1, 3.2]", arguments=["--aelatent-fresh"])
    fresh.stdout.no_fnmatch_line("*unchanged*")


def test_a_project_with_a_marker_of_that_name_is_left_alone(pytester):
    pytester.makeini("[pytest]\nmarkers = claim: an insurance claim\n")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.claim
        def test_paid():
            assert 1 + 1 == 2

        @pytest.mark.claim("home")
        def test_home():
            assert True

        def test_forgot_its_fixture(rng):
            assert rng
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*a fixture 'rng' of your own in conftest.py*"])
    assert not (pytester.path / "reports").exists()
    assert not (pytester.path / ".aelatent").exists()
