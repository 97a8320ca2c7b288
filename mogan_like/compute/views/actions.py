"""How the audit of an instance looks as Nova's instance actions."""

from mogan_like.compute.views import servers

#: What Nova calls our verbs and their only steps.
_VERBS = {'power_on': 'start', 'power_off': 'stop'}
_STEPS = {'lock': 'api_lock', 'unlock': 'api_unlock'}

_WITH_EVENTS = (2, 51)
_WITH_UPDATED = (2, 58)
#: Since when events tell their host.
WITH_HOST = (2, 62)
_WITH_DETAILS = (2, 84)


def summarize(row, version):
    """An action of a list."""
    view = {
        'action': _VERBS.get(row.action, row.action),
        'instance_uuid': row.object_id,
        'request_id': row.request_id,
        'user_id': row.user_id,
        'project_id': row.project_id,
        'start_time': row.started_at,
        'message': row.message,
    }
    if version >= _WITH_UPDATED:
        view['updated_at'] = row.updated_at
    return view


def show(row, events, version, internals):
    """One action, with its events for who may see them.

    :param internals: with host and traceback, for who may see those
    """
    view = summarize(row, version)
    if internals or version >= _WITH_EVENTS:
        view['events'] = [
            _show_event(event, row.owner_project_id, version, internals)
            for event in events
        ]
    return view


def _show_event(event, project_id, version, internals):
    view = {
        'event': _STEPS.get(event.event, event.event),
        'start_time': event.started_at,
        'finish_time': event.finished_at,
        'result': _show_result(event.result),
    }
    if internals:
        view['traceback'] = event.traceback
    if version >= WITH_HOST:
        view['hostId'] = servers.hash_host(project_id, event.host)
        if internals:
            view['host'] = event.host
    if internals and version >= _WITH_DETAILS:
        view['details'] = event.message
    return view


def _show_result(result):
    """Nova knows two ends, and none yet."""
    if result is None:
        return None
    return 'Success' if result == 'success' else 'Error'
