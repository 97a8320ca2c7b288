"""Work that only a provider can do, and that no longer has it.

It may come back with a conductor that is started with its file again; the first thing
such a conductor does is to wake what waits (:func:`wake`). Tries without that would be
as many as there are checkpoints, and none of them could go well.
"""

import datetime

from mogan_like.common import backoff
from mogan_like.common import clock
from mogan_like.db import claims
from mogan_like.db import engine

#: Seconds until it is tried without being woken: where only some conductors have the
#: provider, one of the others may have taken the work after it was woken.
_LONGEST = 86400


def wait(conn, claim, provider_id, reason, payload=None):
    """Let go of the work until the provider is there.

    :param reason: why it is not done
    :param payload: in place of what the claim has; None leaves that
    :raises ClaimLost: when the claim is not ours
    """
    delay = backoff.get_delay(1, _LONGEST, _LONGEST)
    until = clock.utcnow() + datetime.timedelta(seconds=delay)
    claims.wait_for(conn, claim, _name(provider_id), reason, until, payload=payload)


@engine.retried
def wake(provider_ids):
    """Have done what waits for these providers; repeatable.

    The work is found by the next look for due work.
    """
    with engine.writer() as conn:
        for each in provider_ids:
            claims.wake(conn, _name(each))


def _name(provider_id):
    return f'provider:{provider_id}'
