import threading

from components.engine import housekeeping
from components.engine.housekeeping import Housekeeping
from components.settings import Settings


def test_it_deletes_again_and_again_whatever_happens_until_it_is_closed(monkeypatch, caplog):
    asked = threading.Semaphore(0)

    def delete_old(store, artifacts, keep_days, disk):
        asked.release()
        raise OSError("the disk is gone")

    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_DELETIONS", 0.001)
    monkeypatch.setattr(housekeeping, "delete_old", delete_old)
    kept = Housekeeping(None, Settings())
    for _ in range(3):
        assert asked.acquire(timeout=30)
    kept.close()
    kept._thread.join(30)
    assert not kept._thread.is_alive()
    assert "can't be deleted" in caplog.text
