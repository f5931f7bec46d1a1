"""A process that asks the included model and says what it streams, to be killed meanwhile."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from desktop.app import build_assistant
from desktop.assistant.events import Event
from desktop.domain.answers import AnswerMode, AnswerPiece
from desktop.domain.machine import LockState, NetworkLock


def main(data: Path) -> None:
    """Ask, print each piece as a line of JSON, then wait to be ended."""
    lock = NetworkLock(LockState.OPEN, "the tests' own process")
    assistant = build_assistant(data, _say, lock)
    chat = assistant.chats.create(None)
    assistant.answers.ask(
        chat.id, "Tell me a long story about a lighthouse.", AnswerMode.MODEL_ONLY
    )
    sys.stdin.read()
    assistant.close()


def _say(event: Event) -> None:
    if isinstance(event.body, AnswerPiece):
        print(json.dumps(event.body.text), flush=True)
        # The lane waits for us: even a short answer is still being written when it is kept.
        time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
