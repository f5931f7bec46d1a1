"""What a model's licence allows, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LicenceKind(StrEnum):
    """How freely a model may be used for work."""

    FREE = "free"
    CONDITIONS = "conditions"  # any use; who passes the model on has duties
    LIMITS = "limits"  # some uses or users are shut out
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LicenceTerms:
    """A licence in plain words: a summary and no legal advice.

    `stated` is what the model file says, `use` one sentence on use for work, `limits` what may
    not be done or who may not, `conditions` what must be done when the model is passed on.
    `full_text` names the text that counts, `link` is where the file says it lies.
    """

    id: str
    name: str
    kind: LicenceKind
    use: str
    limits: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    full_text: str = ""
    stated: str = ""
    link: str = ""
