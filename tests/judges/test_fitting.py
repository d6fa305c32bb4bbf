"""The errors of the stored judges on labels that set no threshold."""

import os
from pathlib import Path

import pytest

from aelatent.judges import registry
from aelatent.judges.fitting import error_table, measure_errors
from aelatent.zoo import Collection

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("AELATENT_DATA", ""))


@pytest.mark.slow
@pytest.mark.parametrize("name", registry.NAMES)
def test_errors_on_unseen_labels_are_as_documented(name):
    if not (os.environ.get("AELATENT_DATA") and (DATA / registry.find(name).images).exists()):
        pytest.skip(f"the images of {name} are not in AELATENT_DATA")
    table = error_table(measure_errors(name, Collection(ROOT / "fixtures")))
    assert table in (ROOT / "docs" / "judges.md").read_text(encoding="utf-8")
