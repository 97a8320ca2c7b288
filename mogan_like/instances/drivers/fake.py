"""A driver without machines: steps that take time, fail and survive a kill.

Its options are in ``fake_conf``, what its machines are like in
``fake_machine``, where that is kept in ``fake_state``.
"""

import contextlib
import os
import uuid

from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.instances.drivers import base
from mogan_like.instances.drivers import fake_conf
from mogan_like.instances.drivers import fake_machine
from mogan_like.instances.drivers import fake_state

#: A node's uuid is made from its name and this, in every process alike.
_NODES = uuid.UUID('0b6dcdb1-3a1c-4e0e-9c9d-2f6f6b1a5d5e')


class FakeDriver(base.Driver):
    """Does to records what another driver does to machines."""

    name = 'fake'

    def __init__(self):
        fake_conf.register_opts(CONF)
        self._memory = fake_state.MemoryState()

    @property
    def state(self):
        """Where the machines live."""
        path = CONF.fake.state_dir
        return fake_state.DirectoryState(path) if path else self._memory

    def inventory(self):
        names = (
            f'{CONF.fake.node_name_prefix}-{number}'
            for number in range(CONF.fake.nodes)
        )
        resource_class = CONF.fake.resource_class
        properties = CONF.fake.node_properties
        return [
            base.NodeSpec(
                str(uuid.uuid5(_NODES, name)), name, resource_class, dict(properties)
            )
            for name in names
        ]

    def check_request(self, request):
        for network in request.networks:
            for key in sorted(set(network) - {'net_id'}):
                raise exception.FieldNotSupported(
                    driver=self.name, field=f'networks.{key}'
                )

    def build(self, job, node, instance_uuid, image, networks, user_data, public_key):
        machine = self._open(job, node, instance_uuid, 'build', instance_uuid)
        if machine.claim():
            self._leave_if_late(job, machine)
        changes = {
            'power_off': lambda record: record.update(power=base.POWER_OFF),
            'write_image': _write(image, user_data, public_key),
            'configure_network': _connect(machine, networks),
            'power_on': lambda record: record.update(power=base.POWER_ON, built=True),
        }
        # Once built, the machine is its user's: whatever work was done on it
        # since, a build that comes again does not touch it.
        if not self._read(job, machine)['built']:
            self._run(job, machine, changes)
        return self._read(job, machine)['addresses']

    def rebuild(self, job, node, instance_uuid, image, networks, user_data, public_key):
        machine = self._open(job, node, instance_uuid, 'rebuild', job.id)
        connect = _connect(machine, networks)

        def power_on(record):
            # A build that failed may have left the machine unconnected.
            connect(record)
            record.update(power=base.POWER_ON, built=True)

        changes = {
            'write_image': _write(image, user_data, public_key),
            'power_on': power_on,
        }
        self._run(job, machine, changes)
        return self._read(job, machine)['addresses']

    def power(self, job, node, instance_uuid, target):
        machine = self._open(job, node, instance_uuid, 'power', job.id)
        wanted = base.POWER_TARGETS[target]
        is_switch = not target.endswith('reboot')
        if is_switch and self._read(job, machine)['power'] == wanted:
            return wanted
        changes = {'set_power': lambda record: record.update(power=wanted)}
        self._run(job, machine, changes)
        return self._read(job, machine)['power']

    def delete(self, job, node, instance_uuid):
        machine = self._open(job, node, instance_uuid, 'delete', instance_uuid)
        changes = {
            'power_off': lambda record: record.update(power=base.POWER_OFF),
            'wipe': lambda record: record.update(
                image=None, user_data=None, public_key=None
            ),
        }
        # Clean already, another's, or a second delete was quicker.
        with contextlib.suppress(fake_machine.NotHeld):
            self._run(job, machine, changes)
        machine.clean()

    def _open(self, job, node, instance_uuid, verb, work_id):
        job.check()
        return fake_machine.Machine(self.state, node, instance_uuid, verb, work_id)

    def _leave_if_late(self, job, machine):
        """Give back a machine that was cleaned between our check and claim."""
        try:
            job.check()
        except base.JobCancelled:
            machine.clean()
            raise

    def _read(self, job, machine):
        with _explaining(job):
            return machine.read()

    def _run(self, job, machine, changes):
        """Do what no former call of the same work has done."""
        with _explaining(job):
            done = machine.begin()
        for step in fake_conf.STEPS[machine.verb]:
            if step in done:
                continue
            with job.step(step), self._journal(machine, step), _explaining(job):
                self._act(job, f'{machine.verb}.{step}', step)
                while not machine.finish(step, changes[step]):
                    # Other work has begun: one of the two is late, not ours
                    # if the check lets us through.
                    job.check()
                    machine.begin(done)
            done.append(step)

    def _act(self, job, name, step):
        """Take the time that the step takes, and fail if told to."""
        seconds = CONF.fake.step_seconds
        duration = seconds.get(name, seconds.get(step, 0))
        if duration:
            job.wait(duration)
        for text in CONF.fake.fail_steps:
            failure = fake_conf.parse_failure(text)
            if failure.step == name and self._is_due(text, failure.times):
                raise _failure(failure)

    def _is_due(self, text, times):
        """Count one failure; False when there were as many as asked for."""
        if times is None:
            return True
        with self.state.lock():
            counts = self.state.read('failures') or {}
            so_far = counts.get(text, 0)
            if so_far >= times:
                return False
            self.state.write('failures', {**counts, text: so_far + 1})
        return True

    @contextlib.contextmanager
    def _journal(self, machine, step):
        def note(phase, result=None):
            self.state.note(
                {
                    'time': clock.isoformat(clock.utcnow()),
                    'pid': os.getpid(),
                    'node': machine.node.uuid,
                    'instance': machine.instance_uuid,
                    'step': f'{machine.verb}.{step}',
                    'phase': phase,
                    'result': result,
                }
            )

        note('start')
        try:
            yield
        except base.JobCancelled:
            note('end', 'cancelled')
            raise
        except Exception:
            note('end', 'failed')
            raise
        note('end', 'done')


@contextlib.contextmanager
def _explaining(job):
    """A machine lost to another job is no fault of an instance."""
    try:
        yield
    except fake_machine.NotHeld:
        job.check()
        raise


def _write(image, user_data, public_key):
    return lambda record: record.update(
        image=image, user_data=user_data, public_key=public_key
    )


def _connect(machine, networks):
    names = [network['net_id'] for network in networks]
    return lambda record: machine.hold_addresses(record, names)


def _failure(failure):
    if failure.kind == 'temporary':
        return base.NodeUnreachable(
            f'The node cannot be reached (the fake was told so, at {failure.step}).'
        )
    if failure.kind == 'bug':
        return RuntimeError(f'the fake was told to break at {failure.step}')
    return base.DriverError(f'{failure.step} failed (the fake was told so).')
