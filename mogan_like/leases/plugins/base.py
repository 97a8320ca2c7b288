"""The contract of resource plugins, and of what is done before a lease ends.

An author registers a :class:`ResourcePlugin` in ``setup.cfg``::

    [entry_points]
    mogan_like.lease.resources =
        my.resource = my_package.plugin:MyPlugin

The verbs are Blazar's, of two kinds.

**Planning verbs** (``check_values``, ``reserve_resource``,
``update_reservation``, ``release_resource``) decide inside the transaction
that writes the lease. They get its connection, change what their plan is kept
in, call nobody, and take milliseconds. When the transaction is not committed,
nothing of the plan is there; they may run several times for one request.

**Acting verbs** (``on_start``, ``before_end``, ``on_end``) run on a worker
outside any transaction. They may call others and take
``[leases]plugin_timeout`` seconds, or the plugin's own ``timeout``. The
conductor may die in the middle, and then another one calls the verb again
from the beginning: **each must be repeatable**, and have its effect once. A
verb that raises is called again, after a pause that grows, for ever. Never
two at once for one reservation.
"""

import abc
import dataclasses
import datetime
import threading

from mogan_like.common import exception

#: Where resource plugins and works before the end are registered.
NAMESPACE = 'mogan_like.lease.resources'
BEFORE_END_NAMESPACE = 'mogan_like.lease.before_end'


class Waiting(Exception):
    """An acting verb cannot go on yet; no failure, and not counted as one.

    The verb is called again as soon as what it waits for is there
    (``claims.wake``), and every ``seconds`` in any case.

    :ivar reason: shown to the lease's project
    :ivar waits_on: the id of what must change, an instance's uuid for
        example, or None
    :ivar plan: a :class:`Plan`, when the verb had to change it
    """

    def __init__(self, reason, waits_on=None, seconds=60, plan=None):
        self.reason = reason
        self.waits_on = waits_on
        self.seconds = seconds
        self.plan = plan
        super().__init__(reason)


@dataclasses.dataclass(frozen=True)
class Reservation:
    """What a lease holds of one resource type.

    :ivar start_date: naive UTC, of the lease
    :ivar end_date: naive UTC, of the lease
    :ivar values: what was asked for, as :meth:`ResourcePlugin.check_values`
        returned it
    :ivar status: ``pending``, ``active``, ``error`` or ``deleted``
    :ivar started: True when on_start was called, whatever came of it
    """

    uuid: str
    lease_uuid: str
    lease_name: str
    project_id: str
    user_id: str
    start_date: datetime.datetime
    end_date: datetime.datetime
    values: dict
    status: str = 'pending'
    started: bool = False
    resource_id: str | None = None


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a planning verb found.

    :ivar resource_id: the plugin's own name for what is reserved, or None
    :ivar missing_resources: True when it is less than was asked for
    :ivar resources_changed: True when it is another thing than before
    """

    resource_id: str | None = None
    missing_resources: bool = False
    resources_changed: bool = False


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of an acting verb.

    :ivar started: on_end only: False when on_start was never called, and
        there is nothing to undo but the plan
    :ivar ended_by_user_id: on_end only: who asked for the end; None for the
        clock
    :ivar argument: before_end only: what the value ``before_end`` has after the
        colon, or None
    :ivar due_at: before_end only: when it was due, naive UTC. It is the same for
        every call until the work is done, and another one when it is to be done
        once more, since the lease was extended
    :ivar trust_id: before_end only: of the Keystone trust by which it is done for
        the lease's user, for ``context.for_job``; None for the service's own
        rights
    :ivar abandoned: set when nobody waits for this call any more; what it
        does from then on may be done by another one as well
    """

    reservation: Reservation
    started: bool = True
    ended_by_user_id: str | None = None
    ended_by_project_id: str | None = None
    argument: str | None = None
    due_at: datetime.datetime | None = None
    trust_id: str | None = None
    abandoned: threading.Event = dataclasses.field(default_factory=threading.Event)


class ResourcePlugin(abc.ABC):
    """A kind of resource that leases can hold.

    :cvar resource_type: its name in the API, as it is registered
    :cvar title: for people
    :cvar timeout: seconds that one call of an acting verb may take; None for
        ``[leases]plugin_timeout``
    :cvar options: oslo.config options of the plugin, in the group that is
        called like the entry point
    """

    resource_type: str
    title: str
    timeout: int | None = None
    options = ()

    def setup(self, instances, woken):
        """Called once, before any other verb, with what acts on instances.

        :param instances: the conductor's InstancesManager, called in process
        :param woken: to be called after a commit in which ``claims.wake`` made
            work due
        """
        return

    @abc.abstractmethod
    def get_schema(self):
        """The JSON schema of a reservation's values, an object.

        ``GET /v1/plugins`` shows it; values are checked against it before any
        other verb sees them.
        """

    def check_values(self, conn, values):
        """Values as they are kept, of such that meet the schema.

        :param conn: the transaction
        :raises InvalidParameter: naming the value and what is wrong
        """
        return values

    @abc.abstractmethod
    def reserve_resource(self, conn, reservation):
        """Plan a new reservation, for its dates.

        :returns: a :class:`Plan`
        :raises Conflict: when there is not enough; the message says when there
            will be
        """

    @abc.abstractmethod
    def update_reservation(self, conn, before, after):
        """Plan new dates or values of a reservation, or both.

        When it is running, on_start is called after the commit to make what
        is there match the plan.

        :param before: the :class:`Reservation` as it is
        :param after: as it is to be
        :returns: a :class:`Plan`
        :raises Conflict: the old plan stays, and the lease goes on
        """

    @abc.abstractmethod
    def release_resource(self, conn, reservation):
        """Drop the plan: an admin gave up a lease whose end cannot succeed.

        Nothing else is called for the reservation afterwards. Repeatable.
        """

    def allocation_candidates(self, conn, reservation):
        """Names of what could be reserved for such a reservation, best first."""
        return []

    def list_allocations(self, conn):
        """What is reserved: [{'resource_id', 'reservations': [{'id',
        'lease_id', 'start_date', 'end_date'}]}], dates as datetimes."""
        return []

    @abc.abstractmethod
    def on_start(self, call):
        """Make what is there match the plan; called at the start of the lease,
        and again whenever a running reservation was changed.

        :returns: None, or a :class:`Plan` when it had to change it (in a
            transaction of its own)
        :raises Waiting: something has not been given back yet
        """

    def before_end(self, call):
        """The lease is about to end."""
        return

    @abc.abstractmethod
    def on_end(self, call):
        """Take back what the lease holds, and drop the plan.

        :raises Waiting: something cannot be taken back yet, an instance is
            locked for example
        """


class BeforeEnd(abc.ABC):
    """Work that a reservation asks for before its lease ends.

    A reservation asks by the value ``before_end``: the name that this is
    registered under in ``mogan_like.lease.before_end``, or ``NAME:ARGUMENT`` for
    work that has to be told more.

    :cvar needs_trust: True when it acts for the lease's user with other services:
        whoever asks for it has this service act for them then, by a Keystone
        trust that lasts as long as the lease
    """

    needs_trust = False

    def setup(self, managers):
        """Called once, before any other verb, with what may be called in process.

        :param managers: {RPC namespace: manager} of this conductor
        """
        return

    def check(self, conn, project_id, argument):
        """Refuse what a reservation asks for, in the transaction that writes it.

        Milliseconds, as a planning verb. Here: there is no argument.

        :param project_id: of the lease
        :param argument: what stands after the colon, or None
        :raises InvalidParameter: naming ``before_end`` and what is wrong
        """
        if argument is not None:
            raise exception.InvalidParameter(
                name='before_end', reason=f'nothing goes with it: {argument[:64]}.'
            )

    @abc.abstractmethod
    def run(self, call):
        """Do it; repeatable, on a worker, as an acting verb.

        The end of the lease comes when it has returned. A failure, or a Waiting,
        holds the end for ``[leases]before_end_grace`` seconds at most; then the
        lease ends, and its event ``before_end_lease`` is in ERROR.
        """
