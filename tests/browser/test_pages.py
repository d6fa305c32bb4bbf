"""The report in a real browser: whole, quiet, kept to its folder, and open to everyone."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
WIDTHS = (390, 768, 1024, 1600)
MADE = (
    "index.html",
    "matrix.html",
    "errors.html",
    "claims/B-08.html",
    "claims/E-1.html",
    "claims/N-1.html",
    "claims/Z-1.html",
    "claims/controls.html",
)
KINDS = MADE[:4]  # of pages; the others are of the fourth kind
REAL = Path(__file__).parents[2] / "reports"
# Every page in every width, and every page and every width in both schemes.
PAIRWISE = [
    (name, width, ("light", "dark")[(i + j) % 2])
    for i, name in enumerate(KINDS)
    for j, width in enumerate(WIDTHS)
]
HANDFUL = (
    ("index.html", 390, "dark"),
    ("matrix.html", 1024, "light"),
    ("claims/B-08.html", 390, "light"),
    ("claims/A-18.html", 1024, "dark"),
    ("claims/C-02.html", 1600, "light"),
)

HREFS = (  # links within a plot hold their address otherwise
    "[...document.querySelectorAll('a[href]')]"
    ".map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
)
BROKEN = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
RUN = (  # every page has one script of its own, at its end
    "document.title === 'run' || "
    "document.querySelectorAll('script:not(body > :last-child), svg[onload]').length > 0"
)


def addressed(address):
    """Return the file that an address names."""
    return Path(unquote(urlsplit(address).path))


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_quiet_and_asks_for_nothing_outside_its_folder(browser, site, name):
    """The console is where a browser says what the content security policy refused."""
    browser.requests(), browser.complaints()
    browser.open(site / name)

    assert browser.complaints() == []
    asked = [address for address in browser.requests() if not address.startswith("data:")]
    assert asked
    assert all(urlsplit(a).scheme == "file" and site in addressed(a).parents for a in asked)


def test_every_link_and_picture_of_every_page_leads_somewhere(browser, site):
    """Files exist, and so do the places within them that links name."""
    pages, places, links = sorted(site.rglob("*.html")), {}, set()
    for page in pages:
        browser.open(page)
        places[page] = set(browser.ask("[...document.querySelectorAll('[id]')].map(e => e.id)"))
        links |= {a for a in browser.ask(HREFS) if not a.startswith("https:")}
        browser.ask("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        assert browser.ask(BROKEN) == [], page.name

    assert len(links) > 100
    for link in links:
        target = addressed(link)
        assert target.is_file(), link
        fragment = unquote(urlsplit(link).fragment)
        assert not fragment or fragment in places[target], link


@pytest.mark.parametrize(
    "name", ["claims/Z-1.html", "claims/E-1.html", "index.html", "matrix.html"]
)
def test_text_of_users_is_shown_and_never_run(browser, site, name):
    browser.open(site / name)

    assert not browser.ask(RUN)
    assert name == "matrix.html" or "<script>" in browser.ask("document.body.innerText")


def test_a_page_in_which_it_does_run_is_told_apart(browser, tmp_path):
    naked = tmp_path / "naked.html"
    naked.write_text("<title>x</title><script>document.title='run'</script><p>x")
    browser.open(naked)

    assert browser.ask(RUN)


@pytest.mark.parametrize(("name", "width", "scheme"), PAIRWISE)
def test_a_page_fits_its_width_and_shuts_nobody_out(browser, site, name, width, scheme):
    browser.open(site / name, width, scheme)

    if name != "matrix.html":  # which is as wide as its columns
        assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.violations() == []


def test_a_page_that_shuts_somebody_out_is_told_apart(browser, tmp_path):
    naked = tmp_path / "naked.html"
    naked.write_text("<title>x</title><img src='data:,'><p style='color:#ccc'>Too faint.")
    browser.open(naked)

    found = {finding[1] for finding in browser.violations()}
    assert {"image-alt", "html-has-lang", "color-contrast"} <= found


def test_dark_and_light_differ(browser, site):
    colours = []
    for scheme in ("light", "dark"):
        browser.open(site / "index.html", scheme=scheme)
        colours.append(browser.ask("getComputedStyle(document.body).backgroundColor"))

    assert colours == ["rgb(253, 252, 249)", "rgb(22, 24, 27)"]


def test_the_keyboard_reaches_the_skip_link_first(browser, site):
    from selenium.webdriver.common.keys import Keys

    browser.open(site / "index.html")
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)

    assert browser.ask("document.activeElement.getAttribute('href')") == "#verdicts"
    assert browser.ask("document.activeElement.getBoundingClientRect().left") >= 0
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.ask("document.activeElement.id") == "verdicts"


def test_heads_of_the_matrix_stay_in_sight(browser, site):
    """The page scrolls, not a box in it."""
    browser.open(site / "matrix.html", 390)
    browser.ask("scrollTo(200, 700)")

    for head, side in (("tbody th[scope=row]", "left"), ("thead tr + tr th", "top")):
        place = browser.ask(
            f"document.querySelector('.whole {head}').getBoundingClientRect().{side}"
        )
        assert 0 <= place < 60


def test_claims_can_be_searched_filtered_and_sorted(browser, site):
    browser.open(site / "index.html")
    shown = "[...document.querySelectorAll('#board tr[data-a]')].filter(r => r.offsetHeight)"
    every = browser.ask(f"{shown}.length")
    told = "document.querySelector('.filters [role=status]').textContent"

    change(browser, "input[type=search]", "number 4")
    assert browser.ask(f"{shown}.map(r => r.dataset.i)") == ["A-001"]
    assert browser.ask(told) == f"1 of {every} claims"

    change(browser, "input[type=search]", "")
    change(browser, "select[data-key=a]", "held")
    assert 0 < browser.ask(f"{shown}.length") < every
    assert browser.ask(f"{shown}.every(r => r.dataset.a === 'held')")

    change(browser, "select[data-key=a]", "")
    change(browser, "select[data-sort]", "i")
    names = browser.ask(f"{shown}.map(r => r.dataset.i)")
    assert names == sorted(names)
    assert len(names) == every


def test_a_source_shows_its_claims(browser, site):
    browser.open(site / "index.html")
    browser.ask("document.querySelector('[data-set]').click()")

    assert browser.ask("document.querySelector('[data-key=s]').value") == "0"


def change(browser, field, value):
    """Give a field of the filters another value, as its user does."""
    browser.ask(
        f"((f, v) => {{ f.value = v; f.dispatchEvent(new Event('input')); }})"
        f"(document.querySelector('.filters {field}'), '{value}')"
    )


def test_without_a_script_everything_is_shown(browser, site, tmp_path):
    page = (site / "index.html").read_text("utf-8")
    bare = site / "bare.html"
    bare.write_text(page.partition("<script>")[0] + "</body></html>", "utf-8")
    browser.open(bare)

    assert browser.ask("document.querySelector('.filters').offsetHeight") == 0
    assert browser.ask("document.querySelectorAll('#board tr[data-a]').length") > 10
    assert browser.violations() == []


def test_a_click_copies_the_command(browser, site):
    from selenium.webdriver.support.ui import WebDriverWait

    browser.open(site / "claims" / "B-08.html")
    browser.driver.find_element("css selector", "[data-copy=command-1]").click()

    said = "document.querySelector('[data-copy=command-1]').textContent === 'Copied'"
    WebDriverWait(browser.driver, 5).until(lambda _: browser.ask(said))


def test_a_link_opens_the_folded_model_that_it_names(browser, site):
    page = site / "claims" / "A-001.html"
    browser.open(page)
    anchor = browser.ask("document.querySelector('details.model article').id")
    browser.driver.get(f"{page.as_uri()}#{anchor}")

    assert browser.ask(f"document.getElementById('{anchor}').closest('details').open")


def test_the_front_page_of_a_large_run_is_ready_within_a_second(browser, tmp_path):
    """Of a core's time, the best of three: other programs share the machine."""
    from aelatent.report import write_site
    from tests.report.samples import furnish, many

    index = write_site(many(95, 10), {}, furnish(tmp_path / "report"))

    assert 0 < min(browser.work(index) for _ in range(3)) < 1


@pytest.mark.skipif(not (REAL / "index.html").exists(), reason="no report: make claims")
@pytest.mark.parametrize(("name", "width", "scheme"), HANDFUL)
def test_pages_of_the_real_report_do_as_well(browser, name, width, scheme):
    if not (REAL / name).exists():
        pytest.skip(f"{name} is not part of the last run")
    browser.complaints()
    browser.open(REAL / name, width, scheme)

    assert browser.complaints() == []
    assert browser.ask(BROKEN) == []
    if name != "matrix.html":
        assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.violations() == []
