"""Measured speeds are kept for each file and machine."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.engine import EngineTuning, KvCacheType
from desktop.storage.database import Database
from desktop.storage.tuning_store import TuningStore

TUNING = EngineTuning(
    machine="a processor, 8 threads",
    measured_at=12.5,
    threads=4,
    reading_threads=8,
    batch_tokens=512,
    flash_attention=True,
    memory_map=False,
    kv_type=KvCacheType.Q8_0,
    reading_speed=301.5,
    writing_speed=99.25,
    lookup_ratio=1.2,
)
FILE = "ab" * 32


def test_a_tuning_comes_back_whole_on_its_machine_alone(database: Database) -> None:
    tunings = TuningStore(database)
    tunings.put(FILE, TUNING)
    assert tunings.tuning(FILE, TUNING.machine) == TUNING
    assert tunings.tuning(FILE, "another machine") is None
    assert tunings.tuning("cd" * 32, TUNING.machine) is None


def test_a_new_measurement_replaces_the_old_one_and_can_be_forgotten(database: Database) -> None:
    tunings = TuningStore(database)
    tunings.put(FILE, TUNING)
    tunings.put(FILE, replace(TUNING, threads=2))
    tunings.put(FILE, replace(TUNING, machine="another machine"))
    assert tunings.tuning(FILE, TUNING.machine) == replace(TUNING, threads=2)
    tunings.forget(FILE)
    assert tunings.tuning(FILE, TUNING.machine) is None
    assert tunings.tuning(FILE, "another machine") is None


def test_a_tuning_that_cannot_be_read_counts_as_none(database: Database) -> None:
    tunings = TuningStore(database)
    tunings.put(FILE, TUNING)
    with database.transaction():
        database.execute('UPDATE engine_tunings SET tuning = \'{"kv_type": "q3"}\'')
    assert tunings.tuning(FILE, TUNING.machine) is None
