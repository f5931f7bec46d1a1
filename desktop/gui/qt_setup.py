"""The one Qt application object, set up the way every start and every test needs it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop.gui.icons import icon_pixmap
from desktop.gui.tokens import LIGHT


def create_application(arguments: Sequence[str]) -> QApplication:
    """Make the application; call once, before any widget."""
    # A native dialog may be asked of another process over D-Bus, which is outside our lock.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    app = QApplication(list(arguments))
    app.setApplicationName("Carrel")
    app.setApplicationDisplayName("Carrel")
    app.setDesktopFileName("carrel")
    window_icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        window_icon.addPixmap(icon_pixmap("logo", LIGHT.acc, size, 1.0, LIGHT.on_acc))
    app.setWindowIcon(window_icon)
    _translate_qt(app)
    return app


def _translate_qt(app: QApplication) -> None:
    """Qt's own words (OK, Cancel, Open) in the system's language."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(), "qtbase", "_", folder):
        app.installTranslator(translator)
