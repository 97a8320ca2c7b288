"""What all commands have in common."""

import argparse
import math
import os
import sys

from osc_lib import exceptions
from osc_lib.cli import parseractions
from osc_lib.command import command

from mogan_like_client.osc import cells
from mogan_like_client.osc import errors
from mogan_like_client.osc import others
from mogan_like_client.osc import progress
from mogan_like_client.osc import times
from mogan_like_client.osc import values
from mogan_like_client.sdk import identifiers

#: The plugin's name on the client manager: as of :mod:`.plugin`.
_API = 'baremetal_compute'


def _discard(stream):
    """Write what nobody reads to nowhere: Python tries again at its end, and tells."""
    with open(os.devnull, 'wb') as nothing:
        os.dup2(nothing.fileno(), stream.fileno())


class Command(command.Command):
    """A command: errors become words, times have a zone.

    :cvar since: the version of the API that has what it asks for; None for any
    """

    since = None

    def get_parser(self, prog_name):
        """Add what every command takes."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--utc', action='store_true', help='Read and print times in UTC'
        )
        return parser

    def run(self, parsed_args):
        """Run; whatever goes wrong is told in words."""
        self.zone = times.UTC if parsed_args.utc else times.LOCAL
        try:
            status = super().run(parsed_args)
            self._flush()
            return status
        except Exception as exc:
            told = errors.translate(exc)
            if told is None:
                raise
            missing = errors.describe_missing(exc, self.client, self.since)
            if missing is None:
                raise told from exc
            raise exceptions.CommandError(f'{told}\n{missing}') from exc

    def _flush(self):
        try:
            self.app.stdout.flush()
        except BrokenPipeError:
            _discard(sys.stdout)
            raise
        try:
            # None when it was closed before the start.
            if sys.stderr:
                sys.stderr.flush()
        except OSError:
            # It is done, whoever reads what was told on the way.
            _discard(sys.stderr)

    @property
    def client(self):
        """The library's proxy."""
        return getattr(self.app.client_manager, _API)

    def find(self, noun, name):
        """An object of the service, by its name or ID.

        :raises SDKException: there is none, or there are several
        """
        return getattr(self.client, f'find_{noun}')(name)

    def find_id(self, noun, name):
        """The ID of an object, of the service or of another one; None stays None.

        :param name: a name or an ID
        :raises SDKException: there is none, or there are several
        :raises CommandError: the same of :mod:`.others`
        """
        if name is None:
            return None
        if noun in others.SERVICES:
            connection = self.app.client_manager.sdk_connection
            return others.find_id(connection, noun, name)
        return self.find(noun, name).id

    def parse_time(self, name, text):
        """A time that was typed, as the service takes it; None stays None.

        :param name: of the option, for the message
        :raises CommandError: when it is none
        """
        if text is None:
            return None
        try:
            return times.parse(text, self.zone)
        except ValueError as exc:
            raise exceptions.CommandError(
                f'{name}: {text} is not a time; write YYYY-MM-DD HH:MM, or now where '
                'that makes sense.'
            ) from exc

    def show(self, found, fields):
        """An object as cliff shows it."""
        return fields, self._make_row(found, fields)

    def show_dict(self, found):
        """A dict as cliff shows it."""
        cell = [cells.make(name, value, self.zone) for name, value in found.items()]
        return list(found), cell

    def table(self, found, fields):
        """Objects as cliff lists them."""
        rows = (self._make_row(each, fields) for each in found)
        return [cells.make_title(name) for name in fields], rows

    def _make_row(self, found, fields):
        return [
            cells.make(name, getattr(found, name), self.zone, found.noun)
            for name in fields
        ]

    def try_each(self, names, act):
        """Do something for each of several objects, whatever becomes of the others.

        :param act: called with each name
        :raises CommandError: at the end, when one failed; each was told
        """
        names = list(dict.fromkeys(names))
        failed = {}
        for name in names:
            try:
                act(name)
            except Exception as exc:
                told = errors.translate(exc)
                if told is None and not isinstance(exc, exceptions.CommandError):
                    raise
                failed[name] = str(told or exc)
        if failed and len(names) == 1:
            raise exceptions.CommandError(*failed.values())
        if failed:
            told = '\n'.join(f'{name}: {text}' for name, text in failed.items())
            raise exceptions.CommandError(
                f'{len(failed)} of {len(names)} failed:\n{told}'
            )


class Lister(Command, command.Lister):
    """A command that lists."""

    #: What is listed, where it has names.
    listed = None
    #: What one of a list is known by, where it has none.
    known_by = 'id'

    def add_paging(self, parser):
        """Add what cuts a list."""
        parser.add_argument(
            '--limit', type=_read_count, metavar='<n>', help='So many at most'
        )
        named = ' (name or ID)' if self.listed else ''
        parser.add_argument(
            '--marker',
            metavar=f'<{spell(self.listed or self.known_by)}>',
            help=f'Only those after this one{named}',
        )

    def cut(self, parsed_args):
        """The parameters of the library's lists that say which part is wanted."""
        marker = parsed_args.marker
        # What is deleted is found by nobody, and its ID still marks a place.
        if self.listed and marker and not identifiers.is_uuid(marker):
            marker = self.find_id(self.listed, marker)
        return {'max_items': parsed_args.limit, 'marker': marker}


class ShowOne(Command, command.ShowOne):
    """A command that shows one object."""


class Creating(Command):
    """A command that makes something.

    Mix it in before the others.
    """

    def get_parser(self, prog_name):
        """Add what makes it the same command when it is typed again."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--idempotency-key',
            metavar='<key>',
            help='Key under which it is made once, however often this is asked for in '
            '24 hours (default: a new one each time)',
        )
        return parser


class Waiting(Command):
    """A command that may wait for what it began.

    Mix it in before the others.
    """

    def get_parser(self, prog_name):
        """Add what is asked of a wait."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--wait', action='store_true', help='Wait until it is done')
        parser.add_argument(
            '--timeout',
            type=_read_seconds,
            default=1800.0,
            metavar='<seconds>',
            help='How long to wait at most (default: 1800)',
        )
        return parser

    def wait_for_new(self, parsed_args, wait_for, made):
        """As :meth:`wait`, for what was just made.

        Its id is told before, on stderr: who does not wait to the end has it.
        """
        progress.tell(self.app.stderr, f'The new {made.noun} is {made.id}.\n')
        return self.wait(parsed_args, wait_for, made)

    def wait(self, parsed_args, wait_for, *args, whose=None, **kwargs):
        """What a waiter of the library gives, with a line that tells how it goes.

        :param whose: as of :class:`.progress.Line`
        """
        with progress.Line(self.app.stderr, whose) as line:
            return wait_for(
                *args, timeout=parsed_args.timeout, tell=line.tell, **kwargs
            )


def add_switch(parser, name, on, off, required=False):
    """Add a pair of options: True, False, or None for neither.

    :param on: the option, without dashes, that makes ``name`` True
    """
    group = parser.add_mutually_exclusive_group(required=required)
    for word, action in ((on, 'store_true'), (off, 'store_false')):
        group.add_argument(
            f'--{word}', dest=name, action=action, default=None, help=f'{word}'
        )


def add_properties(parser, what):
    """Add the option that names values, a dict; None for none."""
    parser.add_argument(
        '--property',
        action=parseractions.KeyValueAction,
        metavar='<key>=<value>',
        help=f'{what} (repeat for several)',
    )


def spell(noun):
    """A noun of the library as commands call it."""
    return 'schedule' if noun == 'scheduled_operation' else noun


def _read_count(text):
    count = values.read_integer(text)
    if count is None or count < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number over 0")
    return count


def _read_seconds(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds")
    return seconds
