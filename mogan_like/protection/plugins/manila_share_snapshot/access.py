"""The access rules of a share, put on what is restored from it."""

from mogan_like.common import exception

_IDENTITY = ('access_type', 'access_to')


def put_back(asking, manila, step, share_id):
    """Give a share the rules that were recorded, and wait until they are on it.

    One that fails keeps none of the others off the share.

    :raises MoganLikeError: naming those that failed; Manila's own refusal, if it
        has refused one
    """
    wanted = step.protected.get('access_rules', ())
    errors = _add_missing(asking, manila, share_id, wanted)

    def look():
        rules = _list(manila, share_id)
        states = {
            _name(rule): rules.get(_name(rule), {}).get('state') for rule in wanted
        }
        failed = [name for name in states if states[name] == 'error' or name in errors]
        rest = [states[name] for name in states if name not in failed]
        # What is waited for is named in errors.
        return {
            'id': f'Access to {share_id}',
            'status': _sum_up(rest),
            'failed': failed,
        }

    found = asking.wait_for(look, _is_active)
    if found['failed']:
        _fail(found, errors)


def _add_missing(asking, manila, share_id, wanted):
    """Ask for each that is not there; with which errors some were refused."""
    there = asking.ask(_list, manila, share_id)
    errors = {}
    for rule in wanted:
        if _name(rule) not in there:
            error = _add(asking, manila, share_id, rule)
            if error is not None:
                errors[_name(rule)] = error
    return errors


def _add(asking, manila, share_id, rule):
    """The error with which Manila has refused a rule, or None."""
    try:
        asking.ask(manila.allow_access, share_id, rule)
    except exception.ShareServiceUnavailable:
        raise
    except exception.MoganLikeError as error:
        # It may be there since we looked, of a request whose answer was lost.
        return None if asking.ask(_is_there, manila, share_id, rule) else error
    return None


def _is_there(manila, share_id, rule):
    return _name(rule) in _list(manila, share_id)


def _list(manila, share_id):
    return {_name(rule): rule for rule in manila.list_access(share_id)}


def _name(rule):
    return tuple(rule[key] for key in _IDENTITY)


def _sum_up(states):
    return 'active' if all(state == 'active' for state in states) else 'applying'


def _is_active(found):
    return found['status'] == 'active'


def _fail(found, errors):
    names = ', '.join(' '.join(name) for name in found['failed'])
    text = f'{found["id"]}: Manila could not apply the access rule {names}.'
    if not errors:
        raise exception.ProtectionFailed(reason=text)
    first = next(iter(errors.values()))
    told = str(first).rstrip('.')
    raise type(first)(f'{told}. {text}', **first.kwargs) from first
