"""Commands that are alike for all nouns, and options that name objects."""

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.sdk import identifiers

#: The type of reservations that instances are made on.
_HOST = 'physical:host'


class ShowNoun(base.ShowOne):
    """Show one object.

    :cvar noun: what messages and the library call it
    :cvar fields: those that are shown
    """

    noun = None
    fields = ()

    def get_parser(self, prog_name):
        """Add which one."""
        parser = super().get_parser(prog_name)
        add_which(parser, self.noun)
        return parser

    def take_action(self, parsed_args):
        """Find it and show it."""
        found = self.find(self.noun, parsed_args.which)
        return self.show(found, self.fields)


class ActOnEach(base.Command):
    """Do something to each of several objects; all of them are tried.

    :cvar noun: what messages and the library call it
    """

    noun = None

    def get_parser(self, prog_name):
        """Add which ones."""
        parser = super().get_parser(prog_name)
        add_which(parser, self.noun, several=True)
        return parser

    def take_action(self, parsed_args):
        """Do it to each."""
        self.try_each(
            parsed_args.which,
            lambda name: self.try_one(parsed_args, self.find(self.noun, name)),
        )

    def try_one(self, parsed_args, found):
        """Do it to one; where more is to be told when it is refused, that is told."""
        self.act(parsed_args, found)

    def act(self, parsed_args, found):
        """Do it to one."""
        raise NotImplementedError


class DeleteAtOnce(ActOnEach):
    """Delete objects that are gone with the answer."""

    def act(self, parsed_args, found):
        """Delete one."""
        getattr(self.client, f'delete_{self.noun}')(found)


def add_which(parser, noun, several=False):
    """Add the argument that names one object, or several."""
    word = base.spell(noun)
    parser.add_argument(
        'which',
        metavar=f'<{word}>',
        nargs='+' if several else None,
        help=f'{word.capitalize()} (name or ID)',
    )


def add_provider(parser, otherwise='may be left out when there is one only'):
    """Add the option that names a provider.

    :param otherwise: what holds without it
    """
    parser.add_argument(
        '--provider', metavar='<provider>', help=f'Provider (name or ID); {otherwise}'
    )


def find_provider_id(client, name):
    """The id of a provider; of the only one when none is named.

    An id is taken as it is: there may be checkpoints of a provider that is gone.

    :raises SDKException: there is none of this name
    :raises CommandError: none is named, and there is not exactly one
    """
    if name is not None:
        return name if identifiers.is_uuid(name) else client.find_provider(name).id
    found = list(client.providers())
    if len(found) != 1:
        names = ', '.join(each.name for each in found) or 'none'
        raise exceptions.CommandError(
            f'Say which provider by --provider; there are {names}.'
        )
    return found[0].id


def find_reservation_id(client, text):
    """The id of a reservation: its own, or its lease's name or id.

    Reservations have no names. Of a lease it is the only one, or the only one of hosts.

    :raises SDKException: there is no such lease, or there are several
    :raises CommandError: the lease has none that can be meant, or several
    """
    is_uuid = identifiers.is_uuid(text)
    try:
        lease = client.get_lease(text) if is_uuid else client.find_lease(text)
    except sdk_exceptions.NotFoundException:
        if is_uuid:
            return text
        raise
    held = lease.reservations
    hosts = [each for each in held if each['resource_type'] == _HOST]
    for found in (held, hosts):
        if len(found) == 1:
            return found[0]['id']
    listed = ', '.join(f'{each["id"]} ({each["resource_type"]})' for each in held)
    raise exceptions.CommandError(
        f'Lease {text} has {len(held)} reservations: say which by its ID, {listed}.'
    )
