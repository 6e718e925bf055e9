"""A PyTorch loop, in a process and an environment of its own, so that its threads are in nobody's way."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.rivals.environment import python_of
from tests.benchmarks.rivals.network import Network

HERE = Path(__file__).resolve().parent


class PyTorch:
    """Asks the other process; it goes on until this object is closed."""

    name = "PyTorch"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [python_of("pytorch"), str(HERE / "pytorch_loop.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def prepare(self, network: Network, seconds: float) -> None:
        """Build a network with its loop."""
        self._ask({"prepare": network.name, "network": asdict(network), "seconds": seconds})

    def milliseconds(self) -> float:
        """Time a training step."""
        return self._ask({})

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, said: dict[str, object]) -> float:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(said), file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())
