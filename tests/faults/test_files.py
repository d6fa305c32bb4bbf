"""Damaged files: whatever happens to what is stored, it is read whole or refused by name."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from aelatent.inference.record import Record
from aelatent.judges import JudgeCard
from aelatent.plugin import recorded_results
from aelatent.report import read_results, write_results
from aelatent.runtime import memory
from aelatent.runtime.arrays import pack, unpack
from aelatent.runtime.cache import Cache
from aelatent.runtime.files import StorageError
from aelatent.simulation import Calibrations
from aelatent.training import Checkpoint
from aelatent.zoo import Collection, FixtureError, lock, specification
from aelatent.zoo.specification import SpecificationError

REFUSED = (FixtureError, SpecificationError, StorageError)
SHIPPED = Path(__file__).parents[2] / "fixtures"
KINDS = {
    "replicate": ("tiny/seed-0.npz", lambda home: Collection(home).replicate("tiny", 0)),
    "lock": ("tiny/lock.json", lambda home: lock.read(home / "tiny")),
    "specification": ("tiny.yaml", lambda home: specification.read(home / "tiny.yaml")),
    "card": ("judges/faces.json", lambda home: JudgeCard.read(home / "judges" / "faces.json")),
    "pca_baselines": (
        "pca_baselines/blobs.npz",
        lambda home: Collection(home).pca_baselines("blobs"),
    ),
    "results": ("results.json", lambda home: read_results(home / "results.json")),
    "recorded": (
        "tiny/recorded.json",
        lambda home: recorded_results.read(Collection(home), "tiny", "t"),
    ),
    "calibration": ("calibration.json", lambda home: Calibrations.read(home / "calibration.json")),
}
WHOLE = {"pca_baselines", "recorded", "calibration"}  # absent is allowed: nothing is known yet


@pytest.fixture(scope="module")
def sound(trained, tmp_path_factory, request):
    """A folder with one sound file of every kind."""
    home = tmp_path_factory.mktemp("sound") / "fixtures"
    shutil.copytree(trained, home)
    shutil.copytree(SHIPPED / "judges", home / "judges")
    record = Record("Z-01", "t", "", "", "tiny", "supported", "supported")
    write_results([record], {}, home / "results.json")
    shutil.copy(home / "results.json", home / "tiny" / "recorded.json")
    claims = Path(__file__).parents[2] / "claims"
    shutil.copy(claims / "calibration.json", home / "calibration.json")
    if not (home / "pca_baselines" / "blobs.npz").exists():
        (home / "pca_baselines").mkdir(exist_ok=True)
        np.savez(home / "pca_baselines" / "blobs.npz", pca_error_3=np.ones(15))
    return home


@pytest.fixture
def home(sound, tmp_path):
    """A copy of the sound folder, to be damaged."""
    return Path(shutil.copytree(sound, tmp_path / "home"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_read(home, kind):
    _, read = KINDS[kind]

    assert read(home) is not None


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9], ids="{:.0%} left".format)
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_file_is_refused_by_name(home, kind, kept):
    """A cut YAML may still be one; what it lacks is then named."""
    file, read = KINDS[kind]
    content = (home / file).read_bytes()
    (home / file).write_bytes(content[: int(kept * len(content))])

    with pytest.raises(REFUSED) as caught:
        read(home)

    assert Path(file).name in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_is_refused_or_changes_nothing(home, kind):
    """The dates within an archive, say, may be anything."""
    file, read = KINDS[kind]
    content = (home / file).read_bytes()
    sound = read(home)
    for place in np.linspace(0, len(content) - 1, 40).astype(int):
        spoilt = bytearray(content)
        spoilt[place] ^= 0x81  # makes text invalid UTF-8
        (home / file).write_bytes(spoilt)
        try:
            found = read(home)
        except REFUSED as error:
            assert Path(file).name in str(error)  # noqa: PT017 -- either way is right
        else:
            np.testing.assert_equal(found, sound)


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_in_the_place_of_a_file_is_refused_by_name(home, kind):
    """As unreadable as a file can be, for root as well."""
    file, read = KINDS[kind]
    (home / file).unlink()
    (home / file).mkdir()

    with pytest.raises(REFUSED) as caught:
        read(home)

    assert Path(file).name in str(caught.value)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WHOLE])
def test_a_missing_file_is_named(home, kind):
    file, read = KINDS[kind]
    (home / file).unlink()
    if kind == "lock":  # no lock, no replicates
        assert read(home).replicates == {}
        return

    with pytest.raises(REFUSED) as caught:
        read(home)

    assert Path(file).name in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("lock", "schema_version"), ("results", "schema"), ("calibration", "schema")],
)
def test_a_file_from_a_newer_schema_is_refused(home, kind, key):
    file, read = KINDS[kind]
    content = json.loads((home / file).read_text())
    (home / file).write_text(json.dumps(content | {key: 99}))

    with pytest.raises(REFUSED, match="expected schema"):
        read(home)


def test_replicates_that_were_swapped_are_refused(home):
    one, other = home / "tiny" / "seed-0.npz", home / "tiny" / "seed-1.npz"
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)

    with pytest.raises(FixtureError, match="SHA-256"):
        Collection(home).model("tiny")


def test_an_archive_larger_than_memory_is_refused_unread(monkeypatch):
    packed = pack({"zeros": np.zeros(10**6)})
    monkeypatch.setattr(memory, "budget", lambda: 10**6)

    with pytest.raises(StorageError, match="would unpack to"):
        unpack(packed, "bomb.npz")


def test_an_alias_bomb_is_refused(home):
    """Nine levels of nine aliases would be 387 million entries."""
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "\n".join(levels)
    (home / "tiny.yaml").write_text(bomb)

    with pytest.raises(SpecificationError) as caught:
        specification.read(home / "tiny.yaml")

    assert len(str(caught.value)) < 10_000


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true > marker']", "!x y"])
def test_a_tag_of_python_runs_nothing(home, tag, monkeypatch):
    monkeypatch.chdir(home)
    path = home / "tiny.yaml"
    path.write_text(path.read_text().replace("A tiny autoencoder", tag))

    with pytest.raises(SpecificationError, match=r"tiny\.yaml"):
        specification.read(path)

    assert not (home / "marker").exists()


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 100])
def test_a_damaged_cache_costs_time_only(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.put("abcd", b"costly")
    (tmp_path / "ab" / "abcd").write_bytes(damage)

    assert cache.get("abcd") is None
    cache.put("abcd", b"costly")
    assert cache.get("abcd") == b"costly"


def test_a_checkpoint_that_is_a_folder_counts_as_none(tmp_path):
    (tmp_path / "seed-0.npz").mkdir()

    assert Checkpoint.read(tmp_path / "seed-0.npz") is None
