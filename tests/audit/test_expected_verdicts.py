"""Verdicts of an audit, kept as those that a user's tests expect."""

import pytest

from aelatent.audit import DescriptionError
from aelatent.audit.expected_verdicts import check_free, check_name, read_expected, write_expected
from aelatent.inference.record import Record
from aelatent.inference.rules import Outcome
from aelatent.runtime.files import StorageError


def record(name, outcome, model="mine"):
    return Record(
        id="B-08",
        name=name,
        title="title",
        source="",
        file="",
        line=1,
        model=model,
        models=[model],
        outcome=outcome,
        expected="",
        because="",
        effect=0.5,
        interval=(0.4, 0.6),
    )


def test_what_was_written_is_read(tmp_path):
    records = [
        record("test_a[mine-b=1]", Outcome.REFUTED),
        record("test_a[mine]", Outcome.INCONCLUSIVE),
        record("test_b[mine]", Outcome.SUPPORTED),
        record("test_c[mine]", Outcome.ERROR),
    ]
    path = tmp_path / "expected.yaml"
    assert write_expected(records, path) == 2
    found = read_expected(path)
    assert {name: verdict for name, (verdict, _) in found.items()} == {
        "test_a[b=1]": "refuted",
        "test_a": "inconclusive",
    }
    assert "0.5" in found["test_a"][1]
    assert "# What published claims came to" in path.read_text()


@pytest.mark.parametrize(
    ("name", "checked"),
    [
        ("test_a[e]", "test_a"),
        ("test_a[e-centre]", "test_a[centre]"),
        ("test_a[e--0.5]", "test_a[-0.5]"),
        ("test_a[e-e-mean]", "test_a[e-mean]"),
    ],
)
def test_a_check_keeps_letters_of_its_case_that_name_the_model(name, checked):
    assert check_name(record(name, Outcome.REFUTED, model="e")) == checked


def test_reasons_of_a_user_are_not_overwritten(tmp_path):
    path = tmp_path / "expected.yaml"
    write_expected([record("test_a[mine]", Outcome.REFUTED)], path)
    write_expected([record("test_b[mine]", Outcome.REFUTED)], path)
    edited = path.read_text().replace("because: ", "because: it was trained so. ")
    path.write_text(edited)
    for write in (check_free, lambda file: write_expected([], file)):
        with pytest.raises(StorageError, match="edited one, which stays"):
            write(path)
    assert path.read_text() == edited


def test_a_file_without_entries_expects_support(tmp_path):
    assert write_expected([], tmp_path / "expected.yaml") == 0
    assert read_expected(tmp_path / "expected.yaml") == {}


@pytest.mark.parametrize("text", ["test_a: refuted", "test_a: {verdict: maybe, because: x}"])
def test_a_faulty_entry_is_named(tmp_path, text):
    (tmp_path / "expected.yaml").write_text(text)
    with pytest.raises(DescriptionError, match=r"for test_a$"):
        read_expected(tmp_path / "expected.yaml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DescriptionError, match=r"nowhere\.yaml"):
        read_expected(tmp_path / "nowhere.yaml")
