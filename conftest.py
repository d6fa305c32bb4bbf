"""Wiring only: how many examples property tests draw."""

import os

from hypothesis import settings

# Times vary on shared machines, and the same commit must give the same result.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
# Ten times the examples. Also by `--hypothesis-profile nightly`, which comes after this file.
settings.register_profile("nightly", parent=settings.get_profile("default"), max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
