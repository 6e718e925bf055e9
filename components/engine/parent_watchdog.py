"""The leash: a process of the cluster ends when the app that started it does, however that came about."""

import os
import threading
import time


def watch_parent(owner: int) -> None:
    """End this process, at once, when the process `owner` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == owner:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="leash", daemon=True).start()
