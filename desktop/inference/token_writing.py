"""The writing of an answer: tokens drawn and read back, several at once where a draft was right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from desktop.domain.cancel import CancelToken
from desktop.inference.prompt_lookup import PromptLookup
from desktop.inference.token_cache import Decoded, TokenCache

_LAST_ROW = -1


class Draws(Protocol):
    """Where the next token comes from."""

    def draw(self, context: Any, row: int = _LAST_ROW) -> int:
        """Draw from one row of the last output; -1 where no token is allowed."""


class TokenWriter:
    """Writes one answer behind what stands in the cache. `drafted` counts what lookup got right."""

    def __init__(
        self,
        cache: TokenCache,
        sampler: Draws,
        ends: Callable[[int], bool],
        lookup: PromptLookup | None = None,
    ) -> None:
        self.drafted = 0
        self.outcome = Decoded.DONE
        self._cache = cache
        self._sampler = sampler
        self._ends = ends
        self._lookup = lookup

    def tokens(self, cancel: CancelToken) -> Iterator[int]:
        """Yield token after token, an end token last; `outcome` says why it ended without one.

        A token is read back only when the next one is asked for.
        """
        cache, draw, context = self._cache, self._sampler.draw, self._cache.context
        token = draw(context)
        while token >= 0:
            yield token
            if self._lookup is not None:
                self._lookup.add(token)
                if draft := self._lookup.draft(cache.spare()):
                    accepted, token = self._verified(token, draft, cancel)
                    yield from accepted
                    if self.outcome is not Decoded.DONE:
                        return
                    continue
            self.outcome = cache.decode((token,), cancel)
            if self.outcome is not Decoded.DONE:
                return
            token = draw(context)
        self.outcome = Decoded.FULL

    def _verified(
        self, token: int, draft: Sequence[int], cancel: CancelToken
    ) -> tuple[list[int], int]:
        """Read a token with its draft at once; what of it was right, and the token behind that."""
        cache, lookup = self._cache, self._lookup
        assert lookup is not None
        before = len(cache)
        self.outcome = cache.decode((token, *draft), cancel, every_row=True)
        if self.outcome is not Decoded.DONE:
            return [], token
        accepted: list[int] = []
        for row, guess in enumerate((*draft, None)):
            token = self._sampler.draw(cache.context, row)
            if token != guess:
                break
            accepted.append(token)
            lookup.add(token)
        cache.keep_first(before + 1 + len(accepted))
        lookup.judge(len(draft), len(accepted))
        self.drafted += len(accepted)
        return accepted, token
