"""What users keep with an object, as it is added, changed and dropped."""

from osc_lib import exceptions

from mogan_like_client.osc import base


def add_changes(parser, noun):
    """Add the options that change what there is.

    :param noun: what is changed, as people call it
    """
    base.add_properties(parser, f'{noun} to add or change')
    parser.add_argument(
        '--unset-property',
        action='append',
        metavar='<key>',
        help=f'{noun} to drop (repeat for several)',
    )
    parser.add_argument(
        '--no-property',
        action='store_true',
        help='Drop all there is, before --property counts',
    )


def change(given, before):
    """What there is after a change; None where none is wanted.

    :param given: the options
    :param before: {key: value} of what there is
    :raises CommandError: a key is to be set and to be dropped
    """
    if not (given.property or given.unset_property or given.no_property):
        return None
    after, dropped = given.property or {}, given.unset_property or ()
    refuse_both(after, dropped)
    kept = {} if given.no_property else before
    kept = {key: value for key, value in kept.items() if key not in dropped}
    return {**kept, **after}


def refuse_both(changed, dropped):
    """Look that nothing is to be set and to be dropped.

    :raises CommandError: something is
    """
    for key in changed:
        if key in dropped:
            raise exceptions.CommandError(
                f'{key} is to be set, and to be dropped: say which.'
            )
