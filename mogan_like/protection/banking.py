"""What is kept of checkpoints in banks, laid out as Karbor does.

``checkpoints/<id>/index.json`` has the checkpoint, ``resource-data`` beside it
what plugins recorded, and three ``indices`` lead to it by provider, date and
plan. The index comes after what it leads to is written, and goes before that is
removed: half of it is never found, and the same keys are written again by
whoever finishes it.
"""

import collections
import datetime
import hashlib
import re

import orjson

from mogan_like.common import clock
from mogan_like.protection import states

#: Of the layout; Karbor's.
_VERSION = '0.9'
_ROOT = 'checkpoints'
_INDEX = 'index.json'
_SAFE = re.compile(r'(?!sha256:)(?!\.{1,2}$)[A-Za-z0-9\-_.:@]{1,120}')
_EPOCH = datetime.datetime(1970, 1, 1)
#: How many keys are read at once.
_PAGE = 1000


def write(bank, checkpoint, resources, check, status=None):
    """Keep what the rows say.

    :param checkpoint: the row; ``status`` is kept in place of its own
    :param resources: the rows of its resources
    :param check: called before each change: raises when it is not ours to make
    :raises BankFailed: it is not known how much was written
    """
    root = _get_root(checkpoint.uuid)
    documents = {}
    for key, row in _name_resources(resources):
        documents[f'{root}/resource-data/{key}/status'] = _to_status(row)
        documents[f'{root}/resource-data/{key}/metadata'] = orjson.loads(row.data)
    documents[f'{root}/{_INDEX}'] = _to_index(checkpoint, status or checkpoint.status)
    for key in _list_indices(checkpoint):
        documents[key] = {'checkpoint_id': checkpoint.uuid}
    for key, document in documents.items():
        check()
        bank.put(key, document)


def remove(bank, checkpoint, resources, check):
    """Keep no more than that the checkpoint was deleted.

    :param check: called before each change: raises when it is not ours to make
    :raises BankFailed: it is not known how much was removed
    """
    root = _get_root(checkpoint.uuid)
    for key in _list_indices(checkpoint):
        check()
        bank.delete(key)
    check()
    bank.put(f'{root}/{_INDEX}', _to_index(checkpoint, states.DELETED))
    for key, _ in _name_resources(resources):
        check()
        bank.delete(f'{root}/resource-data/{key}/status')
        bank.delete(f'{root}/resource-data/{key}/metadata')


def list_all(bank):
    """Ids of all checkpoints that the bank has a record of, deleted ones too."""
    marker = None
    while True:
        keys = bank.list(f'{_ROOT}/', marker=marker, limit=_PAGE)
        for key in keys:
            if key.count('/') == 2 and key.endswith(f'/{_INDEX}'):
                yield key.split('/')[1]
        if len(keys) < _PAGE:
            return
        marker = keys[-1]


def list_page(bank, provider_id, project_id, plan=None, date=None, **page):
    """Ids of a page of a project's checkpoints that are not deleted, by time.

    :param plan: the plan's id, to have its checkpoints alone
    :param date: ``YYYY-MM-DD``, to have that day's alone
    :param page: limit, and marker and descending as of :meth:`.Bank.list`
    :returns: (the ids, the marker of the page after)
    """
    project = _make_safe(project_id)
    if plan is not None:
        prefix = f'indices/by-plan/{plan}/{project}/' + (f'{date}/' if date else '')
    elif date is not None:
        prefix = f'indices/by-date/{date}/{project}/'
    else:
        prefix = f'indices/by-provider/{provider_id}/{project}/'
    keys = list(bank.list(prefix, **page))
    return [key.rpartition('@')[2] for key in keys], keys[-1] if keys else None


def read(bank, uuid):
    """What is kept of a checkpoint.

    :returns: (its index, a dict; [(status, metadata)] of its resources, dicts)
    :raises BankKeyNotFound: when part of it is missing
    """
    root = _get_root(uuid)
    index = bank.get(f'{root}/{_INDEX}')
    prefix, marker, keys = f'{root}/resource-data/', None, []
    while page := bank.list(prefix, marker=marker, limit=_PAGE):
        keys += page
        marker = keys[-1]
    folders = [key.rpartition('/')[0] for key in keys if key.endswith('/status')]
    return index, [
        (bank.get(f'{folder}/status'), bank.get(f'{folder}/metadata'))
        for folder in folders
    ]


def _get_root(uuid):
    return f'{_ROOT}/{uuid}'


def _to_index(checkpoint, status):
    created = checkpoint.created_at
    return {
        'version': _VERSION,
        'id': checkpoint.uuid,
        'status': status,
        'owner_id': checkpoint.user_id,
        'provider_id': checkpoint.provider_id,
        'project_id': checkpoint.project_id,
        'protection_plan': orjson.loads(checkpoint.plan),
        'extra_info': orjson.loads(checkpoint.extra_info),
        'created_at': f'{created:%Y-%m-%d}',
        'timestamp': _get_timestamp(created),
        'resource_graph': orjson.loads(checkpoint.resource_graph),
        # Ours: to the microsecond, and why it failed.
        'created': clock.isoformat(created),
        'fault': checkpoint.fault,
    }


def _to_status(row):
    return {
        'status': row.status,
        'type': row.resource_type,
        'id': row.resource_id,
        'name': row.name,
        'fault': row.fault,
    }


def _list_indices(checkpoint):
    created = checkpoint.created_at
    date, project = f'{created:%Y-%m-%d}', _make_safe(checkpoint.project_id)
    name = f'{_get_timestamp(created)}@{checkpoint.uuid}'
    return (
        f'indices/by-date/{date}/{project}/{name}',
        f'indices/by-plan/{checkpoint.plan_uuid}/{project}/{date}/{name}',
        f'indices/by-provider/{checkpoint.provider_id}/{project}/{name}',
    )


def _get_timestamp(created):
    """Microseconds since 1970: keys sort by them, the newest last."""
    return (created - _EPOCH) // datetime.timedelta(microseconds=1)


def _name_resources(resources):
    """[(what a resource's folder is called, its row)]."""
    ids = collections.Counter(row.resource_id for row in resources)
    for row in resources:
        name = row.resource_id
        if ids[name] > 1:
            # Two types may use the same id.
            name = f'{row.resource_type}@{name}'
        yield _make_safe(name), row


def _make_safe(name):
    """A name as a segment of a key; what it is called in full is in the document."""
    if _SAFE.fullmatch(name):
        return name
    return f'sha256:{hashlib.sha256(name.encode()).hexdigest()}'
