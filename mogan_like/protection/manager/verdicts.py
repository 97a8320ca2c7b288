"""Checks that ask others, done before the transaction that records what they say."""

from mogan_like.common import exception


def judge(check, *args):
    """Do a check now, and have its answer told where it is recorded.

    No transaction is open while plugins are asked, and a refusal is still a row of
    the audit.

    :returns: a function that returns what the check did, or raises its
        MoganLikeError
    """
    try:
        answer = check(*args)
    except exception.MoganLikeError as exc:
        return _make_refusal(exc)
    return lambda: answer


def _make_refusal(error):
    def refuse():
        raise error

    return refuse
