"""Pages of the made model, and of a model that was really trained."""

from pathlib import Path

import numpy as np
import pytest

from aelatent.explorer import explore
from aelatent.explorer.model_page import page_content
from aelatent.explorer.rendering import write_page
from aelatent.explorer.sprites import SpriteFolder
from aelatent.judges.faces import FaceJudge
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
    """A report's folder with the explorer of the stored faces: the largest images there are.

    The judge measures one image in twenty for its neighbours too, since it takes most of the time
    and no test of these pages reads a grade.
    """
    quiet_keras.load_keras()
    report = tmp_path_factory.mktemp("reports")
    measures = FaceJudge.measures

    def thinned(judge, pixels):
        found = measures(judge, pixels[::20])
        return {name: np.repeat(values, 20)[: len(pixels)] for name, values in found.items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FaceJudge, "measures", thinned)
        explore(Collection(STORED), "faces_ae_256d", report)
    return report
