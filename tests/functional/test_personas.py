"""Every rule, every persona, own and other project: who may do what."""

import unittest

from oslo_policy import policy

from mogan_like import rules
from tests import fixtures
from tests import personas
from tests.functional import persona_matrix as matrix
from tests.functional.compute import matrix as compute_matrix
from tests.functional.instances import instances_case
from tests.functional.protection import matrix as protection_matrix
from tests.functional.protection import site

_INTERNALS = {'host', 'traceback'}


def name_user(body, target):
    """A probe's body with the user that it is about."""
    if not body:
        return body
    if 'keypair' in body:
        return {'keypair': name_user(body['keypair'], target)}
    return {**body, 'user_id': target['user']} if 'user_id' in body else body


class MatrixTest(unittest.TestCase):
    """The matrix is about all that there is."""

    def test_every_rule_has_its_row_and_every_operation_its_probe(self):
        documented = {
            rule.name: {(o['method'], o['path']) for o in rule.operations}
            for rule in rules.list_rules()
            if isinstance(rule, policy.DocumentedRuleDefault)
        }
        self.assertEqual(set(documented), set(matrix.MATRIX))
        self.assertEqual(set(personas.ALL), set(matrix.COLUMN_OF))
        probed = {
            (probe.rule, probe.method, matrix.document(probe.path))
            for probe in matrix.PROBES
        }
        missing = {
            (rule, *operation)
            for rule, operations in documented.items()
            for operation in operations
            if (rule, *operation) not in probed and rule not in matrix.SEEN
        }
        self.assertEqual(set(), missing)


class PersonasTest(instances_case.InstancesCase):
    def setUp(self):
        self.site = self.useFixture(site.Site())
        self.options = {**self.options, **self.site.options}
        super().setUp()
        self.host = self.make_host()
        self.targets = {
            project: self.make_target(client)
            for project, client in (
                (personas.PROJECT, self.member),
                (personas.OTHER_PROJECT, self.service.client(personas.OTHER_MEMBER)),
            )
        }
        self.admin.post('/v1/flavors', {'name': 'f', 'resource_class': 'c'})
        for user in (*(persona.user_id for persona in personas.ALL), 'user'):
            answer = self.admin.post('/v1/keypairs', {'name': 'k', 'user_id': user})
            self.assertEqual(201, answer.status)

    def make_host(self):
        """The id of a host."""
        node = self.admin.get('/v1/nodes').body['nodes'][0]['uuid']
        answer = self.admin.post('/v1/os-hosts', {'name': node})
        self.assertEqual(201, answer.status, answer)
        return answer.body['host']['id']

    def make_lease(self, client):
        """The id of a lease that has ended, and the request that made it."""
        answer = client.post('/v1/leases', {**matrix.LEASE, 'reservations': []})
        self.assertEqual(201, answer.status, answer)
        path = f'/v1/leases/{answer.body["lease"]["id"]}'
        self.assertEqual(200, client.put(path, {'end_date': 'now'}).status)
        self.wait_for_lease(path, 'TERMINATED')
        return answer.body['lease']['id'], answer.headers['x-openstack-request-id']

    def wait_for_lease(self, path, status):
        fixtures.wait_until(
            lambda: self.admin.get(path).body['lease']['status'] == status, status
        )

    def make_target(self, client):
        """A LOCKED instance of a project, and what else a path may name."""
        lease, lease_request = self.make_lease(client)
        gone, _ = self.make_lease(client)
        self.assertEqual(204, client.delete(f'/v1/leases/{gone}').status)
        flavor = self.service.make_flavor()
        uuid = self.service.make_instance(client, flavor_uuid=flavor)
        self.put(uuid, 'LOCKED')
        row = self.row(uuid)
        return {
            **self.make_protected(client),
            'instance': uuid,
            'request': self.service.list_actions(uuid)[0]['request_id'],
            'flavor': flavor,
            'node': row.node_uuid,
            'project': row.project_id,
            'lease': lease,
            'lease_request': lease_request,
            'gone': gone,
            'host': self.host,
        }

    def make_protected(self, client):
        """A project's plan, and what was done with it."""

        def wait_for(path, status):
            def look():
                answer = client.get(path)
                found = next(iter((answer.body or {}).values()), {})
                return status in (answer.status, found.get('status'))

            fixtures.wait_until(look, f'{path} to be {status}')

        project = client.persona.project_id
        return protection_matrix.make_target(self.site, project, client, wait_for)

    def every(self):
        """(persona, project, its target, whether it is the persona's own)."""
        for persona in personas.ALL:
            for project, target in self.targets.items():
                yield persona, project, target, persona.project_id == project

    def ask(self, probe, persona, target, own):
        """(status, error's name or None) of the answer."""
        target = {**target, 'user': persona.user_id if own else 'user'}
        if '{spare}' in probe.path:
            spare = protection_matrix.make_plan(target['client'], target['share'])
            target['spare'] = spare
        if '{spare_operation}' in probe.path:
            target['spare_operation'] = protection_matrix.make_operation(
                target['client'], target['plan'], target['trigger']
            )
        answer = self.service.client(persona).send(
            probe.method, probe.path.format(**target), name_user(probe.body, target)
        )
        if compute_matrix.is_novas(probe):
            return answer.status, next(
                iter(answer.body)
            ) if answer.status > 399 else None
        return answer.status, (answer.body or {}).get('error_name')

    def test_every_rule_for_every_persona_in_own_and_other_projects(self):
        expected, got = {}, {}
        reached = dict.fromkeys(self.targets, 0)
        for probe in matrix.PROBES:
            for persona, project, target, own in self.every():
                key = f'{probe.method} {probe.path} {probe.body}', persona.name, project
                expected[key] = matrix.expect(probe, persona, own)
                got[key] = self.ask(probe, persona, target, own)
                if probe.method != 'GET' and '{instance}' in probe.path:
                    reached[project] += matrix.is_decided_later(probe, persona, own)
                self.check_locked(probe, target, got[key])
        self.assert_same(expected, got)
        self.check_audit(reached)

    def check_locked(self, probe, target, answer):
        """Nothing but an unlock that was answered 202 ends the lock."""
        released = answer == (202, None)
        uuid = target['instance']
        status = 'ACTIVE' if released else 'LOCKED'
        self.assertEqual(status, self.row(uuid).status, probe)
        if released:
            self.put(uuid, 'LOCKED')

    def check_audit(self, reached):
        """One row for each that the policy let through, none for the others."""
        for project, count in reached.items():
            audit = self.audit(self.targets[project]['instance'])[1:]
            self.assertEqual(count, len(audit))
            done = {entry for entry in audit if entry[1] != 'refused'}
            self.assertEqual({('unlock', 'success')}, done)

    def test_what_is_seen_in_answers_that_others_get_too(self):
        private = self.service.make_flavor(is_public=False)
        for persona, _project, target, own in self.every():
            client = self.service.client(persona)
            self.check_list(client)
            self.check_node(client, target, own)
            self.check_internals(client, target, own)
            self.check_flavor(client, private)
        self.check_create_from(private)

    def check_list(self, client):
        answer = client.get('/v1/instances/detail')
        if answer.status == 200:
            projects = {each['project_id'] for each in answer.body['instances']}
            self.assertLessEqual(projects, {client.persona.project_id})

    def check_node(self, client, target, own):
        answer = client.get(f'/v1/instances/{target["instance"]}')
        if answer.status == 200:
            may = matrix.may('instance:show_node', client.persona, own)
            node = target['node'] if may else None
            self.assertEqual(node, answer.body['node_uuid'], client.persona)

    def check_internals(self, client, target, own):
        path = f'/v1/instances/{target["instance"]}/actions'
        may = matrix.may('action:show_internals', client.persona, own)
        wanted = _INTERNALS if may else set()
        answer = client.get(f'{path}?events=true')
        if answer.status == 200:
            one = client.get(f'{path}/{target["request"]}').body
            for action in (*answer.body['actions'], one):
                for event in action['events']:
                    self.assertEqual(wanted, _INTERNALS & set(event), client.persona)

    def check_flavor(self, client, private):
        if not matrix.may('flavor:list', client.persona, own=True):
            return
        may = matrix.may('flavor:private', client.persona, own=True)
        self.assertEqual(
            200 if may else 404, client.get(f'/v1/flavors/{private}').status
        )
        listed = [each['uuid'] for each in client.get('/v1/flavors').body['flavors']]
        self.assertEqual(may, private in listed, client.persona)

    def check_create_from(self, private):
        """To who may not use it, it looks like one that is not there."""
        messages = set()
        for uuid in (private, matrix.NOT_THERE):
            answer = self.member.post(
                '/v1/instances', {**matrix.CREATE, 'flavor_uuid': uuid}
            )
            self.assert_refused(answer, 400, 'InvalidParameter')
            messages.add(answer.body['error_message'].replace(uuid, ''))
        self.assertEqual(1, len(messages), messages)
