"""Thrift with memory: what the pages no longer need goes back to the system, not into malloc's pockets."""

import ctypes
import platform

# Names and numbers of malloc.h; see mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def give_memory_back() -> None:
    """Tell glibc's malloc to keep little of what is freed.

    By default it gives each of the server's many threads a pool of its own and holds on to what was
    freed, a tenth of the server's memory. Other systems' malloc is left as it is.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    mallopt = ctypes.CDLL(None).mallopt
    mallopt(_ARENA_MAX, 2)
    mallopt(_MMAP_THRESHOLD, 64 * 1024)
    mallopt(_TRIM_THRESHOLD, 128 * 1024)
