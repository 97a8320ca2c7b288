"""The contract of instance drivers (entry points mogan_like.instance.drivers).

Every verb is REPEATABLE. The conductor that called it may die at any line, and
another one then calls the same verb again with the same arguments and a job of
the same id. The second call goes on where the first one stopped: it does not
do to the machine again what was done, and it ends in the same result.

A worker that has lost its claim may run on for a moment beside its successor.
So every verb that touches a machine is told the instance it acts for, and
leaves alone a machine that holds another one.
"""

import abc
from contextlib import AbstractContextManager
import dataclasses
from typing import Any
from typing import Protocol

from mogan_like.common import exception

#: The group of entry points that drivers are registered in.
NAMESPACE = 'mogan_like.instance.drivers'

POWER_ON = 'power on'
POWER_OFF = 'power off'

#: What ``Driver.power`` is asked for, and the power state it ends in.
POWER_TARGETS = {
    'on': POWER_ON,
    'off': POWER_OFF,
    'reboot': POWER_ON,
    'soft_off': POWER_OFF,
    'soft_reboot': POWER_ON,
}


class DriverError(exception.MoganLikeError):
    """The verb has failed for good; the message becomes the instance's fault.

    Users read the message, and on which node an instance is may not be for
    them: no names of nodes or of other projects' instances, no addresses of
    controllers, no credentials.
    """

    msg_fmt = 'The driver failed.'


class NodeUnreachable(DriverError):
    """The machine cannot be reached now; a delete is tried again, later."""

    msg_fmt = 'The node cannot be reached at the moment.'


class JobCancelled(Exception):
    """The work is no longer this worker's: drivers let it through.

    The instance was deleted meanwhile, another conductor took over, or this
    one stops. Nothing is cleaned up on the way out: what comes next, a delete
    or the same verb again, finds the machine as it is.
    """


@dataclasses.dataclass(frozen=True, slots=True)
class NodeSpec:
    """One machine of the inventory.

    :ivar uuid: the same at every call and in every conductor
    :ivar properties: text by text, matched against a flavor's
    """

    uuid: str
    name: str
    resource_class: str
    properties: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class BuildRequest:
    """What a create asks for, for :meth:`Driver.check_request`.

    :ivar networks: each ``{'net_id': ...}`` or ``{'port_id': ...}``; empty
        leaves the choice to the driver
    :ivar user_data: base64 as given, or None
    :ivar public_key: one line as in authorized_keys, or None
    """

    instance_uuid: str
    name: str
    image_uuid: str
    networks: list[dict[str, str]] = dataclasses.field(default_factory=list)
    user_data: str | None = None
    public_key: str | None = None
    metadata: dict[str, str] = dataclasses.field(default_factory=dict)


class Job(Protocol):
    """The conductor's side of a long verb, handed to it as ``job``.

    :ivar id: the same for every repetition of one verb, and another for the
        next: it tells a rebuild repeated after a crash from a second rebuild
        with the same image, and from the power off that follows a rebuild
    """

    id: str

    def step(self, name: str) -> AbstractContextManager[None]:
        """One audited event of the action: its start, finish and result.

        An exception that leaves the block is the result, and goes on.

        :raises JobCancelled: on entry
        """

    def wait(self, seconds: float, done=None, interval: float = 1.0) -> bool:
        """Wait, at most ``seconds``; all waiting of a driver goes through it.

        :param done: called every ``interval`` seconds; true ends the waiting
        :returns: True when ``done`` said so, False when the time ran out
        :raises JobCancelled: as soon as the work is no longer this worker's
        """

    def check(self) -> None:
        """Called before anything is done to a machine outside of a step.

        :raises JobCancelled: if the work is no longer this worker's
        """


class Driver(abc.ABC):
    """How instances are made. One object per conductor, used by many threads.

    Verbs raise :class:`DriverError` for what users may read,
    :class:`NodeUnreachable` for what may pass, and let :class:`JobCancelled`
    through. Any other exception is a bug: administrators get its traceback,
    users a general message. Every foreign call has a timeout of its own.

    Addresses are ``{network name: [{'addr': '192.0.2.5', 'version': 4,
    'mac_addr': '52:54:00:12:34:56'}]}``.

    :cvar name: the name of the driver's entry point
    """

    name: str

    @abc.abstractmethod
    def inventory(self) -> list[NodeSpec]:
        """Every machine there is, free or not.

        :raises DriverError: if it cannot be had now; what is known stays
        """

    @abc.abstractmethod
    def check_request(self, request: BuildRequest) -> None:
        """Refuse what this driver would have to ignore; short, touches nothing.

        :raises mogan_like.common.exception.FieldNotSupported: naming the field
        """

    @abc.abstractmethod
    def build(
        self,
        job: Job,
        node: NodeSpec,
        instance_uuid: str,
        image: str,
        networks: list[dict[str, str]],
        user_data: str | None,
        public_key: str | None,
    ) -> dict[str, list[dict[str, Any]]]:
        """Put an image on a free machine, connect it and switch it on.

        A machine that is built for this instance already is left as it is.

        :returns: addresses
        :raises DriverError: also if the node holds another instance
        """

    @abc.abstractmethod
    def rebuild(
        self,
        job: Job,
        node: NodeSpec,
        instance_uuid: str,
        image: str,
        networks: list[dict[str, str]],
        user_data: str | None,
        public_key: str | None,
    ) -> dict[str, list[dict[str, Any]]]:
        """Put an image on the instance's machine again; it ends switched on.

        One that was off is switched off by :meth:`power` afterwards.

        :returns: addresses, those of the build
        :raises DriverError: also if the node does not hold the instance
        """

    @abc.abstractmethod
    def power(self, job: Job, node: NodeSpec, instance_uuid: str, target: str) -> str:
        """Switch the machine; ``soft_`` asks its operating system first.

        :param target: a key of :data:`POWER_TARGETS`
        :returns: the power state it is in now
        :raises DriverError: also if the node does not hold the instance
        """

    @abc.abstractmethod
    def delete(self, job: Job, node: NodeSpec, instance_uuid: str) -> None:
        """Clean the machine and leave it free, however far a build came.

        Success without touching anything on a machine that is clean already,
        or that holds another instance: the one to delete is gone from it.
        """
