"""The explorer in a real browser: mouse, fingers and keys move the point and what is shown."""

import io
import re
import time

import numpy as np
import pytest
from PIL import Image

from aelatent.explorer.planes import planes
from tests.browser.chromium import ARGUMENTS, BINARY, DRIVER

from .samples import painted, painted_model

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402 -- as above
from selenium.webdriver.common.actions.action_builder import ActionBuilder  # noqa: E402
from selenium.webdriver.common.actions.pointer_input import PointerInput  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not (BINARY and DRIVER), reason="no chromium or no chromedriver on PATH"),
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
SIDE = 61
MODEL = painted_model()
PLANES = planes(MODEL.replicate.train, SIDE)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = BINARY
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    for argument in (*ARGUMENTS, "--force-device-scale-factor=1", profile):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_window_size(1200, 1400)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, painted_page):
    """The made model's page, loaded anew; at the end nobody must have complained."""
    browser.get("about:blank")
    browser.get(painted_page.as_uri())
    settled(browser, "#plane-image")
    browser.get_log("browser")
    yield browser
    assert browser.get_log("browser") == []


def find(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def shown_map(browser):
    return next(m for m in browser.find_elements(By.CSS_SELECTOR, ".map") if m.is_displayed())


def settled(browser, canvas):
    """Wait until the sheet of a canvas has come and was drawn."""
    WebDriverWait(browser, 10).until(
        lambda b: b.execute_script(
            "return [...document.querySelectorAll('.tiles, .all-routes')]"
            ".filter(i => i.closest('.plane')?.hidden !== true)"
            ".every(i => i.complete && i.naturalWidth) &&"
            f"document.querySelector('{canvas}').dataset.column !== undefined"
        )
    )


def chosen(browser):
    """Return column and row of the tile that is shown."""
    canvas = find(browser, "#plane-image")
    return int(canvas.get_attribute("data-column")), int(canvas.get_attribute("data-row"))


def colours(browser, selector):
    """Return the grey levels in the middle of the left and of the right half of a canvas."""
    pixels = np.asarray(Image.open(io.BytesIO(find(browser, selector).screenshot_as_png)))
    height, width = pixels.shape[:2]
    return [int(pixels[height // 2, int(width * share), 0]) for share in (0.25, 0.75)]


def expected(plane, tile):
    """Return what the decoder makes of the code at a tile."""
    code = plane.codes[tile[1] * SIDE + tile[0]]
    return painted(code[None])[0, 0, [0, -1], 0].tolist()


def assert_shown(browser, plane, tile):
    """The image, the distance, the grade and the score are those of the code at the tile."""
    assert chosen(browser) == tile
    np.testing.assert_allclose(colours(browser, "#plane-image"), expected(plane, tile), atol=1)
    code = plane.codes[tile[1] * SIDE + tile[0]]
    distance = MODEL.ruler.distances(code[None])[0]
    graded = MODEL.image_judge.grade(painted(code[None]))
    told = find(browser, '.readouts[data-kind="plane"]').text
    assert f"{float(f'{distance:.2f}'):.3g}" in told
    assert f"score {float(f'{graded.scores[0]:.2f}'):.3g}" in told
    word = graded.words[0]
    assert ("no digit" if word == "none" else f"a {word} ") in told


def offset(plane_map, column, row):
    """Return how far the middle of a tile is from the middle of the map, in pixels."""
    size = plane_map.size
    return (
        round(size["width"] * ((column + 0.5) / SIDE - 0.5)),
        round(size["height"] * ((row + 0.5) / SIDE - 0.5)),
    )


def test_the_page_begins_at_the_centre_of_the_codes(page):
    assert_shown(page, PLANES[0], (SIDE // 2, SIDE // 2))


@pytest.mark.parametrize("tile", [(12, 40), (50, 9)])
def test_the_point_follows_the_mouse(page, tile):
    there = shown_map(page)

    ActionChains(page, duration=10).move_to_element_with_offset(
        there, *offset(there, *tile)
    ).perform()

    assert_shown(page, PLANES[0], tile)


def test_the_point_follows_a_finger(page):
    there = shown_map(page)
    finger = PointerInput("touch", "finger")
    actions = ActionBuilder(page, mouse=finger, duration=10)
    place = actions.pointer_action
    place.move_to(there, *offset(there, 20, 20)).pointer_down()
    place.move_to(there, *offset(there, 44, 37)).pointer_up()

    actions.perform()

    assert_shown(page, PLANES[0], (44, 37))


def test_keys_move_the_point_by_one_tile_or_five_and_home_again(page):
    there = shown_map(page)
    middle = SIDE // 2

    there.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert_shown(page, PLANES[0], (middle + 2, middle - 1))

    ActionChains(page).key_down(Keys.SHIFT).send_keys(Keys.ARROW_DOWN, Keys.ARROW_LEFT).key_up(
        Keys.SHIFT
    ).perform()
    assert_shown(page, PLANES[0], (middle - 3, middle + 4))

    there.send_keys(Keys.HOME)
    assert_shown(page, PLANES[0], (middle, middle))


def test_the_point_stays_on_the_map(page):
    shown_map(page).send_keys(*[Keys.ARROW_LEFT] * (SIDE + 5))

    assert chosen(page) == (0, SIDE // 2)


def test_what_is_shown_is_said_to_whoever_cannot_see_it(page):
    shown_map(page).send_keys(Keys.ARROW_RIGHT)

    said = WebDriverWait(page, 5).until(lambda b: find(b, "#said").get_attribute("textContent"))

    assert re.match(r"principal axis 1: [\d.]+, principal axis 2: 0\. Distance [\d.]+, ", said)
    assert "The judge sees " in said
    assert ", score " in said
    assert find(page, "#plane-image").get_attribute("aria-label").endswith(said.split(". ", 1)[1])


@pytest.mark.parametrize("number", [1, 2])
def test_another_plane_shows_its_own_images(page, number):
    find(page, f'[name="plane"][value="{number}"]').click()
    settled(page, "#plane-image")
    shown_map(page).send_keys(*[Keys.ARROW_DOWN] * 7)

    column, row = chosen(page)
    assert_shown(page, PLANES[number], (column, row))
    assert len([m for m in page.find_elements(By.CSS_SELECTOR, ".map") if m.is_displayed()]) == 1


def test_buttons_lead_to_origin_centre_and_codes(page):
    find(page, '[name="plane"][value="2"]').click()
    settled(page, "#plane-image")

    find(page, '.plane:not([hidden]) [data-jump="origin"]').click()
    column, row = chosen(page)
    np.testing.assert_allclose(PLANES[2].codes[row * SIDE + column], 0, atol=1e-9)

    find(page, '.plane:not([hidden]) [data-jump="code"]').click()
    assert chosen(page) != (column, row)

    find(page, '.plane:not([hidden]) [data-jump="centre"]').click()
    column, row = chosen(page)
    np.testing.assert_allclose(
        PLANES[2].codes[row * SIDE + column], MODEL.replicate.train.mean, atol=1e-9
    )


def test_wandering_moves_the_point_until_a_key_is_pressed(page):
    button = find(page, '.plane:not([hidden]) [data-jump="wander"]')
    before = chosen(page)
    button.click()
    WebDriverWait(page, 5).until(lambda b: chosen(b) != before)
    assert button.get_attribute("aria-pressed") == "true"

    shown_map(page).send_keys(Keys.ARROW_LEFT)

    assert button.get_attribute("aria-pressed") == "false"
    rest = chosen(page)
    time.sleep(0.3)
    assert chosen(page) == rest


def test_a_point_that_was_kept_can_be_gone_back_to(page):
    there = shown_map(page)
    there.send_keys(Keys.ARROW_RIGHT, Keys.ENTER, Keys.HOME)
    middle = SIDE // 2
    np.testing.assert_allclose(
        colours(page, ".kept canvas"), expected(PLANES[0], (middle + 1, middle)), atol=1
    )

    find(page, ".kept button").click()

    assert_shown(page, PLANES[0], (middle + 1, middle))


@pytest.mark.parametrize("layer", ["judge", "distance", "none", "images"])
def test_the_layer_under_the_codes_can_be_chosen(page, layer):
    find(page, f'[name="layer"][value="{layer}"]').click()

    assert find(page, ".plane .field").is_displayed() is (layer in {"judge", "distance"})
    opacity = find(page, ".plane .tiles").value_of_css_property("opacity")
    assert opacity == ("1" if layer == "images" else "0")


def test_codes_and_ellipses_can_be_put_away(page):
    assert find(page, ".plane .under").is_displayed()

    find(page, '[name="codes"]').click()

    assert not find(page, ".plane .under").is_displayed()
    assert find(page, ".plane .here").is_displayed()


def test_the_slider_walks_along_the_path_by_keys(page):
    slide = find(page, "#slide")
    assert "Distance 0" in slide.get_attribute("aria-valuetext")

    slide.send_keys(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)

    code = 2 * MODEL.replicate.train.mean * 2 / 40
    np.testing.assert_allclose(
        colours(page, "#route-image"), painted(code[None])[0, 0, [0, -1], 0], atol=1
    )
    distance = MODEL.ruler.distances(code[None])[0]
    assert f"Distance {float(f'{distance:.2f}'):.3g}," in slide.get_attribute("aria-valuetext")


def test_the_film_of_a_path_follows_the_mouse_and_a_finger(page):
    film = find(page, ".route:not([hidden]) .window")
    width = film.size["width"]
    ActionChains(page, duration=10).move_to_element_with_offset(
        film, round(width * (0.5 / 41 - 0.5)), 0
    ).perform()
    assert find(page, "#slide").get_attribute("value") == "0"

    actions = ActionBuilder(page, mouse=PointerInput("touch", "finger"), duration=10)
    end = round(width * (40.5 / 41 - 0.5))
    actions.pointer_action.move_to(film, 0, 0).pointer_down().move_to(film, end, 0).pointer_up()
    actions.perform()

    assert find(page, "#slide").get_attribute("value") == "40"


def test_another_path_shows_its_own_images_and_plays(page):
    Select(find(page, '[name="route"]')).select_by_index(3)
    assert find(page, ".route:not([hidden]) h3").get_attribute("textContent").startswith("Straight")
    before = find(page, "#slide").get_attribute("value")

    find(page, "#play").click()

    WebDriverWait(page, 5).until(lambda b: find(b, "#slide").get_attribute("value") != before)
    assert find(page, "#play").text == "Stop"
    find(page, "#play").click()


def test_a_view_has_an_address(page, painted_page):
    page.get("about:blank")
    page.get(f"{painted_page.as_uri()}#origin:7,40")
    settled(page, "#plane-image")

    assert_shown(page, PLANES[2], (7, 40))

    shown_map(page).send_keys(Keys.ARROW_RIGHT)
    WebDriverWait(page, 5).until(lambda b: b.current_url.endswith("#origin:8,40"))


def test_paper_gets_every_plane_and_no_buttons(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        maps = page.find_elements(By.CSS_SELECTOR, ".map")
        assert [one.is_displayed() for one in maps] == [True] * 3
        assert not find(page, ".choices").is_displayed()
        assert not find(page, ".jumps").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("name", ["index", "faces_ae_256d", "faces_ae_256d-samples"])
@pytest.mark.parametrize("width", [390, 1024, 1600])
def test_pages_of_a_real_model_fit_and_open_without_a_complaint(browser, faces, name, width):
    browser.get_log("browser")
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get((faces / "explore" / f"{name}.html").as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") == width
        fetched = browser.execute_script(
            "return performance.getEntriesByType('resource').map(r => r.name)"
        )
        assert all(one.startswith((faces.as_uri(), "data:")) for one in fetched)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "faces_ae_256d", "faces_ae_256d-samples"])
def test_whoever_cannot_see_or_use_a_mouse_is_not_left_out(browser, faces, name, scheme):
    axe = pytest.importorskip("axe_core_python.selenium", reason="axe is not installed")
    preference = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", preference)
    browser.get((faces / "explore" / f"{name}.html").as_uri())

    found = axe.Axe().run(browser)["violations"]

    broken = {rule["id"]: [node["html"][:120] for node in rule["nodes"][:3]] for rule in found}
    assert broken == {}
