"""The embedded service killed -9 at any moment, again and again."""

import os
import random
import threading
import uuid

import requests
import testtools
from testtools import content

from mogan_like.instances.drivers import fake_conf
from tests import fixtures
from tests.processes import embedded

_ROUNDS = 4
_CALLERS = 4
#: Seconds of one step, and how long a round lasts at most: a verb or two.
_STEP, _ROUND = 0.05, 0.8


class Caller:
    """Creates and deletes by turns, and remembers what it asked for.

    :ivar asked: {Idempotency-Key: uuid, or None when no answer came}
    :ivar dropped: uuids whose deletion was asked for
    """

    def __init__(self, service, flavor, chance):
        self._service = service
        self._body = {
            'name': 'metal',
            'image_uuid': fixtures.IMAGE,
            'flavor_uuid': flavor,
        }
        self._chance = chance
        self.asked = {}
        self.dropped = []

    def work(self):
        """Go on until nobody answers."""
        try:
            while True:
                key = uuid.uuid4().hex
                self.asked[key] = None
                made = self.create(key)
                if self._chance.random() < 0.5:
                    self.dropped.append(made)
                    requests.delete(
                        f'{self._service.url}/v1/instances/{made}', timeout=30
                    )
        except requests.RequestException:
            return

    def create(self, key):
        """Ask for an instance under a key, or again for the same one."""
        answer = requests.post(
            f'{self._service.url}/v1/instances',
            json=self._body,
            headers={'Idempotency-Key': key},
            timeout=30,
        )
        assert answer.status_code == 202, answer.text
        self.asked[key] = answer.json()['uuid']
        return self.asked[key]


class KilledAtRandomTest(testtools.TestCase):
    def test_nothing_is_lost_or_done_twice(self):
        chance = self._make_chance()
        service = self.useFixture(
            embedded.Embedded(
                self,
                fake__nodes=200,
                fake__step_seconds=','.join(
                    f'{verb}.{step}:{_STEP}'
                    for verb, steps in fake_conf.STEPS.items()
                    for step in steps
                ),
                quota__instances=200,
                # Unlucky work is begun in every round.
                instances__max_attempts=_ROUNDS + 1,
            )
        )
        flavor = self._make_flavor(service)
        callers = [
            Caller(service, flavor, random.Random(chance.random()))
            for _ in range(_CALLERS)
        ]
        for _ in range(_ROUNDS):
            self._play(service, callers, chance.uniform(0, _ROUND))
            service.start_conductor()
        for caller in callers:
            self._repeat(service, caller)
        service.wait_until_settled()
        self._check(service, callers)

    def _make_chance(self):
        seed = os.environ.get('MOGAN_LIKE_TEST_SEED') or uuid.uuid4().hex
        text = f'run again with MOGAN_LIKE_TEST_SEED={seed}'
        self.addDetail('seed', content.text_content(text))
        return random.Random(seed)

    def _make_flavor(self, service):
        answer = requests.post(
            f'{service.url}/v1/flavors',
            json={'name': 'metal', 'resource_class': 'baremetal'},
            timeout=30,
        )
        self.assertEqual(201, answer.status_code, answer.text)
        return answer.json()['uuid']

    def _play(self, service, callers, seconds):
        threads = [threading.Thread(target=caller.work) for caller in callers]
        for thread in threads:
            thread.start()
        # What is waited for is a moment that nothing marks.
        threading.Event().wait(seconds)
        service.stop_conductor()
        for thread in threads:
            thread.join(60)

    def _repeat(self, service, caller):
        for key, before in list(caller.asked.items()):
            again = caller.create(key)
            self.assertIn(before, (None, again), 'two instances under one key')
        for made in caller.dropped:
            answer = requests.delete(f'{service.url}/v1/instances/{made}', timeout=30)
            self.assertIn(answer.status_code, (202, 404), answer.text)

    def _check(self, service, callers):
        asked = [made for caller in callers for made in caller.asked.values()]
        dropped = {made for caller in callers for made in caller.dropped}
        found = service.fetch('SELECT uuid, status FROM instances')
        self.assertEqual(
            sorted(
                (made, 'DELETED' if made in dropped else 'ACTIVE') for made in asked
            ),
            sorted(map(tuple, found)),
        )
        for made in asked:
            actions = service.list_actions(made)
            creates = [a for a in actions if a['action'] == 'create']
            self.assertEqual(1, len(creates), actions)
            results = {action['result'] for action in actions}
            self.assertIn(creates[0]['result'], ('success', 'cancelled'))
            self.assertEqual(set(), results - {'success', 'cancelled', 'refused'})
        self.assertEqual(
            [], service.fetch('SELECT * FROM action_events WHERE finished_at IS NULL')
        )
        service.check_books(self)
