"""Whether a chat template works, before a model is made to answer with it."""

from __future__ import annotations

from desktop.inference.chat_model import ChatMessage
from desktop.inference.chat_template import ChatTemplate, SpecialTexts

_SPECIALS = SpecialTexts("<s>", "</s>")
_MESSAGES = (
    ChatMessage("system", "Answer briefly."),
    ChatMessage("user", "What is due?"),
    ChatMessage("assistant", "The rent."),
    ChatMessage("user", "When?"),
)


def template_problem(text: str) -> str:
    """Why a conversation cannot be put into this template, in plain words; "" where it can."""
    template = ChatTemplate(text, _SPECIALS)
    if template.works:
        template.prompt(_MESSAGES)
    return "" if template.works else template.problem
