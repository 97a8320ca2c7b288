"""The access rules of a share, put on what is restored from it."""

from mogan_like.common import exception

_IDENTITY = ('access_type', 'access_to')


def put_back(asking, manila, step, share_id):
    """Give a share the rules that were recorded, and wait until they are on it.

    :raises ProtectionFailed: when Manila could not apply one
    """
    wanted = step.protected.get('access_rules', ())
    asking.ask(_add_missing, manila, share_id, wanted)

    def look():
        rules = {_name(rule): rule for rule in manila.list_access(share_id)}
        states = {
            _name(rule): rules.get(_name(rule), {}).get('state') for rule in wanted
        }
        # What is waited for is named in errors.
        return {
            'id': f'Access to {share_id}',
            'status': _sum_up(states.values()),
            'refused': [name for name, state in states.items() if state == 'error'],
        }

    asking.wait_for(look, _is_active)


def _add_missing(manila, share_id, wanted):
    there = {_name(rule) for rule in manila.list_access(share_id)}
    for rule in wanted:
        if _name(rule) not in there:
            manila.allow_access(share_id, rule)


def _name(rule):
    return tuple(rule[key] for key in _IDENTITY)


def _sum_up(states):
    return 'active' if all(state == 'active' for state in states) else 'applying'


def _is_active(found):
    if found['refused']:
        rules = ', '.join(' '.join(name) for name in found['refused'])
        raise exception.ProtectionFailed(
            reason=f'{found["id"]}: Manila could not apply the access rule {rules}.'
        )
    return found['status'] == 'active'
