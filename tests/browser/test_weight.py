"""How heavy the pages are, and whether anything moves while they load."""

import pytest
from playwright.sync_api import BrowserContext

from browser.places import NAMES, place
from served import Served

MOST = 200_000
SHIFT = """new Promise(done => { let sum = 0;
  const add = list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; };
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300); })"""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "query"])
def test_light_and_still(context: BrowserContext, site: Served, name: str) -> None:
    page = context.new_page()
    session = context.new_cdp_session(page)
    received: list[float] = []
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(place(site, name))
    shift = page.evaluate(SHIFT)
    assert received
    assert sum(received) < MOST
    # What a page does by itself it does each time; a machine out of breath moves it once in a while.
    for _ in range(2):
        if shift:
            page.reload()
            shift = page.evaluate(SHIFT)
    assert shift == 0
