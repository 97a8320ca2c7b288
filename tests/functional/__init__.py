"""Functional tests: the whole service in one process.

Importing mogan_like first keeps eventlet out of all of them.
"""

import mogan_like  # noqa: F401
