"""What users keep with an object, as it is added, changed and dropped."""

from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import errors

#: So many of the newest actions are looked at.
LOOK = 20


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


def change(given, read, list_actions, update):
    """Change an object, and what users keep with it.

    The service takes all of that at once. So what somebody else adds between our look
    and our change is undone; the audit knows, and it is told.

    :param given: the options of :func:`add_changes`
    :param read: gives {key: value} of what there is now
    :param list_actions: gives what was done to the object of late, newest first
    :param update: called with what there is to be; None where that is not to change
    :raises CommandError: a key is to be set and to be dropped; or, when it is done,
        that somebody else changed the object, too
    """
    refuse_both(given.property or {}, given.unset_property or ())
    if given.no_property:
        update(given.property or {})
    elif given.property or given.unset_property:
        before = _list_changes(list_actions)
        update(_merge(given, read()))
        _tell_others(before, _list_changes(list_actions))
    else:
        update(None)


def _merge(given, before):
    dropped = given.unset_property or ()
    kept = {key: value for key, value in before.items() if key not in dropped}
    return {**kept, **(given.property or {})}


def _list_changes(list_actions):
    """The ids of the requests that changed an object of late; None if nobody says."""
    try:
        return [
            each.request_id
            for each in list_actions()
            if (each.action, each.result) == ('update', 'success')
        ]
    except errors.OF_SERVICE:
        # The change matters more.
        return None


def _tell_others(before, after):
    if before is None or after is None:
        return
    new = [each for each in after if each not in before]
    if len(new) > 1:
        raise exceptions.CommandError(
            'It is done, and somebody else made a change at the same time (one of the '
            f'requests {", ".join(new)} is theirs): look whether what they set is '
            'still there.'
        )


def refuse_both(changed, dropped):
    """Look that nothing is to be set and to be dropped.

    :raises CommandError: something is
    """
    for key in changed:
        if key in dropped:
            raise exceptions.CommandError(
                f'{key} is to be set, and to be dropped: say which.'
            )
