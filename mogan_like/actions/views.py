"""How the audit looks from outside."""

_ACTION = (
    'id',
    'object_type',
    'object_id',
    'action',
    'request_id',
    'user_id',
    'project_id',
    'owner_project_id',
    'cause',
    'cause_id',
    'started_at',
    'updated_at',
    'finished_at',
    'result',
    'message',
)
_EVENT = ('event', 'started_at', 'finished_at', 'result', 'message')
_INTERNAL_EVENT = (*_EVENT, 'host', 'traceback')


def show(row, events, internals):
    """One action.

    :param events: its events, or None to leave them out
    :param internals: with host and traceback, for who may see those
    """
    view = {name: getattr(row, name) for name in _ACTION}
    if events is not None:
        names = _INTERNAL_EVENT if internals else _EVENT
        view['events'] = [_show_event(event, names) for event in events]
    return view


def _show_event(event, names):
    view = {name: getattr(event, name) for name in names}
    if event.omitted:
        view['message'] = f'Here were {event.omitted} more, which are not kept.'
    return view
