"""One machine of the fake driver: whose it is, what is on it, what was done.

A clean machine has no record. Every change is made under the state's lock,
after a look at whose machine it is: a worker that is too late changes nothing.
"""

import hashlib
import ipaddress

from mogan_like.instances.drivers import base

NETWORK = ipaddress.ip_network('192.0.2.0/24')
DEFAULT_NETWORK = 'private'


class NotHeld(base.DriverError):
    """The machine is clean, is being cleaned, or holds another instance."""

    msg_fmt = 'The node does not hold this instance.'


class Machine:
    """A machine as one piece of work for one instance sees it.

    :ivar verb: what the work is; while one is deleting, no other verb's is done
    """

    def __init__(self, state, node, instance_uuid, verb, work_id):
        self.node = node
        self.instance_uuid = instance_uuid
        self.verb = verb
        self._work = f'{verb} {work_id}'
        self._state = state
        self._key = f'nodes/{node.uuid}'

    def claim(self):
        """Make a clean machine this instance's.

        :returns: True if it was clean, False if it is this instance's already
        :raises DriverError: if it holds another instance
        """
        with self._state.lock():
            record = self._state.read(self._key)
            if record is None:
                self._state.write(self._key, self._new_record())
                return True
            if record['instance_uuid'] != self.instance_uuid:
                raise base.DriverError('The node holds another instance.')
            return False

    def read(self):
        """The record.

        :raises NotHeld: if it is not this instance's
        """
        with self._state.lock():
            return self._read()

    def begin(self, done=()):
        """Make this the machine's work, unless it is already.

        :param done: steps that are known to be done
        :returns: the steps that are done, in a new list
        :raises NotHeld: if the machine is not this instance's
        """
        with self._state.lock():
            record = self._read()
            if not self._is_current(record):
                record['work'] = {'is': self._work, 'done': list(done)}
                record['deleting'] = self.verb == 'delete'
                self._state.write(self._key, record)
            return record['work']['done']

    def finish(self, step, change):
        """Make the step's change and note that it is made, both or neither.

        :param change: called with the record, which it alters
        :returns: False if other work has begun since, and nothing is changed
        :raises NotHeld: if the machine is not this instance's
        """
        with self._state.lock():
            record = self._read()
            if not self._is_current(record):
                return False
            change(record)
            record['work']['done'].append(step)
            self._state.write(self._key, record)
            return True

    def hold_addresses(self, record, networks):
        """Give the record exactly one address for each network.

        Called from the change of a step, so under the lock.

        :raises DriverError: if no address is left
        """
        taken = self._state.read('addresses') or {}
        addresses = {}
        mine = {
            owner[1]: addr
            for addr, owner in taken.items()
            if owner[0] == self.node.uuid
        }
        kept = {
            addr: owner for addr, owner in taken.items() if owner[0] != self.node.uuid
        }
        for index, name in enumerate(networks or [DEFAULT_NETWORK]):
            addr = mine.get(index) or _find_free({*taken, *kept})
            kept[addr] = [self.node.uuid, index]
            addresses.setdefault(name, []).append(
                {'addr': addr, 'version': 4, 'mac_addr': self._mac(index)}
            )
        self._state.write('addresses', kept)
        record['addresses'] = addresses

    def clean(self):
        """Leave the machine free; one that is not this instance's alone."""
        with self._state.lock():
            record = self._state.read(self._key)
            if record is None or record['instance_uuid'] != self.instance_uuid:
                return
            taken = self._state.read('addresses') or {}
            self._state.write(
                'addresses',
                {
                    addr: owner
                    for addr, owner in taken.items()
                    if owner[0] != self.node.uuid
                },
            )
            # Last: whoever is killed before it will be asked to clean again.
            self._state.remove(self._key)

    def _is_current(self, record):
        return record['work'] is not None and record['work']['is'] == self._work

    def _read(self):
        record = self._state.read(self._key)
        if (
            record is None
            or record['instance_uuid'] != self.instance_uuid
            or (record['deleting'] and self.verb != 'delete')
        ):
            raise NotHeld()
        return record

    def _new_record(self):
        return {
            'node_uuid': self.node.uuid,
            'node_name': self.node.name,
            'instance_uuid': self.instance_uuid,
            'power': base.POWER_OFF,
            'image': None,
            'user_data': None,
            'public_key': None,
            'addresses': {},
            'built': False,
            'deleting': False,
            'work': None,
        }

    def _mac(self, index):
        digest = hashlib.sha256(f'{self.node.uuid} {index}'.encode()).hexdigest()
        return ':'.join(['52', '54', '00', digest[:2], digest[2:4], digest[4:6]])


def _find_free(taken):
    for address in NETWORK.hosts():
        if str(address) not in taken:
            return str(address)
    raise base.DriverError(f'No address of {NETWORK} is left.')
