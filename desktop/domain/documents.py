"""Documents, from the bytes in a folder to the chunks that are searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentKind(StrEnum):
    """The formats Carrel reads, found from the content and not from the name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    RTF = "rtf"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    HTML = "html"
    MHTML = "mhtml"
    EPUB = "epub"
    EML = "eml"
    MSG = "msg"
    MBOX = "mbox"
    MARKDOWN = "markdown"
    RST = "rst"
    ORG = "org"
    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    XML = "xml"
    YAML = "yaml"
    CODE = "code"
    IMAGE = "image"
    ZIP = "zip"


class PageUnit(StrEnum):
    """What a page of a document is; a number means something to a person in the first two."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    SECTION = "section"  # a chapter of a book, a message of a mailbox
    PART = "part"  # a piece of flowing text, cut between blocks

    @property
    def numbered(self) -> bool:
        """Whether people call it by its number."""
        return self in (PageUnit.PAGE, PageUnit.SLIDE)


class DocumentStatus(StrEnum):
    """Where a document stands; the values are part of the command line's contract."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NEEDS_PASSWORD = "needs_password"
    NEEDS_OCR = "needs_ocr"


class BlockKind(StrEnum):
    """What a block of a page is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch), origin at the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: the character span [start, end) of the page's text, and its box."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit of a page: the character span [start, end) of the page's text.

    `heading_path` names the headings above it, outermost first; a heading's own path ends
    with itself.
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of text with its structure.

    `number` counts from 1. In kinds without printed pages a page is a part of the text of
    bounded size, cut between blocks. `width` and `height` are points, 0 where unknown. `name` is
    the sheet's, the chapter's or the message's own.
    """

    number: int
    text: str
    blocks: tuple[Block, ...] = ()
    lines: tuple[Line, ...] = ()
    width: float = 0.0
    height: float = 0.0
    name: str = ""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as people see it: `levels` are red, green and blue, a byte each, row after row."""

    width: int
    height: int
    levels: bytes


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a file says about itself, "" where it does not.

    Dates are ISO 8601, as exact as the file has them; `language` is an ISO 639-1 code, recognised
    from the text.
    """

    author: str = ""
    created: str = ""
    modified: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class InnerFile:
    """A file inside another one: an attachment, a member of an archive.

    `name` is its path within the container, unique there, with "/" between folders.
    """

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All that was read from one file.

    `picture_pages` are the numbers of the pages whose text can only be recognised from their
    picture, and has not been yet. `inner_files` are documents of their own, read one by one.
    """

    kind: DocumentKind
    title: str
    pages: tuple[Page, ...]
    unit: PageUnit
    warnings: tuple[str, ...] = ()
    facts: DocumentFacts = DocumentFacts()
    inner_files: tuple[InnerFile, ...] = ()
    picture_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of documents that is searched together.

    `watched_folders` are the folders it follows; `checked_at` is when they were last looked
    through, in seconds since 1970, 0 for never.
    """

    id: int
    name: str
    created_at: float
    documents: int = 0
    ready: int = 0
    attention: int = 0
    pages: int = 0
    chunks: int = 0
    watched_folders: int = 0
    checked_at: float = 0.0


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder, or a single file, that a collection follows.

    `include` and `exclude` are file name patterns (`*.pdf`, `drafts/*`); no `include` means all.
    `reachable` is false while it cannot be looked at, as on a drive that is not plugged in.
    """

    id: int
    collection_id: int
    path: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """One file in a collection, as the database knows it.

    `error` names the error's type, `error_detail` the sentence shown when it happened;
    `modified_ns` and `size_bytes` are the file's own when it was read. `parent_id` names the
    document that holds this one, `inner_files` counts those it holds itself; `recognised_pages`
    counts the pages whose text came from their picture.
    """

    id: int
    collection_id: int
    path: str
    title: str
    kind: DocumentKind | None
    status: DocumentStatus
    sha256: str
    size_bytes: int
    modified_ns: int
    pages: int = 0
    chunks: int = 0
    unit: PageUnit = PageUnit.PART
    error: str = ""
    error_detail: str = ""
    indexed_at: float = 0.0
    facts: DocumentFacts = DocumentFacts()
    parent_id: int | None = None
    inner_files: int = 0
    recognised_pages: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: the span [start, end) of one page's text, embedded and cited as one.

    `id` is 0 until storage has given one. `ordinal` counts from 0 within the document, so the
    neighbours of a chunk are known. `text` is page.text[start:end]. `context` is searched with it
    and is not part of it: how its page begins, the first row of its table.
    """

    id: int
    document_id: int
    ordinal: int
    page_number: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    context: str = ""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file in an indexing run: a row of `carrel index --json`."""

    path: str
    status: DocumentStatus
    error: str = ""
    pages: int = 0
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The closing value of an indexing run.

    `removed` are the paths of documents that went because their files were there no more.
    """

    collection: str
    files: tuple[FileOutcome, ...]
    seconds: float
    pages_read: int
    stopped: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    @property
    def pages_per_second(self) -> float:
        return self.pages_read / self.seconds if self.seconds > 0 else 0.0


class IndexStage(StrEnum):
    """What an indexing run is busy with."""

    SCANNING = "scanning"
    READING = "reading"
    RECOGNISING = "recognising"  # text from pictures of pages
    SETTLING = "settling"  # checking and saving the index


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far an indexing run is; `seconds_left` is None until a rate is known.

    While pictures are recognised, `page` of `pages_total` is the page of the document at
    `current_path`; both are 0 otherwise.
    """

    files_done: int
    files_total: int
    pages_done: int
    chunks_done: int
    pages_per_second: float
    seconds_left: float | None
    current_path: str = ""
    stage: IndexStage = IndexStage.READING
    page: int = 0
    pages_total: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DocumentIndexed:
    """One file is done, well or badly."""

    outcome: FileOutcome
