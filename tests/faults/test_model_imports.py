"""Imports interrupted, repeated, split or in place: nothing is lost and nothing is doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings
from desktop.domain.errors import Cancelled, CarrelError, DiskFull
from desktop.domain.model_errors import (
    ImportInterrupted,
    ModelChanged,
    ModelDamaged,
    ModelMissing,
    NoRoomForModel,
)
from desktop.domain.models import ImportProgress, ModelEntry
from desktop.inference.included_models import chat_model_path, included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.model_hash import sha256_of_file, sha256_of_model
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.model_presence import check_present
from tests.support.gguf_builder import TEXT, U32, split, tiny_model


def brought_in(path: Path, models: Path, **how: object) -> ModelEntry:
    *_, entry = import_model(path, models, CancelToken(), **how)  # type: ignore[arg-type]
    assert isinstance(entry, ModelEntry)
    return entry


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return tiny_model().save(tmp_path / "tiny.gguf")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of several blocks, so that a copy can end between two."""
    draft, forward = tiny_model(), 12288
    draft.set("llama.feed_forward_length", U32, forward)
    for part in draft.parts:
        if b"ffn_down" in part.name:
            part.shape = (forward, part.shape[1])
        elif b"ffn_up" in part.name or b"ffn_gate" in part.name:
            part.shape = (part.shape[0], forward)
    return draft.save(tmp_path_factory.mktemp("large") / "large.gguf")


def stopped_at(
    source: Path, models: Path, step: str, act: Callable[[], None], at_bytes: int = 1
) -> CarrelError | Cancelled:
    """What an import ends with when something happens once it is so far."""
    acted = False
    with pytest.raises((CarrelError, Cancelled)) as raised:
        for said in import_model(source, models, CancelToken()):
            if isinstance(said, ModelEntry) or said.step != step or said.bytes_done < at_bytes:
                continue
            if not acted:
                acted = True
                act()
    assert acted
    assert isinstance(raised.value, CarrelError | Cancelled)
    return raised.value


def test_a_model_in_several_files_is_found_by_any_part_and_loads(tmp_path: Path) -> None:
    source, models = tmp_path / "stick", tmp_path / "models"
    source.mkdir()
    parts = split(tiny_model(), source, 3)
    entry = brought_in(parts[1], models)
    places = [Path(entry.path), *map(Path, entry.parts)]
    assert files_in(models) == [place.name for place in places]
    assert [place.read_bytes() for place in places] == [part.read_bytes() for part in parts]
    assert entry.sha256 == sha256_of_model([sha256_of_file(part) for part in parts])
    assert entry.size_bytes == sum(part.stat().st_size for part in parts)
    assert entry.parameters == sum(part.size // 4 for part in tiny_model().parts), (
        "all parts are counted"
    )
    list(verify_model(entry, CancelToken()))
    LlamaChatModel.load(entry, EngineSettings(context_tokens=256)).close()
    places[2].write_bytes(places[2].read_bytes()[:-4] + b"abcd")
    with pytest.raises(ModelDamaged, match="checksum"):
        list(verify_model(entry, CancelToken()))
    places[2].unlink()
    with pytest.raises(ModelMissing):
        list(verify_model(entry, CancelToken()))


def test_a_folder_with_one_model_is_taken_as_that_model(tmp_path: Path) -> None:
    source = tmp_path / "stick"
    source.mkdir()
    split(tiny_model(), source, 2)
    assert len(brought_in(source, tmp_path / "models").parts) == 1


def test_a_model_in_place_is_not_copied_and_known_when_it_changes(
    tiny: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    link = tmp_path / "link.gguf"
    link.symlink_to(tiny)
    entry = brought_in(link, models, in_place=True)
    assert entry.in_place
    assert entry.path == str(tiny.resolve())
    assert not models.exists()
    check_present(entry)
    os.utime(tiny, ns=(0, entry.modified_ns + 1))
    with pytest.raises(ModelChanged):
        check_present(entry)
    tiny.unlink()
    with pytest.raises(ModelMissing):
        check_present(entry)


def test_a_model_in_place_that_changed_is_not_loaded(tiny: Path, tmp_path: Path) -> None:
    entry = brought_in(tiny, tmp_path / "models", in_place=True)
    LlamaChatModel.load(entry, EngineSettings(context_tokens=256)).close()
    tiny.write_bytes(tiny.read_bytes()[:-4] + b"abcd")
    with pytest.raises(ModelChanged):
        LlamaChatModel.load(entry, EngineSettings(context_tokens=256))


def test_the_same_bytes_are_known_before_they_are_copied(tiny: Path, tmp_path: Path) -> None:
    models, again = tmp_path / "models", tmp_path / "again.gguf"
    first = brought_in(tiny, models)
    again.write_bytes(tiny.read_bytes())
    before = files_in(models)
    *steps, entry = import_model(again, models, CancelToken(), known=[first])
    assert entry is first
    assert {said.step for said in steps if isinstance(said, ImportProgress)} == {
        "checking",
        "hashing",
    }
    assert files_in(models) == before
    Path(first.path).unlink()
    assert brought_in(again, models, known=[first]).id.startswith("again-")


def test_the_included_model_is_not_taken_a_second_time(tmp_path: Path) -> None:
    included = included_chat_model()
    assert brought_in(chat_model_path(), tmp_path / "models", known=[included]) is included


def test_progress_says_how_fast_it_goes_and_how_long_it_takes(large: Path, tmp_path: Path) -> None:
    said = [
        one
        for one in import_model(large, tmp_path / "models", CancelToken())
        if isinstance(one, ImportProgress)
    ]
    for step in ("hashing", "copying"):
        told = [one for one in said if one.step == step]
        assert told[0].bytes_done == 0
        assert told[-1].bytes_done == told[-1].bytes_total == large.stat().st_size
        assert told[-1].bytes_per_second > 0
        assert told[-1].seconds_left == 0


def test_a_killed_import_goes_on_where_it_stopped(large: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.copying_program", str(large), str(models)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        while int(running.stdout.readline()) == 0:
            pass
        running.kill()
    (partial,) = (path for path in models.rglob("*.gguf"))
    there = partial.stat().st_size
    assert 0 < there <= large.stat().st_size
    os.truncate(partial, there - 1000)  # what was written and not yet on the disk
    *steps, entry = import_model(large, models, CancelToken())
    assert isinstance(entry, ModelEntry)
    assert "hashing" not in {said.step for said in steps if isinstance(said, ImportProgress)}
    assert files_in(models) == [Path(entry.path).name]
    assert Path(entry.path).read_bytes() == large.read_bytes()


def _left_over(large: Path, models: Path) -> Path:
    """The copy of an interrupted import, all of it but the last bytes."""
    stream: Iterator[object] = import_model(large, models, CancelToken())
    for said in stream:
        if isinstance(said, ImportProgress) and said.step == "copying" and said.bytes_done:
            break
    del stream, said
    (partial,) = models.rglob("*.gguf")
    os.truncate(partial, partial.stat().st_size - 1000)
    return partial


def test_a_left_over_that_is_not_of_the_file_is_not_built_upon(large: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    partial = _left_over(large, models)
    partial.write_bytes(b"other bytes" * 1000)
    entry = brought_in(large, models)
    assert Path(entry.path).read_bytes() == large.read_bytes()


def test_a_left_over_serves_the_same_file_from_another_stick(large: Path, tmp_path: Path) -> None:
    models, other = tmp_path / "models", tmp_path / "large.gguf"
    partial = _left_over(large, models)
    other.write_bytes(large.read_bytes())
    number = partial.stat().st_ino
    entry = brought_in(other, models)
    assert Path(entry.path).stat().st_ino == number, "the same file, continued"
    assert sha256_of_file(Path(entry.path)) == entry.sha256


def test_a_left_over_of_weeks_ago_is_removed(large: Path, tiny: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    partial = _left_over(large, models)
    os.utime(partial.parent / "journal.json", (0, 0))
    (models / "earlier.gguf.partial").write_bytes(b"half")
    (models / "folder.partial").mkdir()
    entry = brought_in(tiny, models)
    assert [path.name for path in models.iterdir()] == [Path(entry.path).name]


def test_a_stick_pulled_out_while_copying_leaves_what_was_copied(
    large: Path, tmp_path: Path
) -> None:
    models, stick = tmp_path / "models", tmp_path / "stick.gguf"
    stick.write_bytes(large.read_bytes())
    stat = stick.stat()
    # The copy has not begun: the file is opened then, and gone.
    error = stopped_at(stick, models, "copying", stick.unlink, at_bytes=0)
    assert isinstance(error, ImportInterrupted)
    assert files_in(models / "incoming")
    stick.write_bytes(large.read_bytes())
    os.utime(stick, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert Path(brought_in(stick, models).path).read_bytes() == large.read_bytes()


def test_a_cancelled_import_leaves_nothing(large: Path, tmp_path: Path) -> None:
    models, cancel = tmp_path / "models", CancelToken()
    with pytest.raises(Cancelled):
        for said in import_model(large, models, cancel):
            if isinstance(said, ImportProgress) and said.step == "copying":
                cancel.cancel()
    assert files_in(models) == []
    assert list(models.iterdir()) == []


@pytest.mark.parametrize(
    ("step", "reason"),
    [("hashing", "changed while it was read"), ("copying", "changed while it was copied")],
)
def test_a_file_that_changes_meanwhile_is_refused(
    step: str, reason: str, tiny: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"

    def change() -> None:
        tiny.write_bytes(tiny.read_bytes()[:-4] + b"abcd")

    error = stopped_at(tiny, models, step, change, at_bytes=0)
    assert isinstance(error, ModelDamaged)
    assert reason in error.reason
    assert not models.exists() or files_in(models) == []


def test_a_file_in_place_that_changes_during_its_trial_is_refused(
    tiny: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelDamaged, match="changed while it was tried"):
        for said in import_model(tiny, tmp_path / "models", CancelToken(), in_place=True):
            if isinstance(said, ImportProgress) and said.step == "trying" and said.bytes_done:
                tiny.write_bytes(tiny.read_bytes()[:-4] + b"abcd")


def test_a_disk_without_room_is_said_before_anything_is_copied(
    tiny: Path, small_disk: Path
) -> None:
    with pytest.raises(NoRoomForModel) as refused:
        list(import_model(tiny, small_disk / "models", CancelToken()))
    assert refused.value.needed_bytes > refused.value.free_bytes
    assert files_in(small_disk) == []


@pytest.fixture(params=["8m"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux":
        pytest.skip("tmpfs is a Linux file system")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={request.param}", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"tmpfs cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("small_disk", ["300m"], indirect=True)
def test_a_disk_that_fills_up_while_copying_keeps_what_is_there(
    large: Path, small_disk: Path
) -> None:
    models, filler = small_disk / "models", small_disk / "filler"

    def fill() -> None:
        with filler.open("wb") as opened:
            free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
            os.posix_fallocate(opened.fileno(), 0, free - 6 * (1 << 20))

    error = stopped_at(large, models, "copying", fill, at_bytes=0)
    assert isinstance(error, DiskFull)
    assert any(name.endswith("journal.json") for name in files_in(models))
    filler.unlink()
    entry = brought_in(large, models)
    assert Path(entry.path).read_bytes() == large.read_bytes()


def test_names_from_a_file_are_shown_on_one_plain_line(tmp_path: Path) -> None:
    name = "a\u202e\x1b[31m../../b\n" + "x" * (10 << 20)
    draft = tiny_model().set("general.name", TEXT, name).set("general.license", TEXT, "a\x00b")
    source = tmp_path / "..\u202e model\x07 é.gguf"
    entry = brought_in(draft.save(source), tmp_path / "models")
    assert entry.name.startswith("a [31m../../b xxx")
    assert len(entry.name) <= 200
    assert entry.licence == "a b"
    assert Path(entry.path).parent == tmp_path / "models"
    assert Path(entry.path).name.isascii()


def test_a_template_that_cannot_be_used_is_said_and_is_no_refusal(tmp_path: Path) -> None:
    draft = tiny_model().set("tokenizer.chat_template", TEXT, "{% for m in messages %}")
    entry = brought_in(draft.save(tmp_path / "tiny.gguf"), tmp_path / "models")
    assert entry.trial is not None
    assert entry.trial.passed
    assert "the chat template cannot be parsed" in entry.trial.detail
    assert entry.trial.detail.endswith("ChatML is used in its place")
