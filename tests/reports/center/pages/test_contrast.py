import re

import pytest

from reports.center.pages.render import STATIC

LIGHT, DARK = 0, 1
TEXT = (
    *((text, ground) for text in ("ink", "muted", "accent") for ground in ("paper", "surface", "sunk")),
    *((text, "accent-soft") for text in ("ink", "accent")),
    *((f"{letter}-ink", letter) for letter in "abcd"),
    *((kind, f"{kind}-soft") for kind in ("good", "warning", "bad")),
    *((kind, "surface") for kind in ("good", "warning", "bad")),
    *((text, "top") for text in ("top-ink", "top-muted")),
    ("accent-ink", "accent"),
)


def palette(which: int) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", (STATIC / "center.css").read_text(), re.DOTALL)
    return {
        name: value
        for block in blocks[: which + 1]
        for name, value in re.findall(r"--([\w-]+): (#\w{6})", block)
    }


def light(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("which", [LIGHT, DARK])
def test_texts_keep_the_contrast_of_wcag_aa_on_what_they_stand_on(which: int) -> None:
    colours = palette(which)
    found = {(text, ground): contrast(colours[text], colours[ground]) for text, ground in TEXT}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("which", [LIGHT, DARK])
def test_frames_of_inputs_can_be_seen(which: int) -> None:
    colours = palette(which)
    assert contrast(colours["strong-line"], colours["surface"]) >= 3
