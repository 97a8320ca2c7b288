"""What leases are to do, in plain Python: no rows, no transactions, no claims.

Written from the words of ``states``, ``agenda`` and the contract of plugins, to
hold the service against; it has one clock, which the test moves.
"""

import collections
import dataclasses
import datetime

DUMMY = 'dummy.vm.plugin'
HOST = 'physical:host'
#: Statuses in which a lease may be changed, and of which an end is under way.
_CHANGEABLE = ('PENDING', 'ACTIVE', 'ERROR')
_ENDING = ('TERMINATING', 'DELETING')
_UNDONE = ('UNDONE', None)
_BEGUN = ('IN_PROGRESS', None)


class Refused(Exception):
    """A verb is refused; its argument is the name of the exception."""


def ask(check, *args):
    """The name of what a verb is refused with, or None."""
    try:
        check(*args)
    except Refused as refused:
        return refused.args[0]
    return None


@dataclasses.dataclass(eq=False)
class Instance:
    """An instance on a host of a lease."""

    host: str
    status: str = 'ACTIVE'
    locked_by: str | None = None


@dataclasses.dataclass(eq=False)
class Lease:
    """One lease with one reservation.

    :ivar count: of hosts, 0 for what is none
    :ivar hosts: names of those that are allocated and not released
    :ivar span: (start, end) of the allocation
    :ivar due: when it is looked at next; None for never
    :ivar claim: number of the claim that holds it, or None
    :ivar until: when that runs out
    """

    type: str
    count: int
    start: datetime.datetime
    end: datetime.datetime
    due: datetime.datetime
    span: tuple
    hosts: set = dataclasses.field(default_factory=set)
    status: str = 'PENDING'
    deleted: bool = False
    started: bool = False
    unsettled: bool = False
    reservation: str = 'pending'
    start_event: tuple = _UNDONE
    end_event: tuple = _UNDONE
    waits_on: str | None = None
    claim: int | None = None
    until: datetime.datetime | None = None
    instances: dict = dataclasses.field(default_factory=dict)
    calls: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    #: What has had its effect: written down as done.
    done: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    def find_step(self, now):
        """(what is next, when); (None, None) for nothing."""
        if self.status == 'TERMINATED':
            return None, None
        if self.status in _ENDING or self.end <= now:
            return 'end', self.end
        if self.start_event[0] != 'DONE':
            return 'start', self.start
        if self.status == 'UPDATING':
            return 'update', now
        return 'end', self.end

    def list_used(self):
        """The hosts that have an instance."""
        return {e.host for e in self.instances.values() if e.status != 'DELETED'}

    def bring_forward(self, when):
        """Have it looked at earlier, unless somebody is at it."""
        if self.claim is None:
            self.due = min(self.due, when)

    def wake(self, what, now):
        """What it waits on may have changed."""
        if self.waits_on == what and self.claim is None:
            self.waits_on, self.due = None, now


class Model:
    """All leases, and who has which host.

    :ivar given: {host: the lease that its node was given to, or None}
    """

    def __init__(self, hosts, now):
        self.now = now
        self.leases = {}
        self.given = dict.fromkeys(hosts)
        self._claims = 0

    def pick_instance(self, number, status):
        """(uuid, instance) of one in a status; (None, None) where there is none."""
        found = [
            (uuid, each)
            for lease in self.leases.values()
            for uuid, each in lease.instances.items()
            if each.status == status
        ]
        return found[number % len(found)] if found else (None, None)

    def list_free(self, start, end, but=None):
        """Hosts that no other lease has at a time between two."""
        start = max(start, self.now)
        busy = set()
        for lease in self.leases.values():
            if lease is not but and lease.span[1] > start and lease.span[0] < end:
                busy |= lease.hosts
        return set(self.given) - busy

    def check_create(self, count, start, end):
        """Whether so many hosts can be reserved."""
        if len(self.list_free(start, end)) < count:
            raise Refused('NotEnoughResources')

    def create(self, uuid, kind, count, start, end, hosts):
        """It was created, and has these hosts."""
        assert hosts <= self.list_free(start, end), 'a host is booked twice'
        assert len(hosts) == count
        self.leases[uuid] = Lease(kind, count, start, end, start, (start, end), hosts)

    def check_update(self, lease, start, end):
        """Whether its dates can be changed."""
        if lease.deleted:
            raise Refused('LeaseNotFound')
        over = lease.status == 'ERROR' and lease.end_event != _UNDONE
        if lease.status not in _CHANGEABLE or over:
            raise Refused('InvalidLeaseState')
        if start != lease.start and lease.start_event != _UNDONE:
            raise Refused('InvalidParameter')
        if end <= start or end <= self.now:
            raise Refused('InvalidParameter')
        if lease.count and (start, end) != (lease.start, lease.end):
            self._check_hosts(lease, self.list_free(start, end, lease))

    def _check_hosts(self, lease, free):
        if len(free) < lease.count:
            raise Refused('NotEnoughResources')
        dropped = lease.hosts - free
        if any(each.host in dropped for each in lease.instances.values()):
            raise Refused('InUse')

    def update(self, lease, start, end, hosts, changed=False):
        """Its dates were changed, or its values; it has these hosts now."""
        moved = (start, end) != (lease.start, lease.end)
        assert hosts <= self.list_free(start, end, lease), 'a host is booked twice'
        assert len(hosts) == lease.count
        if lease.status == 'ACTIVE' and (changed or hosts != lease.hosts):
            lease.status, lease.unsettled = 'UPDATING', True
        begun = lease.start_event != _UNDONE
        lease.start, lease.end = start, end
        dropped, lease.hosts = lease.hosts - hosts, hosts
        if moved:
            lease.span = (start, end)
        if lease.status == 'UPDATING':
            lease.bring_forward(self.now)
        else:
            lease.bring_forward(end if begun else start)
        self.take_back(lease, dropped)

    def end(self, lease, status='TERMINATING'):
        """End it now, or delete it."""
        if lease.status in ('TERMINATED', 'DELETING', status):
            return
        lease.status = status
        lease.start = min(lease.start, self.now)
        lease.end = min(lease.end, self.now)
        if lease.start_event == _UNDONE:
            lease.start_event = ('DONE', 'skipped')
        lease.bring_forward(self.now)

    def delete(self, lease):
        """End it now, and drop it."""
        if lease.status == 'TERMINATED':
            lease.deleted = True
        else:
            self.end(lease, 'DELETING')

    def begin(self, kind, ttl):
        """{uuid: (step, claim, started)} of what is due now."""
        begun = {}
        for uuid, lease in self.leases.items():
            when = lease.due if lease.claim is None else lease.until
            if lease.type != kind or when is None or when > self.now:
                continue
            step, due = lease.find_step(self.now)
            if due > self.now:
                lease.due, lease.claim = due, None
                continue
            self._begin(lease, step)
            self._claims += 1
            lease.claim, lease.until = self._claims, self.now + ttl
            begun[uuid] = (step, lease.claim, step != 'end' or lease.started)
        return begun

    def _begin(self, lease, step):
        if step == 'end':
            if lease.status != 'DELETING':
                lease.status = 'TERMINATING'
            lease.end_event = _BEGUN
            return
        if step == 'start':
            lease.status, lease.start_event = 'STARTING', _BEGUN
        lease.started = True

    def start_hosts(self, lease, reservation):
        """Whether on_start can give it what it takes.

        :param reservation: with the dates that the call was made with
        """
        able = {host for host in lease.hosts if self.given[host] in (None, lease)}
        free = self.list_free(reservation.start_date, reservation.end_date, lease)
        others = {host for host in free - lease.hosts if self.given[host] is None}
        return len(able) + len(others) >= lease.count

    def end_hosts(self, lease):
        """Whether on_end can take everything back; what it can, it does."""
        on_them = {
            uuid: each
            for uuid, each in lease.instances.items()
            if each.status != 'DELETED'
        }
        self.take_back(lease, lease.hosts - {each.host for each in on_them.values()})
        for uuid, each in on_them.items():
            if each.locked_by != 'admin' and each.status != 'DELETING':
                if each.status == 'LOCKED':
                    self.wake(uuid)
                each.status, each.locked_by = 'DELETING', None
        return not on_them

    def take_back(self, lease, hosts):
        """These are not the lease's any more."""
        lease.hosts = lease.hosts - hosts
        for host in hosts:
            if self.given[host] is lease:
                self.given[host] = None
            self.wake(host)

    def wake(self, what):
        """Leases that wait on it are looked at."""
        for lease in self.leases.values():
            lease.wake(what, self.now)

    def finish(self, lease, step, outcome):
        """What came of a step was written down.

        :param outcome: done, failed or waiting
        :returns: True when the time of the next try is the service's to choose
        """
        lease.done[step] += outcome == 'done'
        if step == 'end':
            self._finish_end(lease, outcome)
        else:
            self._finish_start(lease, step, outcome)
        lease.claim = lease.until = lease.waits_on = None
        following, lease.due = lease.find_step(self.now)
        return following == step and outcome != 'done'

    @staticmethod
    def _finish_start(lease, step, outcome):
        if outcome == 'waiting':
            return
        done = outcome == 'done'
        if lease.status in ('STARTING', 'UPDATING'):
            failed = 'ERROR' if lease.status == 'STARTING' else 'UPDATING'
            lease.status = 'ACTIVE' if done else failed
        if step == 'start':
            lease.start_event = ('DONE', 'done') if done else ('ERROR', 'failed')
        lease.reservation = 'active' if done else 'error'
        lease.unsettled = lease.unsettled and not done

    @staticmethod
    def _finish_end(lease, outcome):
        if outcome == 'failed':
            lease.end_event, lease.reservation = ('ERROR', 'failed'), 'error'
            if lease.status == 'TERMINATING':
                lease.status = 'ERROR'
        if outcome != 'done':
            return
        missed = lease.start_event == _UNDONE
        if missed:
            lease.start_event = ('DONE', 'missed')
        elif lease.start_event == _BEGUN:
            lease.start_event = ('ERROR', 'failed')
        lease.end_event = ('DONE', 'missed' if missed else 'done')
        lease.deleted = lease.status == 'DELETING'
        lease.status, lease.reservation = 'TERMINATED', 'deleted'
