"""One file read for a person to look at, with the text of its pictures, and nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, Page
from desktop.domain.errors import FileMissing, NeedsTextRecognition

if TYPE_CHECKING:
    from desktop.documents.reader import DocumentReader

_MOST_NAMED_PAGES = 12


def extracted(
    reader: DocumentReader, path: Path, passwords: Sequence[str], cancel: CancelToken
) -> DocumentContent:
    """Read the file, or the one inside others that `path` goes on to name, pictures recognised.

    Raises subclasses of `DocumentError`, or `Cancelled`.
    """
    file, inside = _way_to(reader, path, passwords, cancel)
    content = reader.read(file, cancel, inside=inside, passwords=passwords)
    if not content.picture_pages:
        return content
    pages = reader.recognise(
        file, content.picture_pages, cancel, inside=inside, passwords=passwords
    )
    content = _with_recognised(content, {page.number: page for page in pages})
    if not any(page.text.strip() for page in content.pages):
        raise NeedsTextRecognition(str(path))
    return content


def _way_to(
    reader: DocumentReader, path: Path, passwords: Sequence[str], cancel: CancelToken
) -> tuple[Path, tuple[str, ...]]:
    """The file on disk, and the names that lead from it to the one inside it."""
    file = next((each for each in (path, *path.parents) if each.is_file()), path)
    left = path.relative_to(file).as_posix() if file != path else ""
    inside: tuple[str, ...] = ()
    while left:
        listed = reader.read(file, cancel, inside=inside, passwords=passwords).inner_files
        names = [each.name for each in listed if f"{left}/".startswith(f"{each.name}/")]
        if not names:
            raise FileMissing(str(path))
        name = max(names, key=len)
        inside, left = (*inside, name), left[len(name) + 1 :]
    return file, inside


def _with_recognised(content: DocumentContent, recognised: dict[int, Page]) -> DocumentContent:
    found = {number: page for number, page in recognised.items() if page.text.strip()}
    unread = [number for number in content.picture_pages if number not in found]
    # Text without a usable character map is worse than none.
    blank = {number: Page(number, "") for number in unread}
    pages = [(blank | found).get(page.number, page) for page in content.pages]
    warnings = [
        *content.warnings,
        *_about(sorted(found), "Text recognised from the picture of pages"),
        *_about(unread, "No text could be recognised in the picture of pages"),
    ]
    return replace(
        content, pages=tuple(pages), warnings=tuple(warnings), picture_pages=tuple(unread)
    )


def _about(numbers: Sequence[int], what: str) -> list[str]:
    if not numbers:
        return []
    named = ", ".join(map(str, numbers[:_MOST_NAMED_PAGES]))
    rest = len(numbers) - _MOST_NAMED_PAGES
    return [f"{what}: {named}" + (f" and {rest} more." if rest > 0 else ".")]
