"""Public names are lazy; those of the last release still work and name their successors."""

import pytest

import aelatent


def test_every_public_name_is_there_and_listed():
    assert all(getattr(aelatent, name) is not None for name in aelatent.__all__)
    assert {*aelatent.__all__} <= {*dir(aelatent)}


@pytest.mark.parametrize(("old", "new"), [("weigh", "estimate"), ("in_common", "shared_error")])
def test_an_old_name_works_and_warns_with_the_new_one(old, new):
    with pytest.warns(DeprecationWarning, match=rf"aelatent\.{old} is now aelatent\.{new}"):
        found = getattr(aelatent, old)

    assert found is getattr(aelatent, new)


def test_an_unknown_name_is_an_attribute_error():
    name = "unknown"
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        getattr(aelatent, name)
