"""The errors of the stored judges on labels that set no threshold."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from aelatent.judges import fitting, labelling, registry
from aelatent.judges.fitting import error_table, measure_errors
from aelatent.judges.grade import Grade
from aelatent.judges.labelling import HALVES, LabelledImage
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


def test_a_fitted_judge_is_stored_whole_or_not_at_all(tmp_path, monkeypatch):
    """Where the disk is full, the stored judge stays as it was."""
    stored = tmp_path / "weights" / "faces.json"
    stored.parent.mkdir()
    stored.write_text("{}", encoding="utf-8")
    labels = [LabelledImage("codes", "lfw", half, (Grade.CLEAN,)) for half in HALVES]
    spec = SimpleNamespace(fit=lambda *_: None, to_json=lambda _: "[]")
    monkeypatch.setattr("sys.argv", ["fitting", "faces", "--fixtures", str(tmp_path)])
    monkeypatch.setattr(registry, "find", lambda _: spec)
    monkeypatch.setattr(labelling, "read_labels", lambda _: labels)
    monkeypatch.setattr(labelling, "pool", lambda *_: (labels, np.zeros((2, 1, 1, 3), np.uint8)))
    monkeypatch.setattr(fitting, "__file__", str(tmp_path / "fitting.py"))
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        fitting.main()

    assert stored.read_text(encoding="utf-8") == "{}"
    assert [*stored.parent.iterdir()] == [stored]


def full(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
