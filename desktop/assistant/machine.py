"""The machine as a face sees it: status, the doctor, the self-test."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from desktop.assistant.engine import Engine
from desktop.assistant.events import JobId
from desktop.assistant.lanes import Lane
from desktop.domain.engine import Device
from desktop.domain.machine import Check, MachineStatus, NetworkLock
from desktop.domain.models import ModelEntry
from desktop.governance.memory import memory_bytes


@dataclass(frozen=True, slots=True)
class MachineParts:
    """What the doctor looks at; `checks` and `journey` run on the errands lane."""

    errands_lane: Lane
    engine: Engine
    chosen: Callable[[], ModelEntry | None]
    lock: NetworkLock
    checks: Callable[[], Iterator[Check]]
    journey: Callable[[], Iterator[Check]]


class Machine:
    """What this computer is, and whether Carrel stands on it as it should."""

    def __init__(self, parts: MachineParts) -> None:
        self._parts = parts

    def status(self) -> MachineStatus:
        """The lines at the foot of the sidebar; cheap enough for every few seconds."""
        entry = self._parts.engine.loaded or self._parts.chosen()
        used, total = memory_bytes()
        return MachineStatus(
            lock=self._parts.lock,
            model_name=entry.name if entry else "",
            backend=self._parts.engine.backend,
            memory_used_bytes=used,
            memory_total_bytes=total,
        )

    def devices(self) -> JobId:
        """`Finished.result` is a list of `Device`."""
        return self._parts.errands_lane.start(lambda _: _listed())

    def doctor(self) -> JobId:
        """`Finished.result` is a tuple of `Check`; each is also said as it is made."""
        return self._parts.errands_lane.start(lambda _: _said(self._parts.checks()))

    def self_test(self) -> JobId:
        """The whole journey on throwaway data; `Finished.result` is a tuple of `Check`."""
        return self._parts.errands_lane.start(lambda _: _said(self._parts.journey()))


def _listed() -> list[Device]:
    from desktop.inference.devices import devices

    return devices()


def _said(checks: Iterator[Check]) -> Generator[object, None, object]:
    made: list[Check] = []
    for check in checks:
        made.append(check)
        yield check
    return tuple(made)
