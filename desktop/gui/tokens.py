"""The colours, sizes and radii that the style sheet and every painter read."""

from __future__ import annotations

from dataclasses import dataclass

FONT_FAMILY = "Inter"
FONT_SIZES = (11, 12, 13, 14, 15, 22)
FONT_WEIGHTS = (400, 500, 600)  # drawn at Inter's 400, 550 and 620

SIDEBAR_WIDTH = 256
SETTINGS_LIST_WIDTH = 220
SOURCES_WIDTH = 400
HEADER_HEIGHT = 56
READING_WIDTH = 700
OVERLAY_BELOW_WIDTH = 1100  # narrower than this, the sources lie over the reading column

RADIUS_CITATION = 5
RADIUS_BUTTON = 8
RADIUS_CARD = 10
RADIUS_BUBBLE = 14


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours, as #RRGGBB."""

    name: str
    bg: str  # reading surface
    side: str  # sidebar
    panel: str  # right panel
    card: str  # cards and inputs
    line: str  # hairlines
    edge: str  # the lower edge of a raised card
    hover: str  # a row under the pointer
    text: str
    mute: str
    faint: str  # hints only: below the contrast of text that must be read
    acc: str
    acc_hover: str
    on_acc: str  # text on a filled accent
    accbg: str
    warn: str
    warnbg: str
    bad: str
    badbg: str
    hl: str  # the words that support a claim
    on_hl: str
    user: str  # the user's own message
    page: str  # a printed page stays white

    @property
    def dark(self) -> bool:
        return self.name == "dark"


LIGHT = Tokens(
    name="light",
    bg="#FCFBF9",
    side="#F4F2ED",
    panel="#F8F6F2",
    card="#FFFFFF",
    line="#E5E1D8",
    edge="#DAD5CA",
    hover="#ECE9E1",
    text="#1E1D1A",
    mute="#6F6B62",
    faint="#9A958A",
    acc="#1F6F5C",
    acc_hover="#195C4C",
    on_acc="#FFFFFF",
    accbg="#E3F0EB",
    warn="#8A6410",
    warnbg="#FBF1D8",
    bad="#B3402E",
    badbg="#FBE9E5",
    hl="#FFF0B3",
    on_hl="#1E1D1A",
    user="#EFEBE2",
    page="#FFFFFF",
)

DARK = Tokens(
    name="dark",
    bg="#171816",
    side="#1D1F1C",
    panel="#1B1D1A",
    card="#20231F",
    line="#30332E",
    edge="#30332E",
    hover="#272A26",
    text="#EBE9E2",
    mute="#A09D93",
    faint="#75736B",
    acc="#6CCBAE",
    acc_hover="#85D6BD",
    on_acc="#10231D",
    accbg="#1F3A32",
    warn="#E3BD63",
    warnbg="#3A3016",
    bad="#F08D7C",
    badbg="#3D211C",
    hl="#5A4B12",
    on_hl="#F6F1DC",
    user="#272A26",
    page="#FFFFFF",
)


def scaled(pixels: int, font_percent: int) -> int:
    """A size that grows with the person's font size, never below one pixel."""
    return max(1, round(pixels * font_percent / 100))
