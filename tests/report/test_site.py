"""The page is whole HTML, shows every record, and lets no text become markup."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import pytest

from aelatent.report import write_report, write_site
from aelatent.report.arrangement import arrange
from aelatent.report.site import decision, inline, paragraphs, variant, write_page
from aelatent.report.topics import columns, filename, topics

from .samples import RULE, control, crashed, dependent, furnish, part, record

VOID = {"meta", "link", "img", "br", "wbr", "hr", "input", "source"}


class Page(HTMLParser):
    """What a page is made of, and where its tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.mismatched = [], [], []
        self.text, self.scripts = "", 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mismatched.append(tag)

    def handle_data(self, data):
        self.text += data

    def all(self, *names):
        return [attributes for tag, attributes in self.tags if tag in names]

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


@pytest.fixture
def page(records, environment, folder):
    return Page(write_page(records, environment, folder).read_text("utf-8"))


def read(folder, *records, **options):
    return Page(write_page(records, {}, folder, **options).read_text("utf-8"))


def test_every_tag_is_closed_by_its_own(page):
    assert not page.mismatched
    assert not page.open


def test_identifiers_are_unique_and_every_reference_resolves(page, folder):
    identifiers = page.attributes("id")
    assert len(identifiers) == len(set(identifiers))
    inside = [a["href"] for a in page.all("a") if a["href"].startswith("#")]
    assert len(inside) >= 5
    assert {href[1:] for href in inside} <= set(identifiers)
    assert set(page.attributes("aria-labelledby")) <= set(identifiers)


def test_every_link_and_picture_of_the_site_leads_somewhere(records, environment, folder):
    """Files exist, and so do the places within them that links name."""
    write_report(records, environment, folder)
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in folder.rglob("*.html")}
    assert len(pages) >= 3
    for path, page in pages.items():
        for link in (*page.attributes("href"), *page.attributes("src")):
            if link.startswith(("https:", "data:")):
                continue
            file, _, place = unquote(link).partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.is_file(), (path.name, link)
            if place:
                assert place in pages[target].attributes("id"), (path.name, link)


def test_every_identifier_has_a_page_and_a_place_in_the_matrix(records, environment, folder):
    index = write_site(records, environment, folder)
    identifiers = {r.id for r in records if not r.control}

    matrix = Page((folder / "matrix.html").read_text("utf-8"))
    pages = {f"claims/{filename(name)}" for name in identifiers}
    assert pages <= {a["href"] for a in matrix.all("a")}
    assert pages <= {a["href"].partition("#")[0] for a in Page(index.read_text("utf-8")).all("a")}


def test_a_claim_about_two_models_stands_in_both_columns():
    both = record(model="a and b", models=["a", "b"])
    (topic,) = topics(arrange([both]))

    assert [len(topic.on(column)) for column in ("a", "b", "c")] == [1, 1, 0]
    assert columns([topic]) == ["a", "b"]


def test_every_picture_exists_and_has_alternative_text(page, folder):
    pictures = page.all("img")
    assert len(pictures) == 3  # its own, the surprise's control's, its own control's
    assert all(picture["alt"] for picture in pictures)
    assert all((folder / picture["src"]).is_file() for picture in pictures)


def test_headings_descend_one_level_at_a_time_from_one_first(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_language_and_skip_link_are_there(page):
    names = [tag for tag, _ in page.tags]
    assert names.count("main") == 1
    assert names[: names.index("body")].count("title") == 1  # marks of plots have titles too
    assert page.all("footer")
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("a")[0]["class"] == "skip"


def test_tables_have_captions_and_scopes(page):
    assert len(page.all("caption")) == len(page.all("table")) >= 2
    assert all("scope" in head for head in page.all("th"))


def test_policy_admits_this_style_sheet_and_script_alone(records, environment, folder):
    text = write_page(records, environment, folder).read_text("utf-8")
    page = Page(text)
    policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{known}'" in policy
    assert policy.startswith("default-src 'none'")
    script = re.search("<script>(.*?)</script>", text, re.DOTALL)[1]
    pinned = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{pinned}'" in policy
    assert len(page.all("script")) == 1
    assert not page.all("iframe", "object", "form")
    assert "style" not in {name for _, attributes in page.tags for name in attributes}


def test_pages_of_a_site_share_one_style_sheet(records, environment, folder):
    write_site(records, environment, folder)
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 3
    assert "body {" in (folder / "style.css").read_text("utf-8")
    for path in pages:
        page = Page(path.read_text("utf-8"))
        (sheet,) = (link["href"] for link in page.all("link") if link["rel"] == "stylesheet")
        assert (path.parent / sheet).resolve() == (folder / "style.css").resolve()
        policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
        assert "style-src 'self' file:;" in policy
        assert not page.all("style")


def test_nothing_is_fetched_from_elsewhere(records, environment, folder):
    text = write_page(records, environment, folder).read_text("utf-8")
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "@import" not in text
    assert "url(" not in text


def test_every_outcome_is_a_word_with_a_shape(page, records):
    marks = [a["class"].split() for a in page.all("span", "li") if "verdict" in a.get("class", "")]
    assert {name for _, name in marks} >= {"supported", "refuted", "error", "not-applicable"}
    shapes = [svg for svg in page.all("svg") if svg.get("class") == "glyph"]
    assert len(shapes) == len(marks)
    assert {use["href"] for use in page.all("use")} <= {f"#{s['id']}" for s in page.all("symbol")}


def test_claim_shows_its_numbers_its_control_and_its_command(page, records):
    for shown in (
        "0.93",
        "[0.90, 0.96]",
        "1.03",
        RULE,
        "0.92, 0.94",
        records[1].command,
        records[2].command,
        "the check says refuted here, the opposite, as it must",
        "It took 2.5 s",
    ):
        assert shown in page.text


def test_crash_shows_its_traceback_unfolded(page):
    assert any("open" in details for details in page.all("details"))
    assert "ValueError: no data" in page.text


def test_what_is_not_applicable_says_why(page):
    assert "Not applicable: no images of faces" in page.text


def test_exceptions_and_failed_controls_stand_above_the_table(folder):
    failed = control(outcome="supported")
    text = read(folder, record(outcome="refuted", expected="supported"), failed).text
    head, _, _ = text.partition("Trainings, mean and interval")
    assert "1 verdict is not as expected" in head
    assert "1 control did not come out as expected" in head


def test_environment_is_written_out(page):
    for shown in ("python 3.11.2", "native bfloat16 yes", "lfw, mnist", "93afba4c12ab"):
        assert shown in page.text


@pytest.mark.parametrize(
    "field",
    ["id", "name", "title", "source", "model", "because", "unit", "rule", "command", "message"],
)
@pytest.mark.parametrize("make", [record, control, crashed])
def test_text_of_a_record_never_becomes_markup(folder, make, field):
    hostile = '</title></code><script>alert(1)</script><img src=x onerror=alert(1)>" onload="x'
    page = read(folder, make(**{field: hostile}))
    assert page.all("script") == [{}]
    assert not page.all("img")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert not page.mismatched


def test_text_from_anywhere_never_becomes_markup(folder):
    hostile = "<script>alert(1)</script>`<b>`"
    sections = dict.fromkeys(("Source", "Statement", "Statistic", "Null", "Decision"), hostile)
    hurt = record(
        sections=sections,
        figures=["figures/peak.svg"],
        alternatives=['"><script>'],
        parts=[part(rule=hostile, unit=hostile)],
    )
    page = Page(write_page([hurt], {hostile: [hostile]}, folder).read_text("utf-8"))
    assert page.all("script") == [{}]
    assert page.all("img")[0]["alt"].startswith('"><script>')
    assert not page.mismatched


def test_missing_figure_is_named_in_its_stead(folder):
    page = read(folder, record(figures=["figures/gone.png"], alternatives=["A peak."]))
    assert not page.all("img")
    assert "figures/gone.png is missing. It showed: A peak." in page.text


@pytest.mark.parametrize("path", ["../x.png", "/etc/x.png", "a/../../x.png", "", r"..\x.png"])
def test_figure_outside_the_folder_is_refused(folder, path):
    with pytest.raises(ValueError, match="within the report's folder"):
        read(folder, record(figures=[path], alternatives=["x"]))


def test_a_caption_does_not_repeat_the_title(folder):
    claim = record()
    path = "figures/peak.svg"
    claim.figures = [path, path]
    claim.alternatives = [
        claim.title + " refuted",
        "Peak.",
    ]
    page = read(folder, claim)
    assert len(page.all("figcaption")) == 1
    assert "Peak." in page.text
    assert f"{claim.title} refuted" not in page.text


def test_odd_characters_in_a_figures_name_are_quoted(folder):
    (folder / "figures" / "a #1?.svg").write_text("<svg/>")
    page = read(folder, record(figures=["figures/a #1?.svg"], alternatives=["x"]))
    assert page.all("img")[0]["src"] == "figures/a%20%231%3F.svg"


def test_chapter_carries_the_full_citation_where_it_is_known(folder):
    sources = {"000": "wrong", "000 part 2": "anracom, 2022, https://example.org/post"}
    page = read(folder, record(), sources=sources)
    assert "anracom, 2022" in page.text
    assert "https://example.org/post" in page.attributes("href")


def test_stray_control_is_shown(folder):
    assert "Controls whose claims were not run" in read(folder, control()).text


def test_empty_report_says_so(folder):
    page = read(folder)
    assert "No claim was run." in page.text
    assert not page.mismatched


def test_joint_claim_lists_each_rule_with_its_own_outcome():
    other = RULE.replace("0.8", "0")
    joint = record(
        sections={"Decision": f"The ratio: {RULE} The difference: {other} Both."},
        parts=[part(), part(rule=other)],
    )
    rules, rest = decision(joint)
    assert [label for label, _ in rules] == ["The ratio:", "The difference:"]
    assert rest == "Both."


def test_claim_without_verdict_keeps_its_decision_text():
    assert decision(crashed(sections={"Decision": "When  it\nlies."})) == ([], "When it lies.")


def test_variant_is_what_tells_two_runs_apart():
    assert variant(record()) == ""
    assert variant(record(name="test_x[root_n]")) == "root_n"


def test_address_ends_before_the_full_stop():
    assert inline("See https://example.org/a_b.").endswith("</a>.")


def test_blank_line_parts_paragraphs():
    assert paragraphs("one\ntwo\n\nthree").count("<p>") == 2


def test_the_front_page_shows_the_model_with_most_trainings(folder):
    few = record(model="small", name="test_a[small]", effect=5.5, per_replicate=[5.5])
    many = record(model="large", name="test_a[large]", effect=0.931)

    page = Page(write_site([few, many], {}, folder).read_text("utf-8"))

    assert "0.93" in page.text
    assert "5.5" not in page.text


def test_the_front_page_sets_questions_of_our_own_apart(folder):
    asked = record(
        id="X-17",
        source="aelatent, a question.",
        outcome="refuted",
        expected="refuted",
        because="nothing ties it to N",
        file="claims/b/test_rate.py",
    )
    taken = record(because="never shown", outcome="refuted", expected="refuted")

    page = Page(write_site([asked, taken], {}, folder).read_text("utf-8"))

    assert "No source asks these questions" in page.text
    assert "nothing ties it to N" in page.text
    assert "never shown" not in page.text


def test_a_control_that_failed_another_rule_has_a_plot_of_its_own(folder):
    other = part(rule="Supported when the moon is full.", unit="moons")
    write_site([record(), control(parts=[other], outcome="supported")], {}, folder)

    page = (folder / "claims" / "B-08.html").read_text("utf-8")
    assert page.count('class="plot"') == 2
    assert "<b>Moons</b>. Supported when the moon is full." in page


def test_a_control_under_the_same_rule_is_a_row_of_the_plot(folder):
    write_site([record(), control()], {}, folder)

    page = (folder / "claims" / "B-08.html").read_text("utf-8")
    assert page.count('class="plot"') == 1
    assert '<tr role="row" class="of-control">' in page


def test_a_control_whose_claims_were_not_run_has_its_plots(folder):
    write_site([control(id="S-1")], {}, folder)

    assert 'class="plot"' in (folder / "claims" / "controls.html").read_text("utf-8")


def test_a_claim_shows_a_row_for_each_reading_of_its_judge(folder):
    page = read(folder, dependent())

    rows = [" ".join(text.split()) for text in page.text.split("Reading of the judge")[1:]]
    assert len(rows) == 1
    for text in ("threshold", "strict", "lenient", "0.50 [0.40, 0.60]", "refuted"):
        assert text in rows[0]
    assert "the verdict depends on the judge of the images" in page.text
    assert not page.mismatched


def test_a_claim_without_readings_shows_none(folder):
    assert "Reading of the judge" not in read(folder, record()).text


def test_the_front_page_counts_the_verdicts_that_stand_together(folder):
    sure, weak = record(pvalue=1e-9), record(name="test_b[x]", model="x", pvalue=0.02)
    page = Page(write_site([sure, weak], {}, folder).read_text("utf-8"))
    errors = Page((folder / "errors.html").read_text("utf-8"))

    assert "Of the 2 supported or refuted by an interval, 1 would stand" in page.text
    assert "The 1 that would not stand" in errors.text
    assert "together" in errors.attributes("id")


def test_a_claim_of_parts_says_by_which_interval_one_refutes(folder):
    wide = part(wide_interval=[0.85, 0.99])
    page = read(folder, record(parts=[wide, wide]))

    assert (
        "a part refutes only where its 97.5\N{NO-BREAK SPACE}% interval lies outside" in page.text
    )
    assert "[0.850, 0.990]" in page.text or "[0.85, 0.99]" in page.text


def test_pvalues_of_margin_and_surrogates_stand_side_by_side(folder):
    measured = part(pvalue=0.0123, surrogate_pvalue=0.456)
    page = read(folder, record(parts=[measured], pvalue=0.0123))

    assert "p against the margin" in page.text
    assert "0.456" in page.text


def test_a_page_says_that_a_rule_followed_its_models(folder):
    sentence = "This rule was written on 2026-11-28, when the models had been trained"

    assert sentence in read(folder, record(amended="2026-11-28")).text
    assert sentence not in read(folder, record()).text


def test_controls_that_passed_are_one_line_and_never_red(folder):
    both = [control(), control(name="test_control_other[faces_ae]")]
    page = read(folder, record(), *both)

    assert "All 2 controls passed" in page.text
    classes = [span.get("class") for span in page.all("span")]
    assert classes.count("verdict refuted") == 1  # in the legend
    assert classes.count("verdict passed") == 4  # in the plot and in the list


def test_a_control_that_failed_stands_open(folder):
    page = read(folder, record(), control(outcome="supported"))

    assert "failed" in page.text.partition("What decides")[0]
    assert "controls passed" not in page.text


def test_controls_of_many_models_are_one_row(folder):
    runs = [record(model=m, name=f"test_radius_peaks[{m}]") for m in ("faces_ae", "vae")]
    beside = [control(model=m, name=f"test_control_untrained[{m}]") for m in ("faces_ae", "vae")]
    page = read(folder, *runs, *beside)

    assert sum(row.get("class") == "of-control" for row in page.all("tr")) == 1


def test_the_page_of_a_claim_can_be_copied_from(folder):
    write_site([record()], {}, folder)
    page = Page((folder / "claims" / "B-08.html").read_text("utf-8"))

    targets = [button["data-copy"] for button in page.all("button")]
    assert targets == ["command-1", "citation"]
    assert set(targets) <= set(page.attributes("id"))
    assert all("hidden" in button for button in page.all("button"))


def test_a_second_folder_compiles_no_template_again(tmp_path, monkeypatch):
    """Compiling takes most of the time of a small report."""
    pages = []
    for name in ("one", "other"):
        pages.append(write_page([record()], {}, furnish(tmp_path / name)).read_bytes())
        monkeypatch.setattr("jinja2.Environment._compile", pytest.fail)

    assert pages[0] == pages[1]
