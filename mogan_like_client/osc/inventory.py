"""Commands about flavors, nodes and keypairs."""

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import properties
from mogan_like_client.osc import values

_FLAVORS = ('id', 'name', 'resource_class', 'is_public', 'disabled', 'description')
_FLAVOR = (*_FLAVORS, 'properties', 'created_at', 'updated_at')
_NODES = (
    'id',
    'name',
    'resource_class',
    'maintenance',
    'present',
    'reservable',
    'instance_uuid',
)
_NODE = (
    *_NODES,
    'maintenance_reason',
    'reservation_uuid',
    'properties',
    'created_at',
    'updated_at',
)
_KEYPAIRS = ('name', 'type', 'fingerprint', 'created_at')
_KEYPAIR = (*_KEYPAIRS, 'user_id', 'public_key')


def _add_flavor_options(parser):
    add = parser.add_argument
    add('--description', metavar='<text>', help='What it is')
    base.add_switch(parser, 'is_public', 'public', 'private')
    base.add_switch(parser, 'disabled', 'disable', 'enable')


def _read_flavor(given, **others):
    return values.drop_none(
        description=given.description,
        resource_class=given.resource_class,
        is_public=given.is_public,
        disabled=given.disabled,
        **others,
    )


class CreateFlavor(base.Creating, base.ShowOne):
    """Create a flavor (admins)"""

    def get_parser(self, prog_name):
        """Add what it is."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the flavor')
        parser.add_argument(
            '--resource-class',
            required=True,
            metavar='<class>',
            help='Class of the nodes that instances are made on',
        )
        base.add_properties(parser, 'What a node has to have')
        _add_flavor_options(parser)
        return parser

    def take_action(self, parsed_args):
        """Make it and show it."""
        given = parsed_args
        attrs = _read_flavor(given, name=given.name, properties=given.property)
        made = self.client.create_flavor(**attrs, idempotency_key=given.idempotency_key)
        return self.show(made, _FLAVOR)


class ListFlavors(base.Lister):
    """List flavors"""

    listed = 'flavor'

    def get_parser(self, prog_name):
        """Add which part."""
        parser = super().get_parser(prog_name)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        return self.table(self.client.flavors(**self.cut(parsed_args)), _FLAVORS)


class ShowFlavor(nouns.ShowNoun):
    """Show a flavor"""

    noun = 'flavor'
    fields = _FLAVOR


class SetFlavor(base.Command):
    """Change a flavor (admins); instances made from it stay as they are"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'flavor')
        parser.add_argument('--name', metavar='<name>', help='New name')
        parser.add_argument('--resource-class', metavar='<class>', help='New class')
        properties.add_changes(parser, 'Property')
        _add_flavor_options(parser)
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        given = parsed_args
        found = self.find('flavor', given.which)
        changed = properties.change(given, found.properties)
        attrs = _read_flavor(given, name=given.name, properties=changed)
        self.client.update_flavor(found, **attrs)


class DeleteFlavors(nouns.DeleteAtOnce):
    """Delete flavors (admins); instances made from them stay as they are"""

    noun = 'flavor'


class ListNodes(base.Lister):
    """List the nodes of the inventory (admins)"""

    listed = 'node'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--resource-class', metavar='<class>', help='Of this class')
        base.add_switch(parser, 'maintenance', 'maintenance', 'no-maintenance')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        found = self.client.nodes(
            resource_class=parsed_args.resource_class,
            maintenance=parsed_args.maintenance,
            **self.cut(parsed_args),
        )
        return self.table(found, _NODES)


class ShowNode(nouns.ShowNoun):
    """Show a node of the inventory (admins)"""

    noun = 'node'
    fields = _NODE


class SetNodeMaintenance(nouns.ActOnEach):
    """Take nodes out of placement (admins)"""

    noun = 'node'

    def get_parser(self, prog_name):
        """Add why."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--reason', metavar='<text>', help='Why')
        return parser

    def act(self, parsed_args, found):
        """Take one out."""
        self.client.set_node_maintenance(found, parsed_args.reason)


class UnsetNodeMaintenance(nouns.ActOnEach):
    """Put nodes back into placement (admins)"""

    noun = 'node'

    def act(self, parsed_args, found):
        """Put one back."""
        self.client.unset_node_maintenance(found)


def _add_user(parser):
    parser.add_argument(
        '--user', metavar='<user>', help="Another user's (name or ID; admins)"
    )


def _read_key(path):
    return values.read_file('--public-key', path).decode(errors='replace').strip()


class CreateKeypair(base.Creating, base.ShowOne):
    """Keep a public key, or make a pair and print the private key"""

    def get_parser(self, prog_name):
        """Add what it is."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the keypair')
        parser.add_argument(
            '--public-key',
            metavar='<file>',
            help='A public key; without it one is made',
        )
        _add_user(parser)
        return parser

    def take_action(self, parsed_args):
        """Make it and show it."""
        given = parsed_args
        key = given.public_key and _read_key(given.public_key)
        user_id = self.find_id('user', given.user)
        attrs = values.drop_none(name=given.name, public_key=key, user_id=user_id)
        made = self.client.create_keypair(
            **attrs, idempotency_key=given.idempotency_key
        )
        fields = _KEYPAIR if made.private_key is None else (*_KEYPAIR, 'private_key')
        return self.show(made, fields)


class ListKeypairs(base.Lister):
    """List keypairs"""

    known_by = 'name'

    def get_parser(self, prog_name):
        """Add whose."""
        parser = super().get_parser(prog_name)
        _add_user(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        user_id = self.find_id('user', parsed_args.user)
        found = self.client.keypairs(user_id=user_id, **self.cut(parsed_args))
        return self.table(found, _KEYPAIRS)


class ShowKeypair(base.ShowOne):
    """Show a keypair"""

    def get_parser(self, prog_name):
        """Add which one."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<keypair>', help='Name of the keypair')
        _add_user(parser)
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        user_id = self.find_id('user', parsed_args.user)
        found = self.client.get_keypair(parsed_args.name, user_id)
        return self.show(found, _KEYPAIR)


class DeleteKeypairs(base.Command):
    """Delete keypairs"""

    def get_parser(self, prog_name):
        """Add which ones."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'names', metavar='<keypair>', nargs='+', help='Name of the keypair'
        )
        _add_user(parser)
        return parser

    def take_action(self, parsed_args):
        """Delete each."""
        user_id = self.find_id('user', parsed_args.user)
        self.try_each(
            parsed_args.names, lambda name: self.client.delete_keypair(name, user_id)
        )
