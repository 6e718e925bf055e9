"""Everything but the pages. The engine's workers and the server alike begin here."""

import os

# Arrow would hold memory of its own beside malloc's. It only asks once, as pandas brings it in.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
