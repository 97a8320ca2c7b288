"""Due work as rows: what is to be done, when, and who is at it.

One row for each object that needs attention, and one index to find it by:
``until`` is the time before which nobody may take the row. It is the due time
of a row that waits, the end of the claim of a row that is being worked on,
and the end of time for a row that waits on something else.

A claim has two names. ``owner`` says whose it is, and is different for every
batch that was ever claimed; ``generation`` is the fencing token, which grows
whenever the row changes hands or is given other work. A worker's writes are
in one transaction with :func:`hold` or :func:`finish`, and those raise
:class:`ClaimLost` when the generation has moved on: a late worker changes
nothing.
"""

from mogan_like.db.claims.batch import finish_all
from mogan_like.db.claims.batch import reschedule_all
from mogan_like.db.claims.claim import Claim
from mogan_like.db.claims.claim import ClaimLost
from mogan_like.db.claims.claim import new_owner
from mogan_like.db.claims.counts import count
from mogan_like.db.claims.hold import claim_due
from mogan_like.db.claims.hold import finish
from mogan_like.db.claims.hold import hold
from mogan_like.db.claims.hold import hold_place
from mogan_like.db.claims.hold import release
from mogan_like.db.claims.hold import renew
from mogan_like.db.claims.hold import reschedule
from mogan_like.db.claims.hold import wait_for
from mogan_like.db.claims.queue import add
from mogan_like.db.claims.queue import bring_forward
from mogan_like.db.claims.queue import ensure
from mogan_like.db.claims.queue import find
from mogan_like.db.claims.queue import list_awaited
from mogan_like.db.claims.queue import next_due
from mogan_like.db.claims.queue import next_due_of_each
from mogan_like.db.claims.queue import remove
from mogan_like.db.claims.queue import remove_all
from mogan_like.db.claims.queue import replace
from mogan_like.db.claims.queue import replace_all
from mogan_like.db.claims.queue import wake
from mogan_like.db.claims.table import DUE_WORK
from mogan_like.db.claims.table import NEVER

__all__ = [
    'Claim',
    'ClaimLost',
    'DUE_WORK',
    'NEVER',
    'add',
    'bring_forward',
    'claim_due',
    'count',
    'ensure',
    'find',
    'finish',
    'finish_all',
    'hold',
    'hold_place',
    'list_awaited',
    'new_owner',
    'next_due',
    'next_due_of_each',
    'release',
    'remove',
    'remove_all',
    'renew',
    'replace',
    'replace_all',
    'reschedule',
    'reschedule_all',
    'wait_for',
    'wake',
]
