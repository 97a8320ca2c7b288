"""Commands about instances: making, reading, changing and deleting them."""

import base64

from mogan_like_client.osc import base
from mogan_like_client.osc import errors
from mogan_like_client.osc import nouns
from mogan_like_client.osc import properties
from mogan_like_client.osc import values

LISTED = ('id', 'name', 'status', 'power_state', 'locked', 'created_at')
LISTED_LONG = (
    *LISTED,
    'description',
    'project_id',
    'flavor_uuid',
    'image_uuid',
    'node_uuid',
    'availability_zone',
    'launched_at',
    'deleted_at',
)
SHOWN = (
    'id',
    'name',
    'description',
    'status',
    'power_state',
    'locked',
    'fault',
    'addresses',
    'project_id',
    'user_id',
    'flavor_uuid',
    'image_uuid',
    'key_name',
    'node_uuid',
    'reservation_uuid',
    'availability_zone',
    'networks',
    'metadata',
    'created_at',
    'updated_at',
    'launched_at',
    'deleted_at',
)


class CreateInstance(base.Creating, base.Waiting, base.ShowOne):
    """Create an instance"""

    def get_parser(self, prog_name):
        """Add what an instance is made by."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the instance')
        add = parser.add_argument
        add('--flavor', required=True, metavar='<flavor>', help='Flavor (name or ID)')
        add('--image', required=True, metavar='<image>', help='Image (name or ID)')
        add('--description', metavar='<text>', help='What it is for')
        add('--key-name', metavar='<keypair>', help='Keypair that lets its user in')
        add(
            '--network',
            action='append',
            metavar='<network>',
            help='Network (name or ID; repeat for several)',
        )
        add(
            '--port',
            action='append',
            metavar='<port>',
            help='Port (name or ID; repeat for several)',
        )
        base.add_properties(parser, 'Metadata')
        add('--user-data', metavar='<file>', help="cloud-init's file")
        add('--availability-zone', metavar='<zone>', help='Availability zone')
        add('--node', metavar='<node>', help='Node to use (name or ID; admins)')
        add(
            '--reservation',
            metavar='<reservation>',
            help='Reservation whose node to use: its ID, or its lease (name or ID)',
        )
        return parser

    def take_action(self, parsed_args):
        """Make it, wait if that is wanted, and show it."""
        made = self.client.create_instance(
            **self._read(parsed_args), idempotency_key=parsed_args.idempotency_key
        )
        if parsed_args.wait:
            # It may be locked as soon as it is there.
            with errors.naming_holder(self.client, made, self.zone):
                wait_for = self.client.wait_for_instance
                made = self.wait_for_new(parsed_args, wait_for, made)
        return self.show(made, SHOWN)

    def _read(self, given):
        find = self.find_id
        networks = [{'net_id': find('network', each)} for each in given.network or ()]
        networks += [{'port_id': find('port', each)} for each in given.port or ()]
        if given.reservation:
            self.since = '1.6'
        reservation = given.reservation and nouns.find_reservation_id(
            self.client, given.reservation
        )
        return values.drop_none(
            name=given.name,
            flavor_uuid=find('flavor', given.flavor),
            image_uuid=find('image', given.image),
            description=given.description,
            key_name=given.key_name,
            networks=networks or None,
            metadata=given.property,
            user_data=given.user_data and _encode(given.user_data),
            availability_zone=given.availability_zone,
            node_uuid=find('node', given.node),
            reservation=reservation,
        )


def _encode(path):
    return base64.b64encode(values.read_file('--user-data', path)).decode()


class ListInstances(base.Lister):
    """List instances"""

    listed = 'instance'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        add = parser.add_argument
        add('--name', metavar='<name>', help='Only those of this name')
        add('--status', metavar='<status>', help='Only those in this status')
        add('--flavor', metavar='<flavor>', help='Of this flavor (name or ID)')
        add('--node', metavar='<node>', help='On this node (name or ID; admins)')
        locked = parser.add_mutually_exclusive_group()
        for word in ('locked', 'unlocked'):
            locked.add_argument(
                f'--{word}', action='store_true', help=f'Only those that are {word}'
            )
        add('--all-projects', action='store_true', help="All projects' (admins)")
        add('--deleted', action='store_true', help='Deleted ones')
        add('--changes-since', metavar='<time>', help='Only those changed since')
        add('--long', action='store_true', help='More fields')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        given = parsed_args
        if given.locked or given.unlocked:
            self.since = '1.2'
        found = self.client.instances(
            name=given.name,
            status=given.status and given.status.upper(),
            flavor_uuid=self.find_id('flavor', given.flavor),
            node_uuid=self.find_id('node', given.node),
            locked=given.locked or (False if given.unlocked else None),
            all_projects=given.all_projects or None,
            deleted=given.deleted or None,
            changes_since=self.parse_time('--changes-since', given.changes_since),
            **self.cut(given),
        )
        fields = LISTED_LONG if given.long else LISTED
        if given.all_projects and not given.long:
            fields = (*LISTED, 'project_id')
        return self.table(found, fields)


class ShowInstance(nouns.ShowNoun):
    """Show an instance"""

    noun = 'instance'
    fields = SHOWN


class SetInstance(base.Command):
    """Change name, description or metadata of an instance"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'instance')
        parser.add_argument('--name', metavar='<name>', help='New name')
        parser.add_argument('--description', metavar='<text>', help='New description')
        properties.add_changes(parser, 'Metadata')
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        given = parsed_args
        found = self.find('instance', given.which)
        metadata = properties.change(given, found.metadata)
        changes = values.drop_none(
            name=given.name, description=given.description, metadata=metadata
        )
        with errors.naming_holder(self.client, found, self.zone):
            self.client.update_instance(found, **changes)
