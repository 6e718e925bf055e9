"""What a Python that finds this on its path does at its start: note whom it speaks to outside this machine.

`OUTGOING_LOG` names the file that takes one line for each; processes that it starts inherit both.
"""

import os
import socket
import sys
from ipaddress import ip_address
from typing import Any

_LOG = os.environ["OUTGOING_LOG"]
_HOST_OF = {
    "socket.connect": lambda args: args[1],
    "socket.sendto": lambda args: args[1],
    "socket.getaddrinfo": lambda args: args[:1],
    "socket.gethostbyname": lambda args: args[:1],
}


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", _OWN_NAME):
        return True
    try:
        address = ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _note(event: str, args: Any) -> None:
    find = _HOST_OF.get(event)
    address = find(args) if find else None
    # The address of a socket of this machine's own is a path.
    if isinstance(address, tuple) and not _is_here(address[0]):
        with open(_LOG, "a", encoding="utf-8") as log:  # noqa: PTH123 - pathlib needn't be there so early
            log.write(f"{event} {address}\n")


_OWN_NAME = socket.gethostname()
sys.addaudithook(_note)
