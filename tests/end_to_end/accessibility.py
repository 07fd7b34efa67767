"""What a browser's own view of a page tells of its accessibility: names, headings, language, contrast."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

LEAST_CONTRAST, OF_LARGE_TEXT = 4.5, 3.0
"""WCAG 2 AA; large is 24 pixels, or 18.66 in bold."""

FAULTS = Path(__file__).with_name("accessibility.js").read_text("utf-8")


def faults(page: Page, language: str) -> Sequence[str]:
    """What is wrong with a page as it is shown, in words."""
    asked = {"language": language, "least": LEAST_CONTRAST, "ofLarge": OF_LARGE_TEXT}
    found: Sequence[str] = page.evaluate(FAULTS, asked)
    return found
