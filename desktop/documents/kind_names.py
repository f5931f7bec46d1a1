"""What a file's name promises, and what each kind is called by a person."""

from __future__ import annotations

from pathlib import PurePath

from desktop.domain.documents import DocumentKind

_WORDS = {
    DocumentKind.PDF: "a PDF document",
    DocumentKind.DOCX: "a Word document",
    DocumentKind.XLSX: "an Excel workbook",
    DocumentKind.PPTX: "a PowerPoint presentation",
    DocumentKind.ODT: "an OpenDocument text",
    DocumentKind.ODS: "an OpenDocument spreadsheet",
    DocumentKind.ODP: "an OpenDocument presentation",
    DocumentKind.RTF: "a Rich Text document",
    DocumentKind.DOC: "an old Word document",
    DocumentKind.XLS: "an old Excel workbook",
    DocumentKind.PPT: "an old PowerPoint presentation",
    DocumentKind.HTML: "a web page",
    DocumentKind.MHTML: "a saved web page",
    DocumentKind.EPUB: "an EPUB book",
    DocumentKind.EML: "an e-mail message",
    DocumentKind.MSG: "an Outlook message",
    DocumentKind.MBOX: "a mailbox",
    DocumentKind.MARKDOWN: "a Markdown document",
    DocumentKind.RST: "a reStructuredText document",
    DocumentKind.ORG: "an Org document",
    DocumentKind.TEXT: "a text file",
    DocumentKind.CSV: "a table of separated values",
    DocumentKind.JSON: "a JSON file",
    DocumentKind.XML: "an XML file",
    DocumentKind.YAML: "a YAML file",
    DocumentKind.CODE: "source code",
    DocumentKind.IMAGE: "a picture",
    DocumentKind.ZIP: "a ZIP archive",
}
_ENDINGS = {
    DocumentKind.PDF: "pdf",
    DocumentKind.DOCX: "docx docm dotx dotm",
    DocumentKind.XLSX: "xlsx xlsm xltx xltm",
    DocumentKind.PPTX: "pptx pptm ppsx ppsm potx potm",
    DocumentKind.ODT: "odt ott odm",
    DocumentKind.ODS: "ods ots",
    DocumentKind.ODP: "odp otp",
    DocumentKind.RTF: "rtf",
    DocumentKind.DOC: "doc",
    DocumentKind.XLS: "xls xlt",
    DocumentKind.PPT: "ppt pps",
    DocumentKind.HTML: "html htm xhtml",
    DocumentKind.MHTML: "mht mhtml",
    DocumentKind.EPUB: "epub",
    DocumentKind.EML: "eml",
    DocumentKind.MSG: "msg",
    DocumentKind.MBOX: "mbox mbx",
    DocumentKind.MARKDOWN: "md markdown mdown mkd qmd rmd",
    DocumentKind.RST: "rst rest",
    DocumentKind.ORG: "org",
    DocumentKind.TEXT: "txt text log asc tex srt vtt ics vcf",
    DocumentKind.CSV: "csv tsv tab",
    DocumentKind.JSON: "json jsonl ndjson geojson ipynb webmanifest",
    DocumentKind.XML: "xml xsd xsl xslt rss atom wsdl kml gpx plist fodt fods fodp xlf xliff tmx",
    DocumentKind.YAML: "yaml yml",
    DocumentKind.CODE: (
        "py pyi pyw ipy js mjs cjs jsx ts tsx java kt kts scala groovy gradle c h cc cpp cxx hh hpp"
        " hxx m mm cs fs fsx vb vbs bas go rs rb php pl pm lua r jl swift dart zig nim v vhd vhdl"
        " sv asm s hs lhs ml mli elm erl hrl ex exs clj cljs edn lisp lsp el scm rkt sh bash zsh"
        " fish ksh bat cmd ps1 psm1 sql css scss sass less styl vue svelte tf hcl proto thrift"
        " graphql gql cmake mk mak make ini cfg conf toml properties env pas pp f f90 f95 for cob"
        " cbl ada adb ads tcl awk sed diff patch bib cls sty dockerfile"
    ),
    DocumentKind.IMAGE: "png jpg jpeg jpe jfif tif tiff bmp gif webp",
    DocumentKind.ZIP: "zip",
}
_CLAIMS = {f".{ending}": kind for kind, row in _ENDINGS.items() for ending in row.split()}
_CODE_NAMES = frozenset({
    "makefile", "gnumakefile", "dockerfile", "containerfile", "rakefile", "gemfile", "jenkinsfile",
    "vagrantfile", "procfile", "cmakelists.txt",
})  # fmt: skip
# Text under such a name is a failed download or a placeholder, not a document.
_NO_TEXT = {
    **dict.fromkeys((".gguf", ".safetensors", ".bin", ".onnx", ".pt", ".pth"), "a model file"),
    **dict.fromkeys((".heic", ".avif", ".psd", ".ico"), "a picture"),
    **dict.fromkeys((".gz", ".7z", ".rar", ".xz", ".bz2", ".zst", ".tar"), "an archive"),
    **dict.fromkeys((".exe", ".dll", ".so", ".dylib", ".class", ".jar"), "a program"),
    **dict.fromkeys((".mp3", ".wav", ".ogg", ".flac", ".mp4", ".mov", ".avi"), "a recording"),
}
_TEXTS = frozenset({
    DocumentKind.HTML, DocumentKind.MARKDOWN, DocumentKind.RST, DocumentKind.ORG,
    DocumentKind.TEXT, DocumentKind.CSV, DocumentKind.JSON, DocumentKind.XML, DocumentKind.YAML,
    DocumentKind.CODE, DocumentKind.EML, DocumentKind.MBOX, DocumentKind.MHTML,
})  # fmt: skip


def claimed_kind(path: PurePath) -> DocumentKind | None:
    """The kind that the file's name promises."""
    if path.name.lower() in _CODE_NAMES:
        return DocumentKind.CODE
    return _CLAIMS.get(path.suffix.lower())


def kind_in_words(kind: DocumentKind) -> str:
    """The kind as a person would call it."""
    return _WORDS[kind]


def claims_no_text(path: PurePath) -> str | None:
    """What the name promises, in words, where that can never be a text; else None."""
    claimed = claimed_kind(path)
    if claimed in (DocumentKind.IMAGE, DocumentKind.ZIP):
        return _WORDS[claimed]
    return _NO_TEXT.get(path.suffix.lower())


def is_text_kind(kind: DocumentKind) -> bool:
    """Whether files of this kind are written as text."""
    return kind in _TEXTS
