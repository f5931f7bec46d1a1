"""Line icons drawn for Carrel, coloured when they are asked for."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.gui.resource_files import icon_file


def icon(name: str, color: str, accent: str = "") -> QIcon:
    """The icon `name` with its strokes in `color`; `accent` replaces a second colour."""
    result = QIcon()
    for scale in (1, 2):
        result.addPixmap(icon_pixmap(name, color, 20, scale, accent))
    return result


def icon_pixmap(
    name: str, color: str, size: int, device_ratio: float = 1.0, accent: str = ""
) -> QPixmap:
    """The icon drawn at `size` logical pixels, sharp at the given device ratio."""
    drawing = icon_file(name).read_text(encoding="utf-8")
    drawing = drawing.replace("currentColor", color).replace("accentColor", accent or color)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    pixmap = QPixmap(QSize(size, size) * device_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(device_ratio)
    return pixmap
