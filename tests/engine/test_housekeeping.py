import threading

from components.engine import housekeeping
from components.engine.housekeeping import Housekeeping
from components.settings import Settings


def test_it_sweeps_again_and_again_whatever_happens_until_it_is_closed(monkeypatch, caplog):
    swept = threading.Semaphore(0)

    def sweep(store, artifacts, keep_days, disk):
        swept.release()
        raise OSError("the disk is gone")

    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_SWEEPS", 0.001)
    monkeypatch.setattr(housekeeping, "sweep", sweep)
    kept = Housekeeping(None, Settings())
    for _ in range(3):
        assert swept.acquire(timeout=30)
    kept.close()
    kept._thread.join(30)
    assert not kept._thread.is_alive()
    assert "can't be deleted" in caplog.text
