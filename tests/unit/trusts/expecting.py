"""Requests that have told a conductor of the trust that they make."""

from mogan_like.db import claims
from mogan_like.trusts import expected


class ExpectingMixin:
    """Every request of the test has; mix it in before what has ``ctx``."""

    def ctx(self, *args, **kwargs):
        ctx = super().ctx(*args, **kwargs)
        self.in_transaction(expected.expect, ctx)
        return ctx

    def count_expected(self):
        """How many of the requests have neither kept nor given back a trust."""
        return len(self.rows(claims.DUE_WORK, kind=expected.EXPECTED))
