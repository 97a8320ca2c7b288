"""The contracts of protectable and protection plugins (Karbor's verbs).

Authors register both in ``setup.cfg``::

    [entry_points]
    mogan_like.protectables =
        folder = my_package.protectable:FolderPlugin
    mogan_like.protections =
        folder-copy = my_package.protection:FolderCopyPlugin

A **protectable** plugin knows a type of resource: which there are, and what
depends on what. A **protection** plugin knows how resources of some types are
protected, restored, verified and deleted; a provider names it.

Hooks run on workers, outside any transaction, in a conductor that may die in
the middle; then another one runs the operation again from its first hook. So
**every hook must be repeatable**, and what it makes outside is recorded
(:meth:`Record.save`) *as soon as its id is known*, before it is waited for:
who comes next looks there, and makes nothing a second time.
"""

import abc
import dataclasses

from mogan_like.common import exception

PROTECTABLES = 'mogan_like.protectables'
PROTECTIONS = 'mogan_like.protections'


class Cancelled(Exception):
    """Nobody waits for this operation any more: leave everything as it is."""


@dataclasses.dataclass(frozen=True)
class Resource:
    """A thing that can be protected.

    :ivar type: a protectable's type, ``OS::Manila::Share`` for example
    :ivar extra_info: a dict of the client's, or None
    """

    type: str
    id: str
    name: str | None = None
    extra_info: dict | None = None


class Record(abc.ABC):
    """What is known of one resource in one checkpoint, restore or verification.

    :ivar data: a dict of plain values, the plugin's own; survives the conductor. What
        a restore keeps as ``restored_id`` is shown: the id of what it has made, or of
        what is now as it was
    """

    data: dict

    @abc.abstractmethod
    def save(self, **data):
        """Keep more data, at once; values of the same name are replaced.

        :raises Cancelled: when the operation is not wanted any more (the data is
            kept, for whoever deletes what was made), or somebody else has it
        """

    @abc.abstractmethod
    def set_status(self, status):
        """Say how the resource is doing; shown to its project.

        Up to 32 characters. How it ended is said by the service: ``error`` when a
        hook raised, else ``available``, or ``deleted``; of a restore and of a
        verification what the plugin said last stays, also when a hook raised.

        :raises Cancelled: when nobody wants the operation any more
        """


class Waiter(abc.ABC):
    """Waits that end when nobody wants the operation any more."""

    @abc.abstractmethod
    def check(self):
        """Go on only while the operation is ours.

        :raises Cancelled: when it is not
        """

    @abc.abstractmethod
    def hold(self):
        """Keep the operation for as long as it can be, beginning now.

        For calls that make something outside: one that ends in this time is not
        met by another conductor's, though this one were cut off from the database.

        :returns: for how many seconds it is ours
        :raises Cancelled: when it is not
        """

    @abc.abstractmethod
    def wait(self, seconds):
        """Wait so long, or raise Cancelled sooner."""


@dataclasses.dataclass(frozen=True)
class Step:
    """What a hook works with.

    :ivar ctx: whose resource it is: project_id, user_id, request_id
    :ivar checkpoint_id: of the checkpoint
    :ivar parameters: what the plan or the request says for this resource: those
        of its type, then those of ``TYPE#id``, checked against the schema
    :ivar record: of this resource in this operation
    :ivar protected: the data that protect recorded of this resource; in protect
        itself the same as ``record.data``
    :ivar siblings: ids of newer available checkpoints with this resource,
        newest first; restore only
    :ivar created_at: naive UTC, of the checkpoint
    """

    ctx: object
    checkpoint_id: str
    resource: Resource
    parameters: dict
    record: Record
    waiter: Waiter
    protected: dict
    siblings: tuple = ()
    created_at: object = None


class Operation:
    """The four hooks of protecting, restoring, verifying or deleting.

    Over the tree of a checkpoint's resources they run in this order:
    ``on_prepare_begin`` parents first, ``on_prepare_finish`` children first,
    ``on_main`` in parallel, ``on_complete`` children first. What one raises
    fails the resource and with it the operation; its message is shown to the
    project when it is a MoganLikeError.
    """

    def on_prepare_begin(self, step):
        """Before the children are prepared."""

    def on_prepare_finish(self, step):
        """After the children are prepared."""

    def on_main(self, step):
        """The work itself."""

    def on_complete(self, step):
        """After the work of the children is complete."""


class ProtectablePlugin(abc.ABC):
    """A type of resource.

    Asked in a request or in an operation. In a request ``ctx.answer_by`` is the
    ``clock.monotonic()`` after which nobody waits any more; else it is None.

    :cvar is_sorted: True when :meth:`list_resources` gives them by their ids,
        ascending: then no more are taken from it than a page has
    """

    is_sorted = False

    @abc.abstractmethod
    def get_resource_type(self):
        """The type's name."""

    @abc.abstractmethod
    def get_parent_resource_types(self):
        """The types that this one's resources depend on, a tuple."""

    @abc.abstractmethod
    def list_resources(self, ctx, parameters=None):
        """The project's resources that can be protected, an iterable."""

    @abc.abstractmethod
    def show_resource(self, ctx, resource_id, parameters=None):
        """One resource of the project.

        :raises ResourceNotFound: also when it is another project's
        :raises ResourceInvalidStatus: when it cannot be protected as it is
        """

    @abc.abstractmethod
    def get_dependent_resources(self, ctx, parent):
        """The project's resources of this type that belong to a parent."""


class ProtectionPlugin(abc.ABC):
    """A way to protect resources of some types; one object for each provider.

    :cvar options: oslo.config options that a provider's file may set, in the
        section that is called like the entry point
    :ivar own: what this provider's file says of them, ``{name: value}``
    """

    options = ()

    def __init__(self, own=None):
        self.own = dict(own or {})

    def get_option(self, name):
        """The provider's own value of an option, or its default."""
        defaults = {option.dest: option.default for option in self.options}
        return self.own.get(name, defaults[name])

    @abc.abstractmethod
    def get_supported_resource_types(self):
        """The types, a tuple."""

    @abc.abstractmethod
    def get_options_schema(self, resource_type):
        """The JSON schema of a plan's parameters."""

    @abc.abstractmethod
    def get_restore_schema(self, resource_type):
        """The JSON schema of a restore's parameters."""

    def get_verify_schema(self, resource_type):
        """The JSON schema of a verification's parameters."""
        return {'title': 'Verify', 'type': 'object', 'properties': {}}

    def get_saved_info_schema(self, resource_type):
        """The JSON schema of what is recorded of a resource."""
        return {'title': 'Saved Info', 'type': 'object', 'properties': {}}

    def check_restore(self, step):
        """Refuse a restore that cannot be done, before it is accepted.

        Called once for each resource, in the request: ``step.record`` and
        ``step.waiter`` are None, and it may ask others until
        ``step.ctx.answer_by``. What it raises is the answer; the hooks still
        have to see for themselves.

        :raises MoganLikeError: 400 when it can never be done like this, 409
            when it cannot be done now
        """
        return

    @abc.abstractmethod
    def get_protect_operation(self, resource):
        """The :class:`Operation` that protects it."""

    @abc.abstractmethod
    def get_restore_operation(self, resource):
        """The :class:`Operation` that restores it."""

    @abc.abstractmethod
    def get_delete_operation(self, resource):
        """The :class:`Operation` that deletes what protect made.

        From any state protect may have left, done or not; what is gone already
        is a success.
        """

    @abc.abstractmethod
    def get_verify_operation(self, resource):
        """The :class:`Operation` that looks whether it can be restored."""

    def get_copy_operation(self, resource):
        """Karbor's verb: refuse to copy it to another provider, and say why.

        The service carries out no copies, also where a plugin would: who asks for
        one is answered with the first refusal.

        :raises CopyNotSupported: this plugin cannot
        """
        raise exception.CopyNotSupported(plugin=type(self).__name__)
