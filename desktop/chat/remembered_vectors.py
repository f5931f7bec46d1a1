"""Vectors of the texts compared lately: follow-up questions meet the same passages again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.chat.alignment import Embed

_MOST_TEXTS = 4096


class RememberedVectors:
    """Embeds each text once as long as it is among the last few thousand; an `Embed`.

    `stamp` names the embedder in use: another one's vectors are another matter.
    """

    def __init__(self, embed: Embed, stamp: Callable[[], str]) -> None:
        self._embed = embed
        self._stamp = stamp
        self._made_by = ""
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text; raises what embedding raises."""
        import numpy as np

        if self._made_by != (stamp := self._stamp()):
            self._vectors.clear()
            self._made_by = stamp
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing or not texts:
            made = self._embed(missing)
            # Copies: a row of its own does not hold on to all that was made with it.
            self._vectors.update((text, made[at].copy()) for at, text in enumerate(missing))
        if not texts:
            return made
        for text in texts:
            self._vectors.move_to_end(text)
        found = np.stack([self._vectors[text] for text in texts])
        while len(self._vectors) > _MOST_TEXTS:
            self._vectors.popitem(last=False)
        return found
