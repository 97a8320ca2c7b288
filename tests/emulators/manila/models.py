"""Shares, snapshots, rules, types and networks."""

import dataclasses
import datetime
import uuid

from tests.emulators.manila.course import Course

HOST = 'manila@alpha#fake_pool_for_ALPHA'
ZONE = 'nova'
DEFAULT_TYPE = 'default'
#: Flags that a share takes over from its type.
FLAGS = (
    'snapshot_support',
    'create_share_from_snapshot_support',
    'revert_to_snapshot_support',
    'mount_snapshot_support',
    'snapshot_inherit_share_access_support',
)
DEFERRED = ('deferred_deleting', 'error_deferred_deleting')


def make_id():
    """A new id."""
    return str(uuid.uuid4())


def now():
    """The time, as Manila writes it."""
    moment = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    return moment.isoformat(timespec='microseconds')


def parse_flag(value):
    """The boolean of an extra spec.

    :raises ValueError: when it is none
    """
    text = str(value).strip().lower().removeprefix('<is>').strip()
    if text in ('true', 't', '1', 'yes', 'on', 'y'):
        return True
    if text in ('false', 'f', '0', 'no', 'off', 'n'):
        return False
    raise ValueError(value)


@dataclasses.dataclass
class Resource:
    """What all of them have."""

    id: str = dataclasses.field(default_factory=make_id, kw_only=True)
    created_at: str = dataclasses.field(default_factory=now, kw_only=True)
    updated_at: str | None = dataclasses.field(default=None, kw_only=True)
    course: Course = dataclasses.field(default_factory=Course, kw_only=True, repr=False)


@dataclasses.dataclass
class ShareType(Resource):
    """A type: what shares of it can do."""

    name: str
    extra_specs: dict
    is_public: bool = True
    description: str | None = None

    def find_flag(self, name):
        """A flag that shares of it take over."""
        return parse_flag(self.extra_specs.get(name, False))

    @property
    def needs_network(self):
        """True when shares of it have servers of their own."""
        return parse_flag(self.extra_specs['driver_handles_share_servers'])


@dataclasses.dataclass
class Network(Resource):
    """A share network."""

    project_id: str
    name: str | None = None
    description: str | None = None
    subnet_id: str = dataclasses.field(default_factory=make_id)


@dataclasses.dataclass
class Share(Resource):
    """A share.

    :ivar rules_failed: True from a rule that failed on, until all are right again
    :ivar instance_id: what administrators see of it
    """

    project_id: str
    user_id: str
    size: int
    share_proto: str
    type: ShareType
    flags: dict
    name: str | None = None
    description: str | None = None
    snapshot_id: str | None = None
    share_network_id: str | None = None
    metadata: dict = dataclasses.field(default_factory=dict)
    is_public: bool = False
    availability_zone: str | None = None
    status: str = 'creating'
    progress: str | None = None
    task_state: str | None = None
    rules_failed: bool = False
    path: str | None = None
    location_id: str = dataclasses.field(default_factory=make_id)
    instance_id: str = dataclasses.field(default_factory=make_id)

    @property
    def share_type_id(self):
        """The id of its type."""
        return self.type.id


@dataclasses.dataclass
class Snapshot(Resource):
    """A snapshot of a share."""

    project_id: str
    user_id: str
    share_id: str
    size: int
    share_proto: str
    name: str | None = None
    description: str | None = None
    metadata: dict = dataclasses.field(default_factory=dict)
    status: str = 'creating'
    path: str | None = None


@dataclasses.dataclass
class Rule(Resource):
    """Who may use a share."""

    share_id: str
    access_type: str
    access_to: str
    access_level: str
    metadata: dict = dataclasses.field(default_factory=dict)
    status: str = 'queued_to_apply'
