"""Orders: replicates that workers train elsewhere are checked, and stored here once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from aelatent import data
from aelatent.runtime.executors import attempted
from aelatent.training import Checkpoint, jobs, pipeline, train_together
from aelatent.training.jobs import Order, fill, place, receive, stages
from aelatent.zoo import Collection, FixtureError
from aelatent.zoo.store import whole


@pytest.fixture
def collection(folder, blobs, tmp_path, monkeypatch):
    """A collection of the tiny model, and a worker's cache and images."""
    monkeypatch.setattr(data, "load", lambda *_: blobs)
    monkeypatch.setenv("AELATENT_CACHE", str(tmp_path / "cache"))
    jobs._images.cache_clear()
    return Collection(folder)


def test_what_was_filled_is_stored_whole_with_its_floors(collection):
    order = place(collection, "tiny", 1)

    product = receive(collection, order, attempted(fill, order))

    assert product.state == "stored"
    assert whole(collection, "tiny", 1)
    assert collection.floors("blobs").keys() == {"pca_error_3"}
    assert receive(collection, order, attempted(fill, order)).state == "whole"
    assert place(collection, "tiny", 1) == replace(product, state="whole")


def test_what_was_filled_once_is_not_trained_again(collection, monkeypatch):
    """A worker that takes over from a dead one finds what that had stored in a shared cache."""
    order = place(collection, "tiny", 0)
    first = fill(order)
    monkeypatch.setattr(pipeline, "train", lambda *_: pytest.fail("it was trained again"))

    assert fill(order) == first


def test_floors_that_are_here_travel_and_do_not_change_the_address(collection):
    before = place(collection, "tiny", 1)
    seed_0 = place(collection, "tiny", 0)
    receive(collection, seed_0, attempted(fill, seed_0))

    after = place(collection, "tiny", 1)

    assert after.files.keys() - before.files.keys() == {"floors/blobs.npz"}
    assert after.address == before.address != seed_0.address


def test_a_damaged_delivery_is_refused(collection):
    order = place(collection, "tiny", 0)
    delivery = fill(order)

    for wrong in (
        replace(delivery, content=delivery.content[:-1]),
        replace(delivery, entry=delivery.entry.model_copy(update={"seed": 1})),
    ):
        with pytest.raises(FixtureError, match="received a damaged one"):
            receive(collection, order, attempted(lambda found: found, wrong))
    assert not whole(collection, "tiny", 0)


def test_a_delivery_for_a_file_that_was_edited_meanwhile_is_refused(collection):
    order = place(collection, "tiny", 0)
    path = collection.folder / "tiny.yaml"
    path.write_text(path.read_text().replace("epochs: 2", "epochs: 3"))

    with pytest.raises(FixtureError, match="an earlier version"):
        receive(collection, order, attempted(fill, order))


def test_judges_come_first_and_travel_with_what_they_judge(collection):
    text = (collection.folder / "tiny.yaml").read_text()
    (collection.folder / "digit_judge.yaml").write_text(text)
    (collection.folder / "judged.yaml").write_text(text + "judge: digits\n")
    judge = [("digit_judge", 0), ("digit_judge", 1)]

    assert stages(collection, ["judged", "tiny"], [1]) == [judge, [("judged", 1), ("tiny", 1)]]
    with pytest.raises(FixtureError, match="aelatent train digit_judge"):
        place(collection, "judged", 1)

    pipeline.produce(collection, "digit_judge", 0, data.load)
    order = place(collection, "judged", 1)
    assert isinstance(order, Order)
    assert {"digit_judge.yaml", "digit_judge/seed-0.npz"} < order.files.keys()


@pytest.mark.parametrize("crew", [None, partial(ThreadPoolExecutor, 1)], ids=["here", "elsewhere"])
def test_a_replicate_that_fails_leaves_the_others_alone(collection, crew):
    """A model without its judge fails before it is trained; the others are made."""
    text = (collection.folder / "tiny.yaml").read_text()
    (collection.folder / "judged.yaml").write_text(text + "judge: digits\n")
    wanted = [("judged", 0), ("tiny", 0)]

    if crew is None:
        ended = dict(jobs.fulfilled(collection, wanted, None))
    else:
        with crew() as pool:
            ended = dict(jobs.fulfilled(collection, wanted, pool))

    assert "digit_judge" in str(ended["judged", 0].exception())
    assert ended["tiny", 0].result().state == "stored"
    assert not collection.workshop("judged").exists()


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

    ended = dict(jobs.fulfilled(collection, wanted, None, together=True))

    states = [ended[each].result().state for each in wanted]
    assert states == ["stored", "whole", "stored", "stored"]
    assert calls == [("tiny", [0, 2]), ("other", [0])]


def _finished(train, specification, images, seed, path):
    """Train, but only what is trained already, or seed 1, which the test makes alone."""
    state = Checkpoint.read(path)
    assert seed == 1 or state.epoch == specification.training.epochs
    return train(specification, images, seed, path)


def test_where_training_together_fails_each_is_tried_alone(collection, monkeypatch):
    def failing(*_):
        raise FloatingPointError("the loss is 1, nan; nothing was stored")

    monkeypatch.setattr(pipeline, "train_together", failing)

    ended = dict(jobs.fulfilled(collection, [("tiny", 0), ("tiny", 1)], None, together=True))

    assert [product.result().state for product in ended.values()] == ["stored", "stored"]
