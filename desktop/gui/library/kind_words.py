"""Kinds of documents as people name them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.documents import DocumentKind

_OFFICE = (
    DocumentKind.DOC,
    DocumentKind.DOCX,
    DocumentKind.XLS,
    DocumentKind.XLSX,
    DocumentKind.PPT,
    DocumentKind.PPTX,
    DocumentKind.EML,
    DocumentKind.MSG,
)


def kind_name(kind: DocumentKind) -> str:
    """`Excel`, `PowerPoint`, `Email`: what the file is, not how it is written."""
    return {**_names(), **_translated()}[kind]


def unread_kind_name(suffix: str) -> str:
    """What a file calls itself by its name's ending, where it could not be read."""
    ending = suffix.lstrip(".").lower()
    known = {kind.value: kind for kind in _OFFICE}
    return kind_name(known[ending]) if ending in known else ending.upper()


def _names() -> dict[DocumentKind, str]:
    # Names of products and formats are the same in every language.
    return {
        DocumentKind.PDF: "PDF",
        DocumentKind.DOCX: "Word",
        DocumentKind.DOC: "Word 97",
        DocumentKind.XLSX: "Excel",
        DocumentKind.XLS: "Excel 97",
        DocumentKind.PPTX: "PowerPoint",
        DocumentKind.PPT: "PowerPoint 97",
        DocumentKind.ODT: "OpenDocument",
        DocumentKind.RTF: "RTF",
        DocumentKind.HTML: "HTML",
        DocumentKind.EPUB: "EPUB",
        DocumentKind.MARKDOWN: "Markdown",
        DocumentKind.RST: "reStructuredText",
        DocumentKind.ORG: "Org",
        DocumentKind.CSV: "CSV",
        DocumentKind.JSON: "JSON",
        DocumentKind.XML: "XML",
        DocumentKind.YAML: "YAML",
        DocumentKind.ZIP: "ZIP",
    }


def _translated() -> dict[DocumentKind, str]:
    return {
        DocumentKind.ODS: _tr("OpenDocument sheet"),
        DocumentKind.ODP: _tr("OpenDocument slides"),
        DocumentKind.MHTML: _tr("Saved web page"),
        DocumentKind.EML: _tr("Email"),
        DocumentKind.MSG: _tr("Email"),
        DocumentKind.MBOX: _tr("Mailbox"),
        DocumentKind.TEXT: _tr("Text"),
        DocumentKind.CODE: _tr("Source code"),
        DocumentKind.IMAGE: _tr("Picture"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("KindWords", text)
