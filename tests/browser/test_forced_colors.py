"""Whoever has chosen few colours of their own (forced colours) sees every picture and every control."""

import pytest
from playwright.sync_api import Page

from browser.places import place
from served import Served

FAINT = """() => {
  const channels = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [low, high] = [luminance(channels(one)), luminance(channels(other))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = e => {
    for (let at = e; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  return [...document.querySelectorAll('svg :is(rect, path, text, circle, use)')].filter(e => {
    if (!e.checkVisibility() || e.closest('defs, symbol')) return false;
    const style = getComputedStyle(e), ground = behind(e.closest('svg'));
    const seen = [style.fill, style.stroke].filter(c => c.startsWith('rgb'));
    return seen.length > 0 && Math.max(...seen.map(c => contrast(c, ground))) < 3;
  }).map(e => [e.tagName, e.closest('svg').getAttribute('class'), getComputedStyle(e).fill]);
}"""
"""Parts of pictures of which neither fill nor stroke stands out from what is behind them."""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_picture_is_seen_in_forced_colours(page: Page, site: Served, scheme: str) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    names = ("home", "service", "users", "personnel", "providers", "user indicator", "figure", "place")
    for path in (*(place(site, name) for name in names), "/page/user-indicator/c_d150/anziani/totale"):
        page.goto(path)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert page.evaluate(FAINT) == [], path
