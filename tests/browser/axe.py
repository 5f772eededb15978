"""What axe-core and a ruler find on a page, at several sizes of its window."""

from collections.abc import Iterable

from playwright.sync_api import Page, ViewportSize

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
PHONE = ViewportSize(width=360, height=740)
AXE = """tags => axe.run(
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], selectors: false})
  .then(found => [found.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]),
    found.passes.length, document.documentElement.scrollWidth])"""
"""What it finds, and how wide the page is; all that axe knows would take longer to tell than to find."""
CUT = """() => [...document.querySelectorAll('.table-scroll')]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 80))"""
"""Tables that are wider than the screen: what stands at their right, the newest year, is not seen."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def assert_accessible(page: Page, axe: str, sizes: Iterable[ViewportSize]) -> None:
    """The page breaks no rule of WCAG 2.1 A and AA that axe knows, and nothing sticks out of the screen."""
    page.evaluate(axe)
    for size in sizes:
        page.set_viewport_size(size)
        violations, passes, width = page.evaluate(AXE, TAGS)
        assert violations == [], size
        assert passes > 10
        assert width <= size["width"], size
        assert size["width"] > PHONE["width"] or page.evaluate(CUT) == []
