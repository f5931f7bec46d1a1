"""Small widgets that every view shares; their looks are in the style sheet."""

from desktop.gui.widgets.buttons import Button, ButtonKind, TabButton
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.header import Header
from desktop.gui.widgets.labels import ElidedLabel, KeyCap, Label, SectionLabel
from desktop.gui.widgets.notice import NoticeBar
from desktop.gui.widgets.pill import Pill, PillKind
from desktop.gui.widgets.progress import ProgressLine
from desktop.gui.widgets.switch import Switch

__all__ = [
    "Button",
    "ButtonKind",
    "Card",
    "ElidedLabel",
    "FlowLayout",
    "Header",
    "KeyCap",
    "Label",
    "NoticeBar",
    "Pill",
    "PillKind",
    "ProgressLine",
    "SectionLabel",
    "Switch",
    "TabButton",
]
