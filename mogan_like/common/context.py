"""Who asks, under which request id; crosses RPC as plain values."""

from oslo_context import context

#: What crosses RPC. Tokens never do: a conductor acts with its own rights, or
#: through a trust whose id is stored.
_WIRE = (
    'request_id',
    'global_request_id',
    'user_id',
    'project_id',
    'user_name',
    'project_name',
    'roles',
    'system_scope',
)


class RequestContext(context.RequestContext):
    """The context of one request or of one due job.

    :ivar cause: what made this happen: ``user``, ``lease`` or ``expiry``
    :ivar cause_id: the id of the cause, a lease's for example; or None
    :ivar trust_id: of a job: the Keystone trust by which it acts for its user;
        None for the service's own rights
    :ivar answer_by: ``clock.monotonic()`` after which nobody waits for the answer
        any more, where somebody does; of this process: what crosses RPC is how many
        seconds are left
    """

    answer_by = None

    def __init__(self, *args, cause='user', cause_id=None, trust_id=None, **kwargs):
        self.cause = cause
        self.cause_id = cause_id
        self.trust_id = trust_id
        super().__init__(*args, **kwargs)

    def to_wire(self):
        """The plain values of this context, for RPC."""
        wire = {name: getattr(self, name) for name in _WIRE}
        wire['cause'] = self.cause
        wire['cause_id'] = self.cause_id
        return wire

    @classmethod
    def from_wire(cls, wire):
        """The context that :meth:`to_wire` described; unknown keys are skipped.

        A newer API process may send more than this conductor knows.
        """
        known = {
            name: wire[name] for name in (*_WIRE, 'cause', 'cause_id') if name in wire
        }
        return cls(**known)


def for_job(cause='user', cause_id=None, trust_id=None, **values):
    """A context for work that no request is waiting for."""
    return RequestContext(cause=cause, cause_id=cause_id, trust_id=trust_id, **values)
