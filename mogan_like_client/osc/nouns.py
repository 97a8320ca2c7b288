"""Commands that are alike for all nouns: list, show, delete."""

from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.sdk import identifiers


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
        found = find(self.client, self.noun, parsed_args.which)
        return self.show(found, self.fields)


class DeleteAtOnce(base.Command):
    """Delete objects that are gone with the answer; all of them are tried.

    :cvar noun: what messages and the library call it
    """

    noun = None

    def get_parser(self, prog_name):
        """Add which ones."""
        parser = super().get_parser(prog_name)
        add_which(parser, self.noun, several=True)
        return parser

    def take_action(self, parsed_args):
        """Delete each."""
        self.try_each(parsed_args.which, self.delete)

    def delete(self, name):
        """Delete one."""
        found = find(self.client, self.noun, name)
        getattr(self.client, f'delete_{self.noun}')(found)


def add_which(parser, noun, several=False):
    """Add the argument that names one object, or several."""
    word = noun.replace('_', '-')
    parser.add_argument(
        'which',
        metavar=f'<{word}>',
        nargs='+' if several else None,
        help=f'{noun.replace("_", " ").capitalize()} (name or ID)',
    )


def find(client, noun, name):
    """The object of this name or id.

    :raises SDKException: none, or several
    """
    return getattr(client, f'find_{noun}')(name)


def add_provider(parser):
    """Add the option that names a provider."""
    parser.add_argument(
        '--provider',
        metavar='<provider>',
        help='Provider (name or ID); may be left out when there is one only',
    )


def find_provider_id(client, name):
    """The id of a provider; of the only one when none is named.

    An id is taken as it is: there may be checkpoints of a provider that is gone.

    :raises SDKException: there is none of this name
    :raises CommandError: none is named, and there is not exactly one
    """
    if name is not None:
        return name if identifiers.is_uuid(name) else find(client, 'provider', name).id
    found = list(client.providers())
    if len(found) != 1:
        names = ', '.join(each.name for each in found) or 'none'
        raise exceptions.CommandError(
            f'Say which provider by --provider; there are {names}.'
        )
    return found[0].id
