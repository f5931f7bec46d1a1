"""A row of the register from what a header says, for included and imported models alike."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.models import ModelEntry
from desktop.inference.gguf_header import GgufHeader, facts_of
from desktop.inference.gguf_shape import shape_of
from desktop.inference.memory_needed import ContextNumbers, memory_needed

# The register states one size for comparing models; a plan computes the one that is used.
_NUMBERS = ContextNumbers(context_tokens=4096, batch_tokens=256)


def described(entry: ModelEntry, header: GgufHeader) -> ModelEntry:
    """The entry with everything that its file's header says; its own name stays, if it has one."""
    facts, shape = facts_of(header), shape_of(header)
    return replace(
        entry,
        name=entry.name or facts.name,
        size_bytes=header.size_bytes,
        architecture=facts.architecture,
        parameters=facts.parameters,
        quantization=facts.quantization,
        context_tokens=facts.context_tokens,
        licence=facts.licence,
        licence_name=facts.licence_name,
        licence_link=facts.licence_link,
        maker=facts.maker,
        source=facts.source,
        shape=shape,
        chat_template=facts.chat_template,
        memory_bytes=memory_needed(shape, _NUMBERS).total,
    )
