"""mogan-like-manage: the schema of the database, and what is in it."""

import argparse
import datetime

from oslo_config import cfg

from mogan_like.cmd import start
from mogan_like.common import clock
from mogan_like.common import config
from mogan_like.common import exception
from mogan_like.db import engine
from mogan_like.db import migrations
from mogan_like.db import tables
from mogan_like.protection import bank_import
from mogan_like.protection import providers

_BATCH = 500
_MOST_DAYS = 36500


def sync():
    """Bring the schema up to what this code needs."""
    before, after = migrations.sync()
    print(
        f'The schema is at {after}'
        + ('.' if before == after else f'; it was at {before or "nothing"}.')
    )


def show_version():
    """Print the version that the schema is at."""
    print(migrations.get_version() or 'none')


def check():
    """Exit with 0 when the schema is what this code needs, else with 3."""
    found, wanted = migrations.get_version(), migrations.get_head()
    if found == wanted:
        print(f'The schema is at {found}, as this code needs it.')
        return 0
    print(
        f'The schema is at {found or "nothing"}; this code needs {wanted}: '
        'run "mogan-like-manage db sync".'
    )
    return 3


def purge():
    """Drop what was deleted long ago, and records past their retention."""
    now = clock.utcnow()
    deleted = now - datetime.timedelta(days=config.CONF.command.days)
    began = now - datetime.timedelta(days=config.CONF.actions.retention)
    for noun, drop in (
        ('instances', tables.purge_instances),
        ('leases', tables.purge_leases),
        ('checkpoints', tables.purge_checkpoints),
    ):
        print(
            f'{_repeat(drop, deleted)} {noun} dropped that were deleted before '
            f'{deleted:%Y-%m-%d %H:%M} UTC.'
        )
    for noun, drop in (
        ('actions', tables.purge_actions),
        ('operation logs', tables.purge_operation_logs),
    ):
        print(
            f'{_repeat(drop, began)} {noun} dropped that began before '
            f'{began:%Y-%m-%d %H:%M} UTC.'
        )


def import_checkpoints():
    """Make rows of checkpoints that a bank has and the database has lost."""
    provider_id = config.CONF.command.provider
    provider = providers.load().get(providers.spell_id(provider_id))
    if provider is None:
        raise exception.ProviderNotFound(provider_id=provider_id)
    count = bank_import.import_all(provider)
    print(
        f'{count.imported} checkpoints imported; {count.known} were there already, '
        f'{count.deleted} had been deleted, {count.unreadable} cannot be read.'
    )
    return 1 if count.unreadable else 0


def _repeat(drop, before):
    """Drop in small transactions, so that nobody waits; returns how many."""
    total = 0
    while True:
        with engine.writer() as conn:
            dropped = drop(conn, before, _BATCH)
        total += dropped
        if dropped < _BATCH:
            return total


def _add_commands(subparsers):
    database = subparsers.add_parser('db', help='the schema of the database')
    actions = database.add_subparsers(dest='db_action', required=True)
    for name, func in (('sync', sync), ('version', show_version), ('check', check)):
        actions.add_parser(
            name, help=func.__doc__, description=func.__doc__
        ).set_defaults(func=func)
    purging = subparsers.add_parser(
        'purge',
        help=purge.__doc__,
        description=(
            'Drop instances, leases and checkpoints by the date of their deletion, '
            'never of their creation. What was done to them stays until '
            '[actions]retention.'
        ),
    )
    purging.add_argument(
        '--days',
        type=_parse_days,
        default=90,
        help='keep what was deleted within so many days (default: 90)',
    )
    purging.set_defaults(func=purge)
    _add_checkpoint(subparsers)


def _add_checkpoint(subparsers):
    checkpoint = subparsers.add_parser('checkpoint', help='checkpoints and their banks')
    actions = checkpoint.add_subparsers(dest='checkpoint_action', required=True)
    importing = actions.add_parser(
        'import',
        help=import_checkpoints.__doc__,
        description=(
            'Make rows of the checkpoints in the bank of a provider. Those that are '
            'in the database stay as they are; the exit status is 1 when one cannot '
            'be read, and the log says why.'
        ),
    )
    importing.add_argument('--provider', required=True, help='the id of the provider')
    importing.set_defaults(func=import_checkpoints)


def _parse_days(text):
    if not (text.isdecimal() and int(text) <= _MOST_DAYS):
        raise argparse.ArgumentTypeError(f'{text!r} is not 0 to {_MOST_DAYS} days')
    return int(text)


@start.explained()
def main(argv=None):
    """Run one command; returns its exit status."""
    command = cfg.SubCommandOpt('command', title='Commands', handler=_add_commands)
    start.load(argv, 'The schema of the database, and what may be dropped.', [command])
    return config.CONF.command.func()
