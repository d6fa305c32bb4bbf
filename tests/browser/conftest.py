"""One browser for all tests, and a report made of records of every kind."""

import pytest

from aelatent.report import Headline, Model, Project, write_report
from tests.report.samples import control, crashed, furnish, known, many, part, record

from .chromium import LACKING, REASON, chromium

EVIL = (
    "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "</title></style><svg onload=document.title='run'>"
)
ENVIRONMENT = {"date": "2026-11-21", "commit": "93afba4c12ab", "hardware": {"cores": 2}}


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A headless Chromium; without one the test is skipped."""
    if LACKING:
        pytest.skip(REASON)
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A report with claims of several parts and readings, unexpected, crashes and hostile text."""
    folder = furnish(tmp_path_factory.mktemp("site") / "report")
    (folder / "explore").mkdir()
    (folder / "explore" / "faces_ae_1d.html").write_text("<!DOCTYPE html><title>x</title>")
    write_report(records(), ENVIRONMENT, folder, None, project())
    return folder


def records():
    """Return records of every kind."""
    figures = {
        "figures": ["figures/draws.webp", "figures/peak.svg"],
        "alternatives": ["Draws of each sampler.", "Radii."],
    }
    two = [part(unit="ratio of radii"), part(unit="share", outcome="inconclusive")]
    return [
        *many(12, 9),
        record(parts=two, calibration=[known()], models=["faces_ae"], **figures),
        record(
            name="test_other[faces_ae]",
            title="It is read twice.",
            outcome="refuted",
            models=["faces_ae"],
            because="it is so",
        ),
        control(**figures),
        record(id="X-1", source="aelatent, a question.", file="claims/x/test_x.py", name="test_x"),
        crashed(id="E-1", file="claims/e/test_e.py", message=f"Traceback\n  {EVIL}"),
        record(
            id="N-1",
            file="claims/n/test_n.py",
            outcome="not applicable",
            parts=[],
            effect=None,
            interval=None,
            per_replicate=[],
            message="no images of faces",
        ),
        record(
            id="Z-1",
            title=EVIL,
            model=EVIL,
            unit=EVIL,
            because=EVIL,
            source=EVIL,
            file="claims/z/test_z.py",
            sections={"Statement": EVIL, "Decision": EVIL},
        ),
        control(file="claims/gone/test_gone.py", id="S-1"),
    ]


def project():
    """Return a project that mentions all there is to mention."""
    names = {r.model for r in records() if r.model.startswith(("faces", "digits"))}
    model_groups = {name: " ".join(name.split("_")[:2]).title() for name in names}
    return Project(
        sources={"000 part 2": "anracom, 2022"},
        statuses={"B-08": "A/R(as evidence)", "A-000": "X", "B-000": "T"},
        models={name: Model(f"A model, {name}", model_groups[name], "lfw", 5) for name in names},
        headlines=[Headline("The radii peak near √N", ("B-08",)), Headline("Things", ("A-001",))],
        cover="B-08",
    )
