"""What is refused stays in the register with why; what is new in a folder is found."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from desktop.assistant.embedders import Embedders
from desktop.assistant.model_imports import ModelImports, needs_describing
from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import ModelError, ModelMissing, NotAModel
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelShape, ModelStatus, NewModelFile
from desktop.domain.settings import ModelSettings, Settings
from desktop.inference.included_models import chat_model_path
from desktop.storage.database import Database
from desktop.storage.model_store import ModelStore
from tests.support.register_record import BARE


@dataclass
class Desk:
    """Imports into one folder, and the register."""

    imports: ModelImports
    models: ModelStore
    folder: Path

    def run(self, path: Path) -> object:
        return drained(self.imports.run(path, False, CancelToken()))[1]

    def look(self, import_new: bool = False) -> tuple[list[object], object]:
        settings = ModelSettings(str(self.folder), import_new)
        return drained(self.imports.look(settings, CancelToken()))


def drained(steps: Generator[object, None, object]) -> tuple[list[object], object]:
    said: list[object] = []
    while True:
        try:
            said.append(next(steps))
        except StopIteration as end:
            return said, end.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = Database.open(tmp_path / "carrel.db")
    models = ModelStore(database)
    embedders = Embedders(Settings, ())
    folder = tmp_path / "incoming"
    folder.mkdir()
    yield Desk(ModelImports(models, embedders, tmp_path / "models"), models, folder)
    database.close()


def truncated(path: Path) -> Path:
    path.write_bytes(chat_model_path().read_bytes()[:60_000_000])
    return path


def test_a_refused_file_stands_in_the_register_with_why_and_what_to_do(
    desk: Desk, tmp_path: Path
) -> None:
    file = truncated(tmp_path / "mistral-finance-v2.gguf")
    with pytest.raises(ModelError) as refused:
        desk.run(file)
    (entry,) = desk.models.entries()
    assert (entry.name, entry.status, entry.path) == (file.name, ModelStatus.REFUSED, "")
    assert entry.origin == str(file)
    assert getattr(refused.value, "reason", "?") in entry.refusal
    assert entry.refusal.endswith(".")
    (line,) = desk.models.history(entry.id)
    assert (line.kind, line.detail, line.at) == (
        ModelChangeKind.REFUSED,
        entry.refusal,
        entry.imported_at,
    )


def test_trying_a_refused_file_again_replaces_what_was_said_of_it(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "model.gguf"
    for contents in (b"GGUF", b"PK\x03\x04 and so on"):
        file.write_bytes(contents)
        with pytest.raises(ModelError):
            desk.run(file)
    (entry,) = desk.models.entries()
    assert len(desk.models.history(entry.id)) == 2


def test_what_says_nothing_of_the_file_leaves_no_entry(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        desk.run(tmp_path / "nothing.gguf")
    assert desk.models.entries() == []


def test_a_new_file_in_the_watched_folder_is_offered_until_it_is_known(desk: Desk) -> None:
    file = desk.folder / "new.gguf"
    file.symlink_to(chat_model_path())
    desk.look()
    said, found = desk.look()
    assert isinstance(said[0], NewModelFile)
    assert (tuple(said), said[0].path) == (found, str(file))
    desk.models.put(replace(BARE, origin=str(file)))
    assert desk.look() == ([], ())


def test_what_the_watched_folder_brings_and_is_refused_stops_nothing_else(desk: Desk) -> None:
    file = desk.folder / "new.gguf"
    file.symlink_to(chat_model_path())
    desk.look()
    desk.imports._models_folder.write_text("in the way of the copies", encoding="utf-8")
    said, found = desk.look(import_new=True)
    assert found == ()
    assert not any(isinstance(body, ModelEntry) for body in said)


def test_no_folder_holds_nothing_new(desk: Desk) -> None:
    assert drained(desk.imports.look(ModelSettings(), CancelToken())) == ([], ())


def test_an_entry_of_an_older_version_is_completed_and_keeps_what_people_said(desk: Desk) -> None:
    path = chat_model_path()
    old = replace(BARE, path=str(path), name="Ours", shape=ModelShape())
    gone = replace(old, id="gone", path=str(path.with_name("gone.gguf")))
    assert needs_describing(old)
    desk.models.put(old)
    desk.models.put(gone)
    desk.look()
    found = desk.models.entry(old.id)
    assert found is not None
    assert not needs_describing(found)
    assert (found.name, found.shape.layers, found.sha256) == ("Ours", 30, old.sha256)
    assert desk.models.entry("gone") == gone
    desk.look()
    (line,) = desk.models.history(old.id)
    assert (line.kind, line.at, line.by) == (
        ModelChangeKind.IMPORTED,
        old.imported_at,
        old.imported_by,
    )


def test_a_file_of_another_kind_is_named_as_what_it_is(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "archive.gguf"
    file.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(NotAModel):
        desk.run(file)
    (entry,) = desk.models.entries()
    assert "no model file" in entry.refusal
