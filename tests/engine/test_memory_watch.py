import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from components.engine.memory_watch import memory_watch
from components.errors import LimitError
from components.storage import Folder

MARK = "memory-attempt"
ENOUGH = 2**40
DIES = f"""
import os, signal, time
from components.engine.memory_watch import memory_watch
from components.storage import Folder
import sys
with memory_watch(Folder(sys.argv[1]), "{MARK}", int(sys.argv[2])):
    for _ in range(400):
        time.sleep(0.01)
        if len(sys.argv) > 3 or Folder(sys.argv[1]).exists("{MARK}"):
            os.kill(os.getpid(), signal.SIGKILL)
"""


def die(folder: Path, limit: int, *how: str) -> None:
    root = Path(__file__).parents[2]
    code = subprocess.run([sys.executable, "-c", DIES, folder, str(limit), *how], cwd=root, check=False)
    assert code.returncode < 0


def test_what_died_near_its_limit_is_tried_again_when_a_person_asks(tmp_path):
    die(tmp_path, 2**20)
    with memory_watch(Folder(str(tmp_path)), MARK, ENOUGH, is_retry=False):
        assert not any(tmp_path.iterdir())


def test_what_died_near_its_limit_is_not_tried_again_by_itself(tmp_path):
    die(tmp_path, 2**20)
    with pytest.raises(LimitError, match="more memory"), memory_watch(Folder(str(tmp_path)), MARK, ENOUGH):
        pytest.fail("it was tried again")
    with memory_watch(Folder(str(tmp_path)), MARK, ENOUGH):
        assert not any(tmp_path.iterdir())


def test_what_died_of_something_else_is_tried_again(tmp_path):
    die(tmp_path, ENOUGH, "at once")
    with memory_watch(Folder(str(tmp_path)), MARK, ENOUGH):
        pass


def test_a_mark_goes_with_what_it_is_about(tmp_path):
    limit = psutil.Process(os.getpid()).memory_info().rss
    with memory_watch(Folder(str(tmp_path)), MARK, limit):
        for _ in range(500):
            if (tmp_path / MARK).exists():
                break
            time.sleep(0.01)
        assert (tmp_path / MARK).exists()
    assert not (tmp_path / MARK).exists()
