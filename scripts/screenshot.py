"""Take the README's picture of a page from a running server, in Chromium.

python scripts/screenshot.py http://localhost:8000
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "indicator.png"
PATH = "/page/output-indicator/c_d150/asili-nido/n-bambini-iscritti"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport={"width": 1280, "height": 1200}, locale="it-IT")
    page.goto(sys.argv[1] + PATH)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=TARGET, type="png")
    browser.close()
print(f"{TARGET}: {TARGET.stat().st_size // 1024} kB")
