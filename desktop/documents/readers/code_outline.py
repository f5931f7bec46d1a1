"""Where definitions begin in source code, by how they look in most languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub"
    r"(?:\([a-z]+\))?|sealed|partial|virtual|override|open|data|inline|extern|unsafe|const|local|"
    r"declare|readonly|typedef|suspend|synchronized|native|template\s*<[^>]*>)\s+)*"
)
# What holds definitions of its own.
_HOLDER = re.compile(
    _MODIFIERS
    + r"(?:class|interface|struct|enum(?:\s+class)?|trait|impl(?:<[^>]*>)?|module|namespace|object|"
    r"protocol|extension|record|union|contract|defmodule|message|service|package)\s+"
    r"(?P<name>[A-Za-z_$][\w$.:]*(?:<[^>]*>)?(?:\s+for\s+\w+)?)\s*"
    r"(?:[:{(<].*|(?:extends|implements|with|where|final|permits|is|do)\b.*)?$"
)
_NAMED = re.compile(
    _MODIFIERS + r"(?:def|func|fun|fn|function\*?|sub|subroutine|program|proc|procedure|type|"
    r"macro|defp|defmacro|task|rpc)\s+(?:\([^)]*\)\s*)?(?P<name>[A-Za-z_$][\w$.:!?]*)",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"(?:export\s+)?(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*(?:async\s*)?"
    r"(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|[A-Za-z_$][\w$]*\s*=>)"
    r"|(?P<name_r>[A-Za-z_.][\w.]*)\s*(?:<-|=)\s*function\s*\("
)
_STATEMENT = re.compile(
    r"(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:TEMP(?:ORARY)?|UNIQUE|MATERIALIZED)\s+)?"
    r"(?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|TRIGGER|TYPE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"(?P<name>[\w.\"`\[\]]+))",
    re.IGNORECASE,
)
_LISP = re.compile(
    r"\((?:defun|defn-?|define|defmacro|defmethod|defvar|def|ns)\s+\(?(?P<name>[^\s()]+)"
)
_HASKELL = re.compile(r"(?P<name>[a-z_][\w']*)\s+::\s")
_TERRAFORM = re.compile(
    r"(?:resource|data|module|variable|output|provider)\s+(?P<name>\"[^\"]+\"(?:\s+\"[^\"]+\")?)\s*\{"
)
_NOT_A_TYPE = r"(?!(?:return|if|for|while|switch|else|case|new|delete|throw|using|catch|do|try)\b)"
# "int main(void)", "std::string Shop::name() const {": no call, for a type stands in front.
_C_FUNCTION = re.compile(
    _NOT_A_TYPE + r"[A-Za-z_][\w:<>,*&\[\]\s]*[\s*&](?P<name>~?[A-Za-z_][\w:~]*)\s*\([^;={}]*"
    r"(?:\)[^;={}]*\{?\s*|,\s*)"
)
_METHOD = re.compile(
    _NOT_A_TYPE + r"(?:(?:async|static|get|set)\s+)*(?P<name>[#A-Za-z_$][\w$]*)\s*\([^;={}]*\)"
    r"[^;={}()]*\{\s*"
)
_SETTINGS = re.compile(r"\[{1,2}(?P<name>[^\[\]]{1,80})\]{1,2}\s*(?:[#;].*)?")
_TARGET = re.compile(r"(?P<name>[\w./%$(){}-]+)\s*:(?![=:]).*")
_SHELL = re.compile(r"(?:function\s+)?(?P<name>[A-Za-z_][\w-]*)\s*\(\s*\)\s*\{?.*")
_DIFF = re.compile(r"diff --git a/(?P<name>\S+).*")
_REFERENCE = re.compile(r"@\w+\s*\{\s*(?P<name>[^,\s]+),?.*")
_COMMENT = re.compile(r"\s*(?:#(?!include|define|if|endif|pragma|else)|//|--|;|%|\*|/\*|@|\[\[?\w)")
_GENERAL = (_NAMED, _ASSIGNED, _STATEMENT)
_BY_ENDING = {
    "ini cfg conf toml properties env": (_SETTINGS,),
    "mk mak make": (_TARGET,),
    "diff patch": (_DIFF,),
    "bib": (_REFERENCE,),
    "css scss sass less styl": (),
    "sh bash zsh ksh": (_SHELL, _NAMED),
    "clj cljs edn lisp lsp el scm rkt": (_LISP,),
    "hs lhs elm": (_HASKELL,),
    "tf hcl": (_TERRAFORM,),
    "c h cc cpp cxx hh hpp hxx m mm java cs d v sv php dart groovy": (*_GENERAL, _C_FUNCTION),
    "js mjs cjs jsx ts tsx vue svelte": (*_GENERAL, _METHOD),
}
_PATTERNS = {ending: row for endings, row in _BY_ENDING.items() for ending in endings.split()}
_MAKEFILES = frozenset({"makefile", "gnumakefile"})
_WITHOUT_HOLDERS = frozenset({_SETTINGS, _TARGET, _DIFF, _REFERENCE, _LISP, _TERRAFORM})
_DEEPEST = 3
_TAB = 4
_LONGEST_LINE = 300


@dataclass(slots=True)
class _Holder:
    """A class or the like whose definitions are being read."""

    name: str
    indent: int
    members_indent: int | None = None


class Outline:
    """Follows the lines of one file and knows which definition each of them begins."""

    def __init__(self, path: PurePath) -> None:
        ending = path.suffix.lower().lstrip(".")
        known = (_TARGET,) if path.name.lower() in _MAKEFILES else _PATTERNS.get(ending, _GENERAL)
        self._patterns = known
        self._has_holders = bool(known) and not _WITHOUT_HOLDERS.intersection(known)
        self._open: list[_Holder] = []

    def begun_by(self, line: str) -> tuple[str, ...]:
        """The names of the definition that begins here, outermost first; () for other lines."""
        bare = line.lstrip()
        if not bare or len(line) > _LONGEST_LINE or not self._patterns:
            return ()
        indent = len(line.expandtabs(_TAB)) - len(bare.expandtabs(_TAB))
        if indent and not self._open:
            return ()
        holder = _HOLDER.match(bare) if self._has_holders else None
        name = _name(holder) if holder else self._name_in(bare)
        if not name or not self._is_member(indent):
            return ()
        names = (*(above.name for above in self._open), name)
        if holder and len(names) < _DEEPEST:
            self._open.append(_Holder(name, indent))
        return names

    def _name_in(self, bare: str) -> str:
        for pattern in self._patterns:
            whole = pattern in (_C_FUNCTION, _METHOD, _SETTINGS, _TARGET, _SHELL)
            if pattern is _METHOD and not self._open:
                continue
            if match := (pattern.fullmatch(bare) if whole else pattern.match(bare)):
                return _name(match)
        return ""

    def _is_member(self, indent: int) -> bool:
        """Whether a definition of this indentation stands directly in what is open."""
        while self._open and self._open[-1].indent >= indent:
            self._open.pop()
        if not self._open:
            return indent == 0
        holder = self._open[-1]
        if holder.members_indent is None:
            holder.members_indent = indent
        return indent == holder.members_indent


def is_comment(line: str) -> bool:
    """Whether the line is a comment, a decorator or an attribute of what follows it."""
    return _COMMENT.match(line) is not None


def _name(match: re.Match[str]) -> str:
    found = next(filter(None, match.groupdict().values()), "")
    return " ".join(found.split()).rstrip(":.")
