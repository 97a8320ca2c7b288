"""Every microversion that is said to be served, asked for on every route."""

import unittest

import orjson

from mogan_like.api import root
from mogan_like.api import versions
from tests import personas
from tests.functional.compute import compute_case
from tests.functional.compute import version_table

_LAST = versions.parse(versions.COMPUTE.max_text)[1]


def find_outcome(probe, minor):
    """(status, keys) at a version, as the table says."""
    status, keys = None, set()
    for version in sorted(probe.steps, key=versions.parse):
        if versions.parse(version)[1] > minor:
            break
        for each in version_table.as_tuple(probe.steps[version]):
            if isinstance(each, int):
                status = each
            else:
                names = set(each.split())
                gone = {name for name in names if name[0] == '-'}
                keys = (keys | names - gone) - {name[1:] for name in gone}
    return status, keys if status < 400 else set()


def list_changes(probe):
    """The minor versions at which the answer changes."""
    return [
        minor
        for minor in range(2, _LAST + 1)
        if find_outcome(probe, minor) != find_outcome(probe, minor - 1)
    ]


def find_keys(answer, part):
    """The keys of a part of an answer; none of what is not there."""
    found = None if part is None or answer.status >= 400 else answer.body
    for step in part.split('.') if part else ():
        if found is not None:
            found = found[0] if step == '0' else found.get(step)
    return set(found or ())


class TablesTest(unittest.TestCase):
    def test_every_version_of_the_history_changes_an_answer(self):
        changed = {
            f'2.{minor}'
            for probe in (*version_table.ANSWERS, *version_table.SWITCHES)
            for minor in list_changes(probe)
        }
        self.assertEqual(set(versions.COMPUTE_HISTORY), changed | {'2.1'})

    def test_every_step_is_one(self):
        for probe in (*version_table.ANSWERS, *version_table.SWITCHES):
            minors = [versions.parse(version)[1] for version in probe.steps]
            self.assertEqual([1, *list_changes(probe)], sorted(minors), probe)

    def test_every_route_is_asked(self):
        asked = {probe.asks.partition('?')[0] for probe in version_table.ANSWERS}
        served = {
            f'{method} /{f"{mount}/{below}".strip("/")}'
            for mount, controller in root.make_mounts().items()
            for below, methods in controller.routes.items()
            for method in methods
        }
        novas = {
            each
            for each in served
            if each == 'GET /'
            or versions.family_of(each.partition(' ')[2]) is versions.COMPUTE
        }
        self.assertEqual(novas, asked)


class VersionsCase(compute_case.ComputeCase):
    """A test with everything that the tables name."""

    def setUp(self):
        super().setUp()
        for name in ('k', 'l'):
            body = {'name': name, 'public_key': compute_case.KEY}
            self.assertEqual(201, self.member.post('/v1/keypairs', body).status)
        flavor, _ = self.service.make_flavor(), self.service.make_flavor()
        server, rebuilt, dying, gone = (
            self.service.make_instance(flavor_uuid=flavor) for _ in range(4)
        )
        self.service.lock(server)
        self.act(server, 'unlock', client=self.admin)
        self.member.delete(f'/v2.1/servers/{gone}')
        self.service.wait_for(gone, 'DELETED')
        self.put(dying, 'DELETING')
        # So that the end of the test does not wait for what nobody does.
        self.addCleanup(self.put, dying, 'ACTIVE')
        self.made = {
            'server_id': server,
            'rebuilt': rebuilt,
            'dying': dying,
            'gone': gone,
            'flavor_id': flavor,
            'keypair_name': 'k',
            'request_id': self.find_create(server),
            'member': personas.MEMBER.user_id,
        }

    def find_create(self, uuid):
        """The request that made an instance."""
        actions = self.read(f'/servers/{uuid}/os-instance-actions')
        return actions['instanceActions'][-1]['request_id']

    def ask(self, number, probe, minor):
        """(status, keys) of what is answered at a version."""
        made = self.made | {'new': f'new-{minor}'}
        made |= {name: made[other] for name, other in probe.names.items()}
        asks, body = probe.asks, orjson.dumps(probe.body).decode()
        for name, value in made.items():
            asks = asks.replace(f'{{{name}}}', value)
            body = body.replace(f'{{{name}}}', value)
        method, path = asks.split(' ')
        answer = (self.admin if probe.admin else self.member).send(
            method,
            path,
            orjson.loads(body),
            f'2.{minor}' if path != '/' else None,
            {'Idempotency-Key': f'once-{number}'} if probe.once else None,
        )
        return answer.status, find_keys(answer, probe.part)

    def check_all(self, probes, minor):
        """Compare what is answered at a version with a table."""
        for number, probe in enumerate(probes):
            status, keys = self.ask(number, probe, minor)
            expected, names = find_outcome(probe, minor)
            self.assertEqual(
                (expected, sorted(names)),
                (status, sorted(keys)),
                (f'2.{minor}', probe.asks, probe.part, probe.body),
            )


class AnswersTest(VersionsCase):
    def test_at_every_version(self):
        for minor in range(1, _LAST + 1):
            self.check_all(version_table.ANSWERS, minor)
        self.service.wait_for(self.made['rebuilt'], 'ACTIVE')


class SwitchesTest(VersionsCase):
    def test_where_one_is(self):
        asked = {1, _LAST}
        for probe in version_table.SWITCHES:
            for minor in list_changes(probe):
                asked |= {minor - 1, minor}
        for minor in sorted(asked):
            self.check_all(version_table.SWITCHES, minor)
