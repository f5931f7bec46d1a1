"""From messages to a prompt, by the model file's own chat template, which is not to be trusted.

Contents never pass through the template: a unique mark stands in place of each one. So a
template cannot read them, and what comes from the template and what from a person or a
document stays apart until each is turned into tokens.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.inference.chat_model import ChatMessage, Prompt, PromptPart
from desktop.inference.template_sandbox import SandboxedTemplate
from desktop.inference.template_values import TemplateFailed

_MARK = re.compile(r"(carrelmark[0-9a-f]{16}n[0-9]+z)")


@dataclass(frozen=True, slots=True)
class SpecialTexts:
    """How the model's vocabulary spells its own marks."""

    beginning: str
    end: str


class ChatTemplate:
    """The prompt format of one model; ChatML where its own template is missing or fails."""

    def __init__(self, source: str, specials: SpecialTexts) -> None:
        self._specials = specials
        self.problem = "" if source else "the file holds no chat template"
        self._template: SandboxedTemplate | None = None
        if source:
            try:
                self._template = SandboxedTemplate(source)
            except TemplateFailed as error:
                self.problem = str(error)

    @property
    def works(self) -> bool:
        """Whether the model's own template is used, so far."""
        return self._template is not None

    def prompt(self, messages: Sequence[ChatMessage]) -> Prompt:
        """The messages in the model's format, open for the assistant's answer."""
        template = self._template
        if template is not None:
            # Some templates know no system message; there it joins the first question.
            for shown in (messages, _system_joined(messages)):
                try:
                    return self._rendered(template, shown)
                except TemplateFailed as error:
                    self.problem = str(error)
            # A template that fails on plain messages, or runs out of time, is not asked again.
            self._template = None
        return chatml_prompt(messages)

    def _rendered(self, template: SandboxedTemplate, messages: Sequence[ChatMessage]) -> Prompt:
        nonce = secrets.token_hex(8)
        marks = {f"carrelmark{nonce}n{at}z": one.text for at, one in enumerate(messages)}
        shown = [
            {"role": message.role, "content": mark}
            for message, mark in zip(messages, marks, strict=True)
        ]
        text = template.render(
            messages=shown,
            add_generation_prompt=True,
            bos_token=self._specials.beginning,
            eos_token=self._specials.end,
        )
        pieces = _MARK.split(text)
        if not set(marks) <= set(pieces):
            raise TemplateFailed("the chat template leaves a message out")
        parts = [
            PromptPart(marks.get(piece, piece), piece not in marks) for piece in pieces if piece
        ]
        return Prompt(tuple(part for part in parts if part.text))


def chatml_prompt(messages: Sequence[ChatMessage]) -> Prompt:
    """The messages in ChatML, the format most models understand."""
    parts: list[PromptPart] = []
    between = ""
    for message in messages:
        parts.append(PromptPart(f"{between}<|im_start|>{message.role}\n", True))
        if message.text:
            parts.append(PromptPart(message.text, False))
        between = "<|im_end|>\n"
    parts.append(PromptPart(f"{between}<|im_start|>assistant\n", True))
    return Prompt(tuple(parts))


def _system_joined(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return messages
    joined = ChatMessage("user", f"{messages[0].text}\n\n{messages[1].text}")
    return [joined, *messages[2:]]
