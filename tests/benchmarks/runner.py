"""Runs one benchmark, in whatever process it is called, and keeps every row as it's measured."""

import importlib

from tests.benchmarks.ledger import Ledger


def run(benchmark: str, minutes: float) -> str:
    """Run the benchmark of that name, a module beside this one → a sentence on how far it came."""
    ledger = Ledger(benchmark, minutes)
    for row in importlib.import_module(f"tests.benchmarks.{benchmark}").measure(ledger):
        ledger.write(row)
        print(row, flush=True)
    ledger.close(finished=not ledger.is_cut_off)
    if ledger.is_cut_off:
        return f"{benchmark} ran out of its {minutes:g} minutes. Run it again: it goes on where it stopped."
    return f"{benchmark} is done."
