"""What the report may weigh and take, with as many results as a large project has."""

import time

import pytest

from aelatent.report import write_site

from .samples import furnish, many

pytestmark = pytest.mark.slow

MEGABYTE = 2**20
SECONDS = 20
CLAIMS = 300
LARGE = pytest.mark.xdist_group("large report")  # one process writes it for all that look at it


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A site of three times as many claims as this project has, and the seconds it took."""
    folder = furnish(tmp_path_factory.mktemp("large") / "report")
    records = many(CLAIMS, models=10)
    begun = time.process_time()
    write_site(records, {}, folder)
    return folder, time.process_time() - begun


@LARGE
def test_the_site_is_written_in_time_and_its_front_page_is_light(large):
    folder, seconds = large

    assert seconds < SECONDS
    assert (folder / "index.html").stat().st_size < MEGABYTE
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) >= CLAIMS + 3
    assert max(page.stat().st_size for page in pages) < MEGABYTE


@LARGE
def test_many_claims_have_a_matrix_on_several_pages(large):
    folder, _ = large
    first = (folder / "matrix.html").read_text("utf-8")

    assert 'href="matrix-2.html"' in first
    assert 'href="matrix-3.html"' in first
    assert 'href="claims/D-061.html"' in (folder / "matrix-3.html").read_text("utf-8")


@LARGE
def test_the_front_page_counts_the_claims_it_leaves_out(large):
    index = (large[0] / "index.html").read_text("utf-8")

    assert index.count('more <a href="matrix.html">') >= 1


@pytest.fixture
def written(folder):
    """A site of twenty claims, and how to see which of its pages are written again."""
    records = many(20, 3)
    write_site(records, {"date": "2026-11-21"}, folder)
    before = {page: page.stat().st_ino for page in folder.rglob("*.html")}

    def again(records):
        write_site(records, {"date": "2026-11-22"}, folder)
        return {p.name for p in folder.rglob("*.html") if before.get(p) != p.stat().st_ino}

    return records, again


ALWAYS = {"index.html", "matrix.html", "errors.html"}


def test_pages_of_unchanged_records_are_left_as_they_are(written):
    records, again = written

    assert again(records) == ALWAYS


def test_the_page_of_a_changed_record_is_written_again(written):
    records, again = written
    records[0].effect = 0.5

    assert again(records) == {*ALWAYS, "A-000.html"}


def test_the_page_of_a_changed_control_is_written_again(written):
    records, again = written
    next(record for record in records if record.control).title = "Other draws fail."

    assert again(records) == {*ALWAYS, "A-000.html"}


def test_a_page_whose_figure_has_gone_is_written_again(written, folder):
    records, again = written
    (folder / "figures" / "peak.svg").unlink()

    assert len(again(records)) == len(ALWAYS) + 20


def test_a_page_that_was_cut_off_is_written_again(written, folder):
    records, again = written
    (folder / "claims" / "B-001.html").write_text("<!DOCTYPE html>")

    assert again(records) == {*ALWAYS, "B-001.html"}
