"""The hosted workflows: nothing that others can change, and no rights that they do not need."""

import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / ".github" / "workflows"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yml")}
WORKFLOWS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = {(name, job): jobs for name, w in WORKFLOWS.items() for job, jobs in w["jobs"].items()}


def test_every_action_is_pinned_by_its_commit():
    used = [name for text in TEXTS.values() for name in re.findall(r"uses: (\S+)", text)]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []


def test_workflows_may_read_and_one_job_may_publish_pages():
    assert all(w["permissions"] == {"contents": "read"} for w in WORKFLOWS.values())
    more = {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job}
    assert more == {("docs", "publish"): {"pages": "write", "id-token": "write"}}


def test_no_checkout_leaves_a_token_behind():
    steps = [step for job in JOBS.values() for step in job["steps"]]
    checkouts = [step for step in steps if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert not any("secrets." in text for text in TEXTS.values())


def test_known_faults_of_dependencies_are_looked_up():
    assert any("pip_audit" in str(job["steps"]) for job in JOBS.values())
