"""Commands about leases: making, reading, changing them."""

from openstack import exceptions as sdk_exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import cells
from mogan_like_client.osc import errors
from mogan_like_client.osc import nouns
from mogan_like_client.osc import progress
from mogan_like_client.osc import times
from mogan_like_client.osc import values
from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import lease

LISTED = ('id', 'name', 'status', 'start_date', 'end_date', 'degraded')
SHOWN = (
    'id',
    'name',
    'status',
    'degraded',
    'start_date',
    'end_date',
    'before_end_date',
    'waiting_for',
    'instances',
    'reservations',
    'allocations',
    'events',
    'project_id',
    'user_id',
    'ended_by_user_id',
    'created_at',
    'updated_at',
    'deleted_at',
)


class CreateLease(base.Creating, base.Waiting, base.ShowOne):
    """Create a lease"""

    def get_parser(self, prog_name):
        """Add what it holds, and when."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the lease')
        add = parser.add_argument
        add(
            '--start',
            default='now',
            metavar='<time>',
            help='As in "2027-01-31 18:00" (default: now)',
        )
        add('--end', required=True, metavar='<time>', help='The same')
        add('--before-end', metavar='<time>', help='When to do what is due before')
        add(
            '--resource',
            action='append',
            required=True,
            metavar='<type>[,<key>=<value>...]',
            help='What it holds (repeat for several); "lease resource list" and '
            '"lease resource show" say which types there are, and what they take',
        )
        return parser

    def take_action(self, parsed_args):
        """Make it, wait if that is wanted, and show it."""
        # It brings a library that only this command needs.
        from mogan_like_client.osc import reservation

        given = parsed_args
        plugins = list(self.client.lease_resource_types())
        reservations = [
            reservation.read(text, plugins, self.find_id) for text in given.resource
        ]
        attrs = values.drop_none(
            name=given.name,
            start_date=self.parse_time('--start', given.start),
            end_date=self.parse_time('--end', given.end),
            before_end_date=self.parse_time('--before-end', given.before_end),
            reservations=reservations,
        )
        made = self.client.create_lease(**attrs, idempotency_key=given.idempotency_key)
        if given.wait and not _is_for_later(made, given.timeout):
            made = self.wait_for_new(given, self.client.wait_for_lease, made)
        else:
            made = self._read_again(made)
        return self.show(made, SHOWN)

    def _read_again(self, made):
        """A new lease with all that is in it, which the answer to its making lacks."""
        try:
            return self.client.get_lease(made.id)
        except errors.OF_SERVICE as exc:
            # It is there: to fail now would make people type the command again.
            progress.tell(
                self.app.stderr,
                f'The new lease is {made.id}. It is shown as it was made; read again '
                f'it could not be: {errors.translate(exc)}\n',
            )
            return made


def _is_for_later(made, timeout):
    """True for a lease that is as it should be until after a wait would be over."""
    return made.status == 'PENDING' and times.seconds_until(made.start_date) > timeout


class ListLeases(base.Lister):
    """List leases"""

    listed = 'lease'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        add = parser.add_argument
        add('--name', metavar='<name>', help='Only those of this name')
        add('--status', metavar='<status>', help='Only those in this status')
        add('--project', metavar='<project>', help="A project's (name or ID; admins)")
        add('--all-projects', action='store_true', help="All projects' (admins)")
        add('--active-at', metavar='<time>', help='Only those that run then')
        add('--ends-before', metavar='<time>', help='Only those that end before')
        add('--deleted', action='store_true', help='Deleted ones (admins)')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        given = parsed_args
        found = self.client.leases(
            name=given.name,
            status=given.status and given.status.upper(),
            project_id=self.find_id('project', given.project),
            # An admin's list is of all projects unless it says otherwise.
            all_projects=None if given.project else given.all_projects,
            active_at=self.parse_time('--active-at', given.active_at),
            ends_before=self.parse_time('--ends-before', given.ends_before),
            deleted=given.deleted or None,
            **self.cut(given),
        )
        return self.table(
            found, (*LISTED, 'project_id') if given.all_projects else LISTED
        )


class ShowLease(nouns.ShowNoun):
    """Show a lease and all that is in it; a deleted one by its ID (admins)"""

    noun = 'lease'
    fields = SHOWN

    def take_action(self, parsed_args):
        """Find it, and read it again if it was found by its name."""
        which = parsed_args.which
        try:
            found = self.client.get_lease(self.find('lease', which).id)
        except sdk_exceptions.NotFoundException:
            found = identifiers.is_uuid(which) and self._find_deleted(which)
            if not found:
                raise
        return self.show(found, self.fields)

    def _find_deleted(self, uuid):
        """The deleted lease of this id; None unless there is one to be seen."""
        try:
            return lease.Lease.new(id=uuid).fetch(self.client, deleted='true')
        except (sdk_exceptions.ForbiddenException, sdk_exceptions.NotFoundException):
            return None


class SetLease(base.Waiting):
    """Change name, dates or reservations of a lease"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'lease')
        add = parser.add_argument
        add('--name', metavar='<name>', help='New name')
        add('--start', metavar='<time>', help='New start')
        add('--end', metavar='<time>', help='New end')
        add('--before-end', metavar='<time>', help='When to do what is due before')
        add(
            '--reservation',
            action='append',
            metavar='[<reservation-id>,]<key>=<value>[,...]',
            help='New values of a reservation (repeat for several); its ID may be left '
            'out when the lease has one only',
        )
        return parser

    def take_action(self, parsed_args):
        """Change it, and wait if that is wanted."""
        given = parsed_args
        found = self.find('lease', given.which)
        reservations = None
        if given.reservation:
            reservations = self._read_reservations(given.reservation, found)
        changes = values.drop_none(
            name=given.name,
            start_date=self.parse_time('--start', given.start),
            end_date=self.parse_time('--end', given.end),
            before_end_date=self.parse_time('--before-end', given.before_end),
            reservations=reservations,
        )
        # By its id: what is asked for is sent, also where it is so already.
        found = self.client.update_lease(found.id, **changes)
        if given.wait and found.status == 'UPDATING':
            self.wait(given, self.client.wait_for_lease, found)

    def _read_reservations(self, texts, lease):
        from mogan_like_client.osc import reservation

        plugins = list(self.client.lease_resource_types())
        return [
            reservation.read_change(text, lease, plugins, self.find_id)
            for text in texts
        ]


class ListResourceTypes(base.Lister):
    """List what leases can hold"""

    def take_action(self, parsed_args):
        """List the types."""
        found = self.client.lease_resource_types()
        return self.table(found, ('resource_type', 'title'))


class ShowResourceType(base.Lister):
    """Show what a reservation of a type takes"""

    def get_parser(self, prog_name):
        """Add which type."""
        parser = super().get_parser(prog_name)
        parser.add_argument('type', metavar='<type>', help='As in physical:host')
        return parser

    def take_action(self, parsed_args):
        """List the values it takes."""
        from mogan_like_client.osc import reservation
        from mogan_like_client.osc import schema_text

        plugins = list(self.client.lease_resource_types())
        schema = reservation.find_schema(parsed_args.type, plugins)
        rows = [
            (name, kind, cells.make('default', default, self.zone), text)
            for name, kind, default, text in schema_text.describe(schema.contents)
        ]
        return ('Key', 'Type', 'Default', 'Description'), rows
