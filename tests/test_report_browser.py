"""The report's page in a browser: what moves, what is told, and how it looks on a phone."""

import re
import shutil

import numpy as np
import pytest

import kerasgates as kg
from tests.cases import MASK, assert_drawn
from tests.reporting_pages import WORDS, masked_inputs, story

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PHONE = {"width": 380, "height": 800, "deviceScaleFactor": 1, "mobile": True}

pytest.importorskip("plotly")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The file of a report, and the trace whose numbers it shows."""
    rng = np.random.default_rng(29)
    model, x = story(rng), masked_inputs(rng)
    path = tmp_path_factory.mktemp("report") / "report.html"
    kg.report(model, x, path, tokens=WORDS)
    return path, kg.trace(model, x)


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,1600"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """The page, open and drawn anew."""

    def __init__(self, browser, path):
        from selenium.webdriver.support.ui import WebDriverWait

        self.browser, self.run = browser, browser.execute_script
        self._waiting = WebDriverWait(browser, 30)
        browser.get(path.as_uri())
        self.until_drawn()

    def until(self, holds):
        return self._waiting.until(lambda _: holds())

    def until_drawn(self):
        self.until(lambda: self.run("return document.documentElement.dataset.drawn"))

    def find(self, selector):
        return self.browser.find_element("css selector", selector)

    def of_plot(self, plot, what):
        """A property of a plot of Plotly's, such as `layout.xaxis.range`."""
        return self.run(f"return document.getElementById('{plot}').{what}")

    def choose_row(self, row):
        from selenium.webdriver.support.ui import Select

        Select(self.find("#row")).select_by_value(str(row))

    def zoom_in(self):
        """Draw a rectangle in the first map; returns the steps that it shows then."""
        from selenium.webdriver.common.action_chains import ActionChains

        first_map = self.find("#maps-0 .nsewdrag")
        self.run("arguments[0].scrollIntoView({block: 'center'})", first_map)
        drag = ActionChains(self.browser).move_to_element_with_offset(first_map, -100, 0)
        drag.click_and_hold().move_by_offset(200, 0).release().perform()
        self.until(lambda: np.ptp(self.of_plot("maps-0", "layout.xaxis.range")) < 3)
        return self.of_plot("maps-0", "layout.xaxis.range")


@pytest.fixture
def page(browser, report):
    page = Page(browser, report[0])
    yield page
    problems = [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"]
    assert not problems


@pytest.fixture
def first(report):
    """The trace of the first cell."""
    return next(iter(report[1].values()))


def test_the_slider_moves_by_keys_and_shows_all_values_of_its_step(page, first):
    from selenium.webdriver.common.keys import Keys

    page.find("#step").send_keys(Keys.ARROW_RIGHT * 2)
    assert page.find("#where").text == "2 of 0–6: Jane"
    page.until(lambda: page.of_plot("maps-2", "layout.shapes[0].x0") == 2)
    page.find("summary").click()
    table = page.find("#values-0").text.splitlines()
    assert table[0].split() == ["unit", *"ifgo", "h′", "c′"]
    arrays = [*first.gates.values(), *first.states.values()]
    assert table[1].split() == ["0", *(f"{a[0, 2, 0]:.3g}" for a in arrays)]
    ticks = page.run("return document.querySelectorAll('#maps-0 .xtick text')[6].textContent")
    assert ticks == WORDS[6], "what looks like HTML is shown as it is"


def test_masked_steps_of_another_sequence_take_no_room(page, first):
    page.choose_row(1)
    shown = np.array(page.of_plot("maps-0", "data[1].z"), float).T
    np.testing.assert_allclose(shown, first.gates["f"][1], rtol=1e-3, atol=1e-6)
    for plot in ("maps-0", "regimes-0", "examples-maps"):
        assert page.of_plot(plot, "layout.xaxis.range") == [-0.5, 3.5], plot
    # A scale is as wide as the values are, of all sequences.
    colours = page.of_plot("maps-0", "data[4].zmax")
    assert colours == pytest.approx(np.abs(first.states["h"][MASK]).max(), rel=1e-3)


def test_the_pointer_is_told_the_value_below_it(page):
    from selenium.webdriver.common.action_chains import ActionChains

    page.choose_row(1)
    page.run("arguments[0].scrollIntoView({block: 'center'})", page.find("#maps-0"))
    ActionChains(page.browser).move_to_element(page.find("#maps-0 .nsewdrag")).perform()
    told = page.until(lambda: page.browser.find_elements("css selector", "#maps-0 .hovertext"))[
        0
    ].text
    assert re.search(r"step [12]: \w+\s*unit \d\s*i = 0\.\d", told), told


def test_what_is_zoomed_into_stays_whatever_is_drawn_anew(page):
    page.choose_row(1)
    seen = page.zoom_in()
    page.choose_row(0)
    assert page.of_plot("maps-0", "layout.xaxis.range") == pytest.approx(seen)
    background = "return getComputedStyle(document.body).backgroundColor"
    before = page.run(background)
    page.find("#theme").click()
    assert page.run(background) != before, "light and dark"
    assert page.of_plot("maps-0", "layout.xaxis.range") == pytest.approx(seen)


def test_on_a_phone_nothing_is_wider_than_the_screen(page, tmp_path):
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    try:
        page.browser.refresh()
        page.until_drawn()
        assert page.run("return document.documentElement.scrollWidth") <= PHONE["width"]
        for plot in ("memory", "flow"):
            check_legend(page, plot)
        page.browser.save_screenshot(str(tmp_path / "phone.png"))
        assert_drawn(tmp_path / "phone.png")
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def check_legend(page, plot):
    """Legends stand above the curves, and cover none; labels of powers are whole numbers."""
    box = "getBoundingClientRect()"
    below = page.of_plot(f"{plot}-plot", f"{box}.top")
    assert page.of_plot(f"{plot}-legend", f"{box}.bottom") <= below + 1
    assert page.of_plot(f"{plot}-plot", "querySelectorAll('.legend').length") == 0
    ticks = f"document.querySelectorAll('#{plot}-plot .ytick')"
    labels = page.run(f"return [...{ticks}].map(tick => tick.textContent)")
    assert 2 <= len(labels) <= 10, labels
    assert not {*labels} & {"3", "4", "6", "7", "8", "9"}, labels
