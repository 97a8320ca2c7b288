"""How long tests took, kept from run to run: the longest are begun first."""

import json
import os
from pathlib import Path

_FILE = Path('.test-durations.json')


def read():
    """{name of a test: seconds}, empty where nothing is kept that can be read."""
    try:
        return json.loads(_FILE.read_text())
    except (OSError, ValueError):
        return {}


def keep(seconds):
    """Keep those of a run, beside those of others."""
    # Of runs side by side the last one is kept whole.
    own = _FILE.with_name(f'{_FILE.name}.{os.getpid()}')
    own.write_text(json.dumps({**read(), **seconds}))
    own.replace(_FILE)
