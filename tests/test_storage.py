"""A folder keeps files under any URL, and never shows half a file."""

import io
import multiprocessing
import os
import signal
import time
import uuid
from pathlib import Path

import fsspec
import pytest

from components.storage import Folder


@pytest.fixture(params=["local", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    return Folder(str(tmp_path / "artifacts") if request.param == "local" else f"memory://{uuid.uuid4().hex}")


def test_a_file_is_read_as_it_was_written(folder: Folder) -> None:
    content = bytes(range(256)) * 1000
    folder.write("weights.npz", content)
    assert folder.read("weights.npz") == content


def test_writing_again_replaces(folder: Folder) -> None:
    folder.write("result", b"a long first version")
    folder.write("result", b"second")
    assert folder.read("result") == b"second"
    assert folder.names() == ["result"]


def test_a_file_of_any_size_is_taken_in_portions(folder: Folder, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(bytes(range(256)) * 10_000)
    with source.open("rb") as file:
        folder.write_stream("upload", file)
    with folder.local_file("upload") as path:
        assert path.read_bytes() == source.read_bytes()
    assert folder.names() == ["upload"]


def test_what_stops_on_its_way_leaves_nothing(folder: Folder) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        folder.write_stream("upload", Broken())
    files, root = fsspec.core.url_to_fs(folder.url)
    assert [path for path in files.find(root) if files.size(path)] == []


def test_what_is_not_there_is_not_at_hand(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError), folder.local_file("nothing"):
        pass


def test_names_are_sorted(folder: Folder) -> None:
    for name in ("checkpoint-000000020", "result", "checkpoint-000000003"):
        folder.write(name, b"")
    assert folder.names() == ["checkpoint-000000003", "checkpoint-000000020", "result"]


def test_a_folder_that_was_never_written_is_empty(folder: Folder) -> None:
    assert folder.names() == []
    assert not folder.exists("anything")


def test_reading_what_is_not_there_says_so(folder: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        folder.read("nothing")


def test_a_removed_file_is_gone_and_removing_it_again_is_no_error(folder: Folder) -> None:
    folder.write("old", b"1")
    folder.remove("old")
    folder.remove("old")
    assert not folder.exists("old")
    assert folder.names() == []


def test_folders_keep_their_files_apart(folder: Folder) -> None:
    first, second = folder.folder("runs").folder("a"), folder.folder("runs").folder("b")
    first.write("result", b"of a")
    second.write("result", b"of b")
    assert (first.read("result"), second.read("result")) == (b"of a", b"of b")
    assert first.names() == ["result"]


def test_another_folder_of_the_same_url_sees_what_was_written(folder: Folder) -> None:
    assert folder.names() == []
    Folder(folder.url).write("new", b"1")
    assert folder.names() == ["new"]
    assert folder.exists("new")


def test_a_slash_at_the_end_of_the_url_changes_nothing(folder: Folder) -> None:
    folder.write("a", b"1")
    assert Folder(folder.url + "/").read("a") == b"1"


def test_a_write_that_fails_leaves_the_old_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("model", b"whole")

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(type(fsspec.core.url_to_fs(folder.url)[0]), "mv", full)
    with pytest.raises(OSError, match="disk full"):
        folder.write("model", b"other")
    assert folder.read("model") == b"whole"
    assert folder.names() == ["model"]


def _write_for_ever(url: str) -> None:
    folder, version = Folder(url), 0
    while True:
        version += 1
        folder.write("model", str(version % 10).encode() * 4_000_000)


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))
    for attempt in range(3):
        writer = multiprocessing.get_context("spawn").Process(
            target=_write_for_ever, args=(folder.url,), daemon=True
        )
        writer.start()
        while not folder.exists("model"):
            time.sleep(0.01)
        time.sleep(0.013 * (attempt + 1))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        content = folder.read("model")
        assert len(content) == 4_000_000
        assert set(content) == {content[0]}
        assert folder.names() == ["model"]
        folder.remove("model")
