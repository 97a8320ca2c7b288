"""Conductors killed -9 in every step of every long verb, all at one moment."""

from mogan_like.instances.drivers import fake_conf
from tests.processes import site_case

#: Longer than any test.
_FOR_EVER = 3600
#: Each conductor stays for ever in one step of every verb: the first in all
#: first steps, the second in all second ones.
_LANES = max(len(steps) for steps in fake_conf.STEPS.values())


class KilledInStepsMixin:
    """Work that was accepted, and work in every step, is finished by others."""

    database: str

    def outlive(self, service):
        """What follows the death of the conductors at work."""
        raise NotImplementedError

    def test_every_step_of_every_verb(self):
        # Nobody loses a claim but by being killed, on any machine.
        service = self.make_site(self.database, conductor__claim_ttl=_FOR_EVER)
        lanes = [self._start_lane(service, lane) for lane in range(_LANES)]
        held = self._hold(service, lanes)
        with service.machines_stopped():
            waiting = self._accept(service, lanes)
            for _, process in lanes:
                process.kill()
        service.expire_claims()
        self.outlive(service)
        service.wait_until_settled()
        for verb, uuid, lane in held:
            self._check(service, verb, uuid, lane)
        for verb, uuid in waiting:
            self._check(service, verb, uuid, None)
        service.check_books(self)

    def _start_lane(self, service, lane):
        topic = service.name_topic(f'lane-{lane}')
        steps = [
            f'{verb}.{steps[lane]}:{_FOR_EVER}'
            for verb, steps in fake_conf.STEPS.items()
            if lane < len(steps)
        ]
        process = service.start(
            'mogan-like-conductor',
            conductor__rpc_topic=topic,
            fake__step_seconds=','.join(steps),
        )
        return topic, process

    def _hold(self, service, lanes):
        """[(verb, instance, number of the step that it is held in)]."""
        cases = [
            (verb, lane)
            for verb, steps in fake_conf.STEPS.items()
            for lane in range(len(steps))
        ]
        # Two of each: the second are for _accept.
        self.instances = {
            (verb, lane): service.make_instance(wait=None)
            for verb, lane in [*cases, *((verb, None) for verb in fake_conf.STEPS)]
            if verb != 'build'
        }
        for uuid in self.instances.values():
            service.wait_for(uuid, 'ACTIVE')
        held = []
        for lane, (topic, process) in enumerate(lanes):
            service.call_on(topic)
            service.wait_for_conductor(process)
            held += [
                (verb, self.begin(service, verb, self.instances.get(case)), lane)
                for case in cases
                for verb, its_lane in [case]
                if its_lane == lane
            ]
        for verb, uuid, lane in held:
            service.wait_for_step(uuid, f'{verb}.{fake_conf.STEPS[verb][lane]}')
        return held

    def _accept(self, service, lanes):
        """[(verb, instance)] of verbs that nothing was done for yet."""
        service.call_on(lanes[0][0])
        return [
            (verb, self.begin(service, verb, self.instances.get((verb, None))))
            for verb in fake_conf.STEPS
        ]

    def _check(self, service, verb, uuid, lane):
        self.check_outcome(service, verb, uuid)
        verbs = ['build'] if verb == 'build' else ['build', verb]
        events = []
        for number, step in enumerate(fake_conf.STEPS[verb]):
            if number == lane:
                events.append((f'{verb}.{step}', 'interrupted'))
            events.append((f'{verb}.{step}', 'success'))
            self.assertEqual(1, service.count_steps(uuid, f'{verb}.{step}'))
        self.check_history(service, uuid, verbs, events)


class AnotherConductorTest(KilledInStepsMixin, site_case.SiteCase):
    """One that runs beside them takes over when their claims run out."""

    database = 'mysql'

    def outlive(self, service):
        self.assertIsNone(service.conductor.get_status())


class NextStartTest(KilledInStepsMixin, site_case.SiteCase):
    """All are killed; one is started again."""

    database = 'sqlite'

    def outlive(self, service):
        service.stop_conductor()
        service.start_conductor()
