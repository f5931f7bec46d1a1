"""Which kind of text a file is: by its content where that is evident, else by its name."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from desktop.documents.kind_names import claimed_kind, is_text_kind
from desktop.domain.documents import DocumentKind

_HTML_START = re.compile(
    r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"<(?:p|div|table|h[1-6]|br|span|ul|a|title|meta|script)\b[^>]*>", re.I)
_XML_START = re.compile(r"\s*<\?xml\s[^>]*>")
_XML_TAG = re.compile(r"\s*<(?:[A-Za-z_][\w:.-]*[\s/>]|!DOCTYPE\s|!--)")
_JSON_START = re.compile(
    r'\s*(?:\[\s*)*\{\s*(?:\}|"(?:[^"\\]|\\.){0,200}"\s*:\s*(?:["\[{\d-]|true|false|null))'
)
_SHEBANG = re.compile(r"#!\s*/\S")
_MAIL_FIELD = re.compile(
    r"^(?:received|return-path|message-id|mime-version|delivered-to|x-[a-z-]+):\s", re.I | re.M
)
_MAIL_START = re.compile(r"\s*(?:From .*\n)?[A-Za-z][A-Za-z0-9-]*:(?:[ \t]|\r?\n[ \t])")
_POSTMARK = re.compile(rb"(?:\r?\n){2}From \S.*\d{4}[^\r\n]{0,20}\r?\n[A-Za-z][A-Za-z0-9-]*:")
_WEB_ARCHIVE = re.compile(r"^(?:snapshot-content-location:|from: ?.{0,4}saved by )", re.I | re.M)
_HEADER_CHARACTERS = 4_000
_POSTMARK_WITHIN = 8 << 20
_DELIMITERS = "\t;,|"
_LEAST_ROWS = 4
_MOST_ROWS = 30
# Names that say how a text is to be read, whatever it looks like.
_NAMED = frozenset({
    DocumentKind.MARKDOWN, DocumentKind.RST, DocumentKind.ORG, DocumentKind.YAML,
    DocumentKind.CODE, DocumentKind.CSV,
})  # fmt: skip


def kind_of_text(path: Path, text: str, whole: bool) -> DocumentKind:
    """The kind of the file that begins with `text`, which is all of it where `whole`."""
    claimed = claimed_kind(path)
    if mail := _kind_of_mail(path, text, claimed):
        return mail
    if _HTML_START.match(text) and claimed is not DocumentKind.CODE:
        return DocumentKind.HTML
    if claimed is DocumentKind.HTML and len(_HTML_TAG.findall(text)) >= 2:
        return DocumentKind.HTML
    if claimed in _NAMED:
        return claimed
    if claimed is None and _SHEBANG.match(text):
        return DocumentKind.CODE
    return _evident_kind(text, claimed, whole) or DocumentKind.TEXT


def _evident_kind(text: str, claimed: DocumentKind | None, whole: bool) -> DocumentKind | None:
    if _XML_START.match(text) or (claimed is DocumentKind.XML and _XML_TAG.match(text)):
        return DocumentKind.XML
    if claimed is DocumentKind.JSON and text.lstrip().startswith(("{", "[")):
        return DocumentKind.JSON
    if _is_json(text, whole):
        return DocumentKind.JSON
    if claimed is not DocumentKind.HTML and is_table(text, whole):
        return DocumentKind.CSV
    return None


def _is_json(text: str, whole: bool) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    if whole:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return True
    return _JSON_START.match(text) is not None


def is_table(text: str, whole: bool = True) -> bool:
    """Whether every line has the same number of the same delimiter, as no prose has."""
    lines = text.splitlines()
    if not whole:
        lines = lines[:-1]
    lines = [line for line in lines if line.strip()][:_MOST_ROWS]
    if len(lines) < _LEAST_ROWS:
        return False
    # In prose a space comes behind every comma.
    is_prose = text.count(", ") > 0.5 * text.count(",")
    for delimiter in _DELIMITERS.replace(",", "") if is_prose else _DELIMITERS:
        least = 1 if delimiter == "\t" else 2
        if min(line.count(delimiter) for line in lines) >= least:
            widths = _widths(lines, delimiter)
            if len(widths) == 1:
                return True
    return False


def _widths(lines: list[str], delimiter: str) -> set[int]:
    try:
        return {len(row) for row in csv.reader(lines, delimiter=delimiter) if row}
    except csv.Error:
        return set()


def _kind_of_mail(path: Path, text: str, claimed: DocumentKind | None) -> DocumentKind | None:
    if not _MAIL_START.match(text) or (claimed is not None and claimed in _NAMED):
        return None
    head = text[:_HEADER_CHARACTERS]
    mails = (DocumentKind.EML, DocumentKind.MBOX, DocumentKind.MHTML)
    if claimed not in mails and len(_MAIL_FIELD.findall(head)) < 2:
        return None
    if claimed is DocumentKind.MHTML or (_WEB_ARCHIVE.search(head) and "multipart/" in text):
        return DocumentKind.MHTML
    if not text.startswith("From ") or claimed is DocumentKind.EML:
        return DocumentKind.EML
    if claimed is DocumentKind.MBOX or _has_second_message(path):
        return DocumentKind.MBOX
    return DocumentKind.EML


def _has_second_message(path: Path) -> bool:
    with path.open("rb") as file:
        return _POSTMARK.search(file.read(_POSTMARK_WITHIN)) is not None


def may_be_text_of(kind: DocumentKind, claimed: DocumentKind | None) -> bool:
    """Whether plain text under a name that promises `claimed` is what its owner meant."""
    return kind is not DocumentKind.TEXT or claimed is None or is_text_kind(claimed)
