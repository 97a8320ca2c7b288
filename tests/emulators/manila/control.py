"""Switches for other processes: POST /control/NAME with JSON.

=============  =====================================================================
``fault``      ``{"call": "snapshots.create", "kind": "refuse", "code": 500}``
``outcome``    ``{"operation": "snapshot.create", "end": "error"}``
``stay``       ``{"status": "snapshot.creating", "seconds": 2}``
``deferred``   ``{"on": true}``: deletions are deferred
``status``     ``{"noun": "share", "id": "...", "status": "migrating"}``
``forget``     ``{"noun": "type", "id": "..."}``: it is gone, whoever uses it
``clear``      ``{}``: all switches back
=============  =====================================================================

GET /control/records is what was asked so far.
"""

import dataclasses

PREFIX = '/control/'


def answer(application, request):
    """(status, body) of a request."""
    name = request.path.removeprefix(PREFIX)
    if request.method == 'GET' and name == 'records':
        return 200, [dataclasses.asdict(record) for record in application.records]
    verb = _VERBS.get(name)
    if request.method != 'POST' or verb is None:
        return 404, {'error': f'{request.method} {name}'}
    try:
        verb(application.state, **request.json_body)
    except (TypeError, ValueError, LookupError) as error:
        return 400, {'error': f'{type(error).__name__}: {error}'}
    return 200, {}


def _defer(state, on):
    state.switches.deferred_deletion = bool(on)


def _set_status(state, noun, id, status):
    with state.lock:
        state.set_status(noun, id, status)


def _forget(state, noun, id):
    with state.lock:
        state.forget(noun, id)


_VERBS = {
    'fault': lambda state, **values: state.switches.fault(**values),
    'outcome': lambda state, **values: state.switches.outcome(**values),
    'stay': lambda state, **values: state.switches.stay(**values),
    'clear': lambda state: state.switches.clear(),
    'deferred': _defer,
    'status': _set_status,
    'forget': _forget,
}
