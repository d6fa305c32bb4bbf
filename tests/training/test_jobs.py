"""Jobs: replicates that workers train are checked, and stored here once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from aelatent import data
from aelatent.runtime.executors import call_as_future
from aelatent.training import Checkpoint, jobs, pipeline, train_together
from aelatent.training.jobs import prepare_job, run_job, store_result, with_judges
from aelatent.zoo import Collection, FixtureError
from aelatent.zoo.store import is_whole


@pytest.fixture
def collection(folder, blobs, tmp_path, monkeypatch):
    """A collection of the tiny model, and a worker's cache and images."""
    monkeypatch.setattr(data, "load", lambda *_: blobs)
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))
    jobs._images.cache_clear()
    return Collection(folder)


def test_a_result_is_stored_with_its_pca_baselines(collection):
    job = prepare_job(collection, "tiny", 1)

    stored = store_result(collection, job, call_as_future(run_job, job))

    assert stored.state == "stored"
    assert is_whole(collection, "tiny", 1)
    assert collection.pca_baselines("blobs").keys() == {"pca_error_3"}
    assert store_result(collection, job, call_as_future(run_job, job)).state == "whole"
    assert prepare_job(collection, "tiny", 1) == replace(stored, state="whole")


def test_a_job_that_was_run_is_not_trained_again(collection, monkeypatch):
    """A worker that takes over from a dead one finds what that had stored in a shared cache."""
    job = prepare_job(collection, "tiny", 0)
    first = run_job(job)
    monkeypatch.setattr(pipeline, "train", lambda *_: pytest.fail("it was trained again"))

    assert run_job(job) == first


def test_baselines_travel_and_leave_the_address_alone(collection):
    before = prepare_job(collection, "tiny", 1)
    seed_0 = prepare_job(collection, "tiny", 0)
    store_result(collection, seed_0, call_as_future(run_job, seed_0))

    after = prepare_job(collection, "tiny", 1)

    assert after.files.keys() - before.files.keys() == {"pca_baselines/blobs.npz"}
    assert after.address == before.address != seed_0.address


def test_a_damaged_result_is_refused(collection):
    job = prepare_job(collection, "tiny", 0)
    result = run_job(job)

    for wrong in (
        replace(result, content=result.content[:-1]),
        replace(result, entry=result.entry.model_copy(update={"seed": 1})),
    ):
        with pytest.raises(FixtureError, match="received a damaged one"):
            store_result(collection, job, call_as_future(lambda found: found, wrong))
    assert not is_whole(collection, "tiny", 0)


def test_a_result_of_an_earlier_specification_is_refused(collection):
    job = prepare_job(collection, "tiny", 0)
    path = collection.folder / "tiny.yaml"
    path.write_text(path.read_text().replace("epochs: 2", "epochs: 3"))

    with pytest.raises(FixtureError, match="an earlier version"):
        store_result(collection, job, call_as_future(run_job, job))


@pytest.fixture
def judged(collection):
    """The tiny model with a judge, in a collection that does not describe the judge's model."""
    path = collection.folder / "judged.yaml"
    path.write_text((collection.folder / "tiny.yaml").read_text() + "judge: digits\n")
    return collection


def test_models_of_judges_are_trained_too_and_first(judged):
    assert with_judges(judged, ["judged", "tiny"], [1]) == [("judged", 1), ("tiny", 1)]

    (judged.folder / "digit_judge.yaml").write_text((judged.folder / "tiny.yaml").read_text())

    of_judge = [("digit_judge", 0), ("digit_judge", 1)]
    assert with_judges(judged, ["judged", "tiny"], [1]) == [*of_judge, ("judged", 1), ("tiny", 1)]
    assert with_judges(judged, ["tiny"]) == [("tiny", 0), ("tiny", 1)]


def test_training_a_judged_model_needs_no_judge(judged):
    job = prepare_job(judged, "judged", 1)

    assert job.files.keys() == {"judged.yaml"}
    assert store_result(judged, job, call_as_future(run_job, job)).state == "stored"


def test_a_judge_leaves_the_address_of_a_job_alone(judged):
    before = prepare_job(judged, "judged", 1)
    (judged.folder / "digit_judge.yaml").write_text((judged.folder / "tiny.yaml").read_text())

    assert prepare_job(judged, "judged", 1) == before


@pytest.mark.parametrize(
    "executor", [None, partial(ThreadPoolExecutor, 1)], ids=["here", "elsewhere"]
)
def test_a_replicate_that_fails_leaves_the_others_alone(collection, executor):
    """A model that is not described fails before it is trained; the others are made."""
    wanted = [("huge", 0), ("tiny", 0)]

    if executor is None:
        ended = dict(jobs.train_here(collection, wanted))
    else:
        with executor() as pool:
            ended = dict(jobs.run_jobs(collection, wanted, pool))

    assert "huge" in str(ended["huge", 0].exception())
    assert ended["tiny", 0].result().state == "stored"
    assert not collection.workshop("huge").exists()


@pytest.mark.slow
def test_replicates_of_a_model_are_trained_together_once(collection, monkeypatch):
    calls = []

    def counted(specification, images, paths):
        calls.append((specification.name, sorted(paths)))
        return train_together(specification, images, paths)

    monkeypatch.setattr(pipeline, "train_together", counted)
    monkeypatch.setattr(pipeline, "train", partial(_finished, pipeline.train))
    pipeline.produce(collection, "tiny", 1, data.load)
    text = (collection.folder / "tiny.yaml").read_text()
    (collection.folder / "other.yaml").write_text(text)
    wanted = [("tiny", 0), ("tiny", 1), ("tiny", 2), ("other", 0)]

    ended = dict(jobs.train_here(collection, wanted, together=True))

    states = [ended[each].result().state for each in wanted]
    assert states == ["stored", "whole", "stored", "stored"]
    assert calls == [("tiny", [0, 2]), ("other", [0])]


def _finished(train, specification, images, seed, path):
    """Train, but only what is trained already, or seed 1, which the test makes alone."""
    state = Checkpoint.read(path)
    assert seed == 1 or state.epoch == specification.training.epochs
    return train(specification, images, seed, path)


@pytest.mark.slow
def test_where_training_together_fails_each_is_tried_alone(collection, monkeypatch):
    def failing(*_):
        raise FloatingPointError("the loss is 1, nan; nothing was stored")

    monkeypatch.setattr(pipeline, "train_together", failing)

    ended = dict(jobs.train_here(collection, [("tiny", 0), ("tiny", 1)], together=True))

    assert [stored.result().state for stored in ended.values()] == ["stored", "stored"]
