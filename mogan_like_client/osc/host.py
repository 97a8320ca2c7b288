"""Commands about hosts, the nodes that are open for reservation."""

from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import properties
from mogan_like_client.sdk import identifiers

_LISTED = ('id', 'name', 'vcpus', 'memory_mb', 'local_gb', 'maintenance', 'present')
_SHOWN = (
    *_LISTED,
    'uuid',
    'hypervisor_hostname',
    'hypervisor_type',
    'service_name',
    'reservable',
    'capabilities',
    'created_at',
    'updated_at',
)
#: What the API takes of a new host beside capabilities.
_TAKEN = 'name'


class CreateHost(base.Creating, base.ShowOne):
    """Open a node for reservation (admins)"""

    def get_parser(self, prog_name):
        """Add which node."""
        parser = super().get_parser(prog_name)
        parser.add_argument('node', metavar='<node>', help='Node (name or ID)')
        base.add_properties(parser, 'Extra capability')
        return parser

    def take_action(self, parsed_args):
        """Open it and show the host."""
        name, given = parsed_args.node, (parsed_args.property or {})
        if _TAKEN in given:
            raise exceptions.CommandError(
                f'{_TAKEN} cannot be the name of a capability.'
            )
        if identifiers.is_uuid(name):
            name = self.find('node', name).name
        made = self.client.create_host(
            name, given, idempotency_key=parsed_args.idempotency_key
        )
        return self.show(made, _SHOWN)


class ListHosts(base.Lister):
    """List hosts (admins)"""

    listed = 'host'

    def get_parser(self, prog_name):
        """Add which part."""
        parser = super().get_parser(prog_name)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        return self.table(self.client.hosts(**self.cut(parsed_args)), _LISTED)


class ShowHost(nouns.ShowNoun):
    """Show a host (admins)"""

    noun = 'host'
    fields = _SHOWN


class SetHost(base.Command):
    """Add, change or drop extra capabilities of a host (admins)"""

    def get_parser(self, prog_name):
        """Add what changes."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'host')
        base.add_properties(parser, 'Extra capability')
        parser.add_argument(
            '--no-property',
            action='append',
            metavar='<key>',
            help='Extra capability to drop (repeat for several)',
        )
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        changed = parsed_args.property or {}
        dropped = dict.fromkeys(parsed_args.no_property or ())
        properties.refuse_both(changed, dropped)
        found = self.find('host', parsed_args.which)
        self.client.update_host(found, dropped | changed)


class DeleteHosts(nouns.DeleteAtOnce):
    """Close nodes for reservation (admins)"""

    noun = 'host'


class ListHostProperties(base.Lister):
    """List what reservations can ask of hosts for"""

    known_by = 'property'

    def get_parser(self, prog_name):
        """Add which."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--long', action='store_true', help='With the values that there are'
        )
        parser.add_argument('--all', action='store_true', help='Private ones, too')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        found = self.client.host_properties(
            detail=parsed_args.long or None,
            all=parsed_args.all or None,
            **self.cut(parsed_args),
        )
        fields = ('property', 'private', 'values')
        return self.table(found, fields if parsed_args.long else fields[:1])


class SetHostProperty(base.Command):
    """Make a property private or public (admins)"""

    def get_parser(self, prog_name):
        """Add which, and what."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<property>', help='Name of the property')
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument('--private', action='store_true', help='For admins only')
        group.add_argument('--public', action='store_true', help='For everybody')
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        self.client.update_host_property(parsed_args.name, private=parsed_args.private)


class ListAllocations(base.Lister):
    """List what is reserved, now and later (admins)"""

    known_by = 'resource-id'

    def get_parser(self, prog_name):
        """Add of what."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--type',
            default='physical:host',
            metavar='<type>',
            help='Resource type (default: physical:host)',
        )
        parser.add_argument(
            '--lease', metavar='<lease>', help="A lease's hosts (name or ID)"
        )
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List it."""
        given, cut = parsed_args, self.cut(parsed_args)
        if given.lease:
            lease_id = self.find_id('lease', given.lease)
            found = self.client.host_allocations(lease_id=lease_id, **cut)
        else:
            found = self.client.allocations(resource_type=given.type, **cut)
        return self.table(found, ('resource_id', 'reservations'))
