"""What this machine computes with."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


@cache
def cpu() -> dict[str, str]:
    """Return the entries of the first processor in /proc/cpuinfo; empty where there is none."""
    if not CPU_INFO.exists():
        return {}
    first, _, _ = CPU_INFO.read_text().partition("\n\n")
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def native_bfloat16() -> bool:
    """Tell whether the CPU multiplies bfloat16 natively; elsewhere emulation makes it slower."""
    flags = cpu().get("flags", "").split()
    return "amx_bf16" in flags or "avx512_bf16" in flags


def description() -> dict[str, str | int | bool]:
    """Return what is recorded with every replicate and report: processor, cores, bfloat16."""
    return {
        "machine": platform.machine(),
        "processor": cpu().get("model name", platform.processor() or "unknown"),
        "cores": os.cpu_count() or 1,
        "native_bfloat16": native_bfloat16(),
        "system": platform.system(),
    }
