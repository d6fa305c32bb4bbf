"""Pages of the made model, and of a model that was really trained."""

from pathlib import Path

import pytest

from aelatent.explorer import explore
from aelatent.explorer.model_page import page_content
from aelatent.explorer.rendering import write_page
from aelatent.explorer.sprites import SpriteFolder
from aelatent.runtime import quiet_keras
from aelatent.zoo import Collection

from .samples import painted_model

STORED = Path(__file__).parents[2] / "fixtures"
FRAME = {
    "title": "painted explored",
    "heading": "Painted",
    "digest": "abc",
    "about": (("model", "painted"),),
    "model": "painted",
    "links": (("Explorer", "painted.html"),),
}


@pytest.fixture(scope="session")
def painted_page(tmp_path_factory):
    """The explorer of the made model in four dimensions."""
    folder = tmp_path_factory.mktemp("painted")
    content = FRAME | page_content(painted_model(), SpriteFolder(folder, "painted", "d" * 64))
    return write_page(folder / "painted.html", "model.html", content)


@pytest.fixture(scope="session")
def faces(tmp_path_factory):
    """A report's folder with the explorer of the stored faces: the largest images there are."""
    quiet_keras.load_keras()
    report = tmp_path_factory.mktemp("reports")
    explore(Collection(STORED), "faces_ae_256d", report)
    return report
