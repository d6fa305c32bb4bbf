"""The glossary defines the words that reports use."""

import re
from pathlib import Path

from aelatent.catalogue import Answer
from aelatent.inference.rules import Outcome
from aelatent.report.notation import MARKS
from aelatent.samplers.ladder import LADDER

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^### ([^\n]+)\n\n(.+?)(?=\n\n#|\Z)", re.MULTILINE | re.DOTALL)
TERMS = {
    "Aggregate posterior",
    "Answer",
    "Capability",
    "Claim",
    "Code",
    "Control",
    "Coverage",
    "Expected verdict",
    "False acceptance",
    "Fixture model",
    "Grade",
    "Held-out codes",
    "Clean rate",
    "Image judge",
    "Interval",
    "Judge",
    "Latent space",
    "Mahalanobis distance",
    "Margin",
    "Null",
    "Power",
    "Reading",
    "Reading of a judge",
    "Region of the codes",
    "Recall",
    "Reconstruction",
    "Replicate",
    "Rule",
    "Sampler",
    "Sampler ladder",
    "Sensitivity",
    "Simulated scenario",
    "Surrogate",
    "Verdict",
}


def entries():
    return dict(ENTRY.findall(GLOSSARY))


def test_the_glossary_has_every_term_of_the_reports():
    assert entries().keys() == TERMS


def test_every_entry_explains_its_term():
    short = [term for term, text in entries().items() if len(text) < 80]

    assert short == []


def test_every_rung_of_the_ladder_is_described():
    rungs = {name.split()[0] for name in LADDER}

    assert [rung for rung in sorted(rungs) if f"| {rung} |" not in GLOSSARY] == []


def test_every_verdict_is_described():
    verdicts = [outcome.value for outcome in Outcome if outcome is not Outcome.ERROR]
    text = entries()["Verdict"].lower()

    assert [verdict for verdict in verdicts if verdict not in text] == []


def test_every_answer_and_verdict_is_explained():
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    text = entries()["Answer"]

    assert [a for a in Answer if f"| {a.glyph} | {a} | " not in page or f"*{a}*" not in text] == []
    assert [v for v in MARKS if f"| {MARKS[v].glyph} | {v} | " not in page] == []


def test_the_readme_links_the_glossary():
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
