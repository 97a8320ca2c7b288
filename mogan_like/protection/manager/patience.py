"""How long a request may ask others: no longer than its caller waits."""

import copy

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.manager import verdicts

#: Of the time that the API waits for a conductor. The rest is for the way there
#: and back, and for the database.
_SHARE = 0.75


def limit(ctx):
    """The context of a request, with an end to what is asked of others for it.

    :returns: a copy, whose ``answer_by`` plugins keep to
    :raises RequestTooLate: when it waited for a thread for so long that there is no
        time to ask
    """
    limited = _limit(ctx)
    _check(limited)
    return limited


def judge(ctx, check, *args):
    """As :func:`.verdicts.judge`, for a check that asks others.

    :param check: called with the context, which has an end now, and ``args``
    :returns: a function that also raises RequestTooLate, once nobody waits for
        the answer: who was told that it failed must not find it begun
    """
    limited = _limit(ctx)

    def ask():
        _check(limited)
        return check(limited, *args)

    verdict = verdicts.judge(ask)

    def tell():
        answer = verdict()
        _check(limited)
        return answer

    return tell


def _limit(ctx):
    limited = copy.copy(ctx)
    limited.answer_by = clock.monotonic() + _get_seconds()
    if ctx.answer_by is not None:
        # The caller began to wait before this was taken up.
        rest = CONF.api.rpc_timeout - _get_seconds()
        limited.answer_by = min(limited.answer_by, ctx.answer_by - rest)
    return limited


def _check(limited):
    if clock.monotonic() > limited.answer_by:
        raise exception.RequestTooLate(seconds=f'{_get_seconds():g}')


def _get_seconds():
    return CONF.api.rpc_timeout * _SHARE
