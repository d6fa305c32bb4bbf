"""A headless Chromium: what a page shows, says, asks for and lacks, at any width."""

import json
import shutil
from contextlib import contextmanager
from importlib.resources import files
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome")
BINARY = next(filter(None, map(shutil.which, NAMES)), None)
DRIVER = shutil.which("chromedriver")
LACKING = [
    name
    for name, there in (
        ("chromium on PATH", BINARY),
        ("chromedriver on PATH", DRIVER),
        ("selenium", find_spec("selenium")),
        ("axe-core-python", find_spec("axe_core_python")),
    )
    if not there
]
REASON = f"no {', no '.join(LACKING)}: apt-get install chromium chromium-driver"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    # A page that scrolls smoothly is still on its way when the driver clicks.
    "--force-prefers-reduced-motion",
)
HEIGHT = 900
AXE = """
const [done] = [arguments[arguments.length - 1]];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(
  v => [v.impact, v.id, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))])));
"""


class Chromium:
    """A browser with the few questions that the tests ask."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, width=1024, scheme="light"):
        """Open a file at a width, in light or dark."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False},
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.driver.get(path.as_uri())
        self._await(path)

    def _await(self, path):
        """Wait until the file is shown: on a busy machine the page before it has answered."""
        from selenium.webdriver.support.ui import WebDriverWait

        def shown(driver):
            address, state = driver.execute_script("return [location.href, document.readyState]")
            return state == "complete" and unquote(urlsplit(address).path) == str(path)

        WebDriverWait(self.driver, 60).until(shown, f"expected {path} to be shown within a minute")

    def ask(self, script):
        """Return what an expression in JavaScript is worth on this page."""
        return self.driver.execute_script(f"return {script}")

    def complaints(self):
        """Return what the console said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Return every address that was asked for since this was last asked."""
        messages = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        return [
            m["params"]["request"]["url"]
            for m in messages
            if m["method"] == "Network.requestWillBeSent"
        ]

    def work(self, path):
        """Open a file; return the seconds of a core that its main thread needed to be usable."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        self.open(path)
        found = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        self.driver.execute_cdp_cmd("Performance.disable", {})
        return {metric["name"]: metric["value"] for metric in found}["TaskDuration"]

    def violations(self):
        """Return the serious and critical findings of axe-core on this page."""
        source = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
        self.driver.execute_script(source)
        found = self.driver.execute_async_script(AXE)
        return [finding for finding in found if finding[0] in {"serious", "critical"}]


@contextmanager
def chromium(profile):
    """Start a browser with a profile of its own, and end it."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BINARY
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(60)
    # A new tab loads a page of the browser's own, and on a busy machine is still at it when the
    # first test opens another: what it asks for would count as that one's requests.
    driver.get("about:blank")
    driver.get_log("performance"), driver.get_log("browser")
    try:
        yield Chromium(driver)
    finally:
        driver.quit()
