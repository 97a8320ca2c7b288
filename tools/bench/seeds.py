"""Rows as a service has them: many projects, every status, mixed names."""

import hashlib
import uuid

from tools.bench import site


def make_uuid(kind, number):
    """The uuid that SQL makes of this number too."""
    return str(uuid.UUID(make_hash(kind, number)))


def make_hash(kind, number):
    """The id of a user or project that SQL makes of this number too."""
    return hashlib.md5(f'{kind}{number}'.encode()).hexdigest()


def _uuid(kind, number='seq'):
    """SQL of a uuid that follows from a number."""
    text = f"MD5(CONCAT('{kind}', {number}))"
    for position in (9, 14, 19, 24):
        text = f"INSERT({text}, {position}, 0, '-')"
    return text


def _time(seconds):
    """SQL of a time."""
    return f"TIMESTAMP('2026-01-01') + INTERVAL {seconds} SECOND"


def _choose(words, number):
    """SQL of one of some words, by a number; a word may be there often."""
    quoted = ', '.join(f"'{word}'" for word in words)
    return f'ELT(1 + ({number}) % {len(words)}, {quoted})'


_OWN = f"seq % 2 = 0, '{site.PROJECT}'"
_DELETED = 'seq DIV 2 % 10 = 0'
_STATUSES = ['ACTIVE'] * 12 + ['STOPPED'] * 4 + ['LOCKED'] * 2 + ['ERROR', 'BUILDING']
_CHANGED = _time('seq + seq * 7919 % 86400')

#: Every value that a filter is given is in a fortieth of the rows or more of a
#: project, so that a page of 20 is full in a thousand rows too; but names, of
#: which most are one instance's.
INSTANCES = {
    'uuid': _uuid('instance'),
    'name': "IF(seq DIV 4 % 10 = 1, 'metal', CONCAT('metal-', LPAD(seq, 7, '0')))",
    'description': "IF(seq % 3 = 0, 'Front end of the shop', NULL)",
    'project_id': f"IF({_OWN}, MD5(CONCAT('project', seq % 97)))",
    'user_id': f"IF({_OWN}, MD5(CONCAT('user', seq % 193)))",
    'status': f"IF({_DELETED}, 'DELETED', {_choose(_STATUSES, 'seq DIV 3')})",
    'power_state': f"IF({_DELETED}, NULL, 'on')",
    'flavor_uuid': _uuid('flavor', 'seq DIV 7 % 5'),
    'image_uuid': _uuid('image', 'seq % 7'),
    'node_uuid': f'IF({_DELETED}, NULL, {_uuid("node")})',
    'availability_zone': "'zone-1'",
    'metadata': """CONCAT('{"role":"web","rack":"r', seq % 40, '"}')""",
    'networks': f"""CONCAT('[{{"net_id":"', {_uuid('network', 'seq % 9')}, '"}}]')""",
    'addresses': """CONCAT('{"public":[{"addr":"192.0.2.', seq % 250, '"}]}')""",
    'key_name': "'work'",
    'created_at': _time('seq'),
    'updated_at': _CHANGED,
    'launched_at': _time('seq + 60'),
    'deleted': f'IF({_DELETED}, 1, 0)',
    'deleted_at': f'IF({_DELETED}, {_CHANGED}, NULL)',
}

#: All of them ACTIVE and not deleted: what lock and unlock are sent to.
ACTIVE_INSTANCES = INSTANCES | {
    'status': "'ACTIVE'",
    'power_state': "'on'",
    'node_uuid': _uuid('node'),
    'deleted': '0',
    'deleted_at': 'NULL',
}

_KINDS = ['instance'] * 18 + ['flavor', 'keypair']
_VERBS = ['create', 'delete', 'lock', 'unlock', 'power_on', 'power_off', 'rebuild']
_RESULTS = ['success'] * 16 + ['refused'] * 2 + ['error', 'cancelled']

#: Twenty for each object.
ACTIONS = {
    'object_type': _choose(_KINDS, 'seq DIV 20'),
    'object_id': _uuid('instance', 'seq DIV 20'),
    'action': _choose(_VERBS, 'seq'),
    'request_id': f"CONCAT('req-', {_uuid('request')})",
    'user_id': "MD5(CONCAT('user', seq % 19))",
    'project_id': "MD5(CONCAT('project', seq % 13))",
    'owner_project_id': "MD5(CONCAT('project', seq % 11))",
    'cause': "'user'",
    'started_at': _time('seq'),
    'updated_at': _time('seq + 5'),
    'finished_at': _time('seq + 5'),
    'result': _choose(_RESULTS, 'seq DIV 2'),
}

EVENTS = {
    'action_id': 'seq',
    'event': _choose(_VERBS, 'seq'),
    'started_at': _time('seq'),
    'finished_at': _time('seq + 5'),
    'result': _choose(_RESULTS, 'seq DIV 2'),
    'host': "'conductor-1'",
}

NODES = {
    'uuid': _uuid('node'),
    'name': "CONCAT('node-', LPAD(seq, 7, '0'))",
    'resource_class': _choose(['gold', 'silver', 'bronze'], 'seq'),
    'properties': """'{"cpus":"16","memory_mb":"65536","local_gb":"960"}'""",
    'maintenance': 'seq DIV 3 % 20 = 0',
    'present': '1',
    'reservable': '0',
    'instance_uuid': f'IF(seq % 3 = 0, NULL, {_uuid("instance")})',
    'free': 'IF(seq % 3 = 0 AND seq DIV 3 % 20 != 0, 1, 0)',
    'created_at': _time('seq'),
    'updated_at': _time('seq + 5'),
}

FLAVORS = {
    'uuid': _uuid('flavor'),
    'name': "CONCAT('flavor-', LPAD(seq, 7, '0'))",
    'resource_class': _choose(['gold', 'silver', 'bronze'], 'seq'),
    'properties': """'{"cpus":"16"}'""",
    'is_public': 'seq % 10 != 0',
    'disabled': '0',
    'created_at': _time('seq'),
    'updated_at': _time('seq + 5'),
}

KEYPAIRS = {
    'user_id': f"IF(seq % 2 = 0, '{site.USER}', MD5(CONCAT('user', seq % 193)))",
    'name': "CONCAT('key-', LPAD(seq, 7, '0'))",
    'type': "'ssh'",
    'fingerprint': "CONCAT('SHA256:', MD5(seq), 'abcdefghijk')",
    'public_key': "CONCAT('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI', MD5(seq), 'xyz')",
    'created_at': _time('seq'),
}

LEASE_TABLES = ('leases', 'reservations', 'lease_events')


def make_leases(started):
    """{table: columns} of leases of nothing; two events for each.

    :param started: whether they are ACTIVE, or PENDING
    """
    stamps = {'created_at': _time('seq'), 'updated_at': _time('seq')}
    lease = _uuid('lease', 'seq')
    of_event = _uuid('lease', '((seq + 1) DIV 2)')
    done = f"IF(seq % 2 = 1 AND {int(started)}, 'DONE', 'UNDONE')"
    return {
        'leases': {
            'uuid': lease,
            'name': "CONCAT('lease-', seq)",
            'project_id': "MD5(CONCAT('project', seq % 97))",
            'user_id': "MD5(CONCAT('user', seq % 193))",
            'start_date': _time('seq'),
            # By then it is not the end that is measured.
            'end_date': "TIMESTAMP('2099-01-01') + INTERVAL seq SECOND",
            'status': "'ACTIVE'" if started else "'PENDING'",
            'degraded': '0',
            'deleted': '0',
            **stamps,
        },
        'reservations': {
            'uuid': _uuid('reservation', 'seq'),
            'lease_uuid': lease,
            'resource_type': "'dummy.vm.plugin'",
            'status': "'active'" if started else "'pending'",
            'started': str(int(started)),
            'unsettled': '0',
            'missing_resources': '0',
            'resources_changed': '0',
            'requested': "'{}'",
            **stamps,
        },
        'lease_events': {
            'uuid': _uuid('event', 'seq'),
            'lease_uuid': of_event,
            'event_type': "IF(seq % 2 = 1, 'start_lease', 'end_lease')",
            'time': _time('seq'),
            'status': done,
            'result': f"IF({done} = 'DONE', 'done', NULL)",
            **stamps,
        },
    }


def make_due_work(resource_type, due):
    """Columns of the due work of these leases."""
    return {
        'kind': f"'lease/{resource_type}'",
        'object_id': _uuid('lease', 'seq'),
        'due_at': f"'{due}'",
        'until': f"'{due}'",
        'generation': '1',
        'attempts': '0',
        'payload': "'{}'",
    }
