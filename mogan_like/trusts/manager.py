"""What the API tells a conductor of trusts."""

from mogan_like.db import engine
from mogan_like.trusts import expected


class TrustsManager:
    """RPC namespace ``trusts``, version 1.0."""

    @engine.retried
    def expect(self, ctx):
        """The request is about to make a trust; unless it is kept, it is deleted.

        :returns: when the trust is to expire, as Keystone writes times
        """
        with engine.writer() as conn:
            return expected.expect(conn, ctx)

    @engine.retried
    def forget(self, ctx):
        """The request was told that it may make none."""
        with engine.writer() as conn:
            expected.forget(conn, ctx)
