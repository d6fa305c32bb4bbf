"""Threads, cores and GPUs of claims; other tests keep theirs."""

import os
from types import SimpleNamespace

import pytest

from aelatent.plugin.limits import share_cores
from aelatent.runtime import environment

pytest_plugins = ["pytester"]


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


@pytest.mark.slow
def test_two_workers_share_the_cores(pytester, monkeypatch):
    """Threads of one process wait for those of the other; a caller who says how many is heard."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    pytester.makeini("[pytest]\naelatent_timeout = 60")
    pytester.makepyfile(
        """
        import os
        from aelatent.runtime import environment
        def test_a():
            assert os.environ["OMP_NUM_THREADS"] == str(max(1, environment.cores() // 2))
            assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
        """
    )

    pytester.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=1)


def test_workers_share_the_cores_that_the_run_may_use(monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8), raising=False)

    share_cores(SimpleNamespace(getoption=lambda *_: ["popen", "popen"]))

    assert environment.threads() == 4


@pytest.mark.slow
def test_other_projects_keep_their_threads(pytester, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    pytester.makepyfile("import os\ndef test_a(): assert 'OMP_NUM_THREADS' not in os.environ")
    pytester.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=1)


@pytest.mark.slow
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


@pytest.mark.slow
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
