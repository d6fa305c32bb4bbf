"""What computes here: GPUs (made commands stand in for them), cores, the backend of Keras."""

import os

import pytest

from aelatent.runtime import environment


@pytest.fixture
def gpus(tmp_path, monkeypatch):
    """Return a function that puts a made nvidia-smi in the place of any other."""
    environment._gpus.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    def make(*lines, status=0):
        command = tmp_path / "nvidia-smi"
        output = "".join(f"echo '{line}'\n" for line in lines)
        command.write_text(f"#!/bin/sh\n{output}exit {status}\n")
        command.chmod(0o755)

    yield make
    environment._gpus.cache_clear()


def test_all_gpus_are_named_by_their_uuid(gpus):
    gpus("GPU-1a", "GPU-2b")
    assert environment.devices() == ["GPU-1a", "GPU-2b"]


def test_the_first_gpu_is_the_accelerator(gpus):
    gpus("NVIDIA H200", "NVIDIA T4")
    assert environment.accelerator() == "NVIDIA H200"


def test_a_machine_without_gpus_has_no_devices(gpus):
    assert environment.devices() == []
    assert environment.accelerator() == ""


def test_a_driver_that_fails_has_no_devices(gpus):
    gpus("NVIDIA-SMI has failed", status=9)
    assert environment.devices() == []
    assert environment.accelerator() == ""


@pytest.mark.parametrize(("capability", "native"), [("9.0", True), ("8.0", True), ("7.5", False)])
def test_a_gpu_decides_whether_bfloat16_is_native(gpus, capability, native):
    gpus(capability)
    assert environment.native_bfloat16() == native


def test_where_no_gpu_is_to_be_used_the_processor_decides(gpus, monkeypatch):
    monkeypatch.setattr(environment, "cpu", lambda: {"flags": "fpu avx512_bf16"})
    gpus("7.5")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert environment.native_bfloat16()


@pytest.mark.parametrize(
    ("named", "devices"),
    [
        ("", []),
        ("-1", []),
        ("1", ["1"]),
        ("3, GPU-5", ["3", "GPU-5"]),
        ("0,-1,2", ["0"]),  # as CUDA reads it
    ],
)
def test_the_caller_says_which_are_visible(gpus, monkeypatch, named, devices):
    gpus("GPU-1a", "GPU-2b")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", named)
    assert environment.devices() == devices


@pytest.mark.parametrize(
    ("asked", "settings", "backend"),
    [
        ("jax", '{"backend": "torch"}', "jax"),
        ("", '{"backend": "torch"}', "torch"),
        (None, '{"backend": "torch"}', "torch"),
        (None, "{}", "tensorflow"),
        (None, "[", "tensorflow"),
        (None, None, "tensorflow"),
    ],
)
def test_the_backend_is_known_before_keras_is_loaded(
    tmp_path, monkeypatch, asked, settings, backend
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if asked is not None:
        monkeypatch.setenv("KERAS_BACKEND", asked)
    if settings is not None:
        (tmp_path / "keras.json").write_text(settings)

    assert environment.keras_backend() == backend


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux ties processes down")
def test_a_process_that_may_use_one_core_computes_in_one_thread(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    monkeypatch.setattr(os, "cpu_count", lambda: 64)

    assert environment.threads() == environment.cores() == 1


def test_where_cores_cannot_be_assigned_all_count(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)

    assert environment.cores() == 64
