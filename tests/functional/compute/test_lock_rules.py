"""Who locks as what where an operator has other rules than ours."""

import fixtures as base_fixtures
from oslo_policy import opts as policy_opts

from mogan_like.common.config import CONF
from tests import personas
from tests.functional.compute import compute_case

_RULES = """
"instance:lock": "rule:project_manager"
"instance:lock_own": "rule:project_member_or_admin"
"""
_NOT_THERE = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'


class LockRulesTest(compute_case.ComputeCase):
    """The manager of a project holds its locks as an admin."""

    def setUp(self):
        path = self.useFixture(base_fixtures.TempDir()).join('policy.yaml')
        with open(path, 'w', encoding='ascii') as file:
            file.write(_RULES)
        policy_opts.set_defaults(CONF)
        self.options = {**self.options, 'oslo_policy__policy_file': path}
        super().setUp()
        self.uuid = self.service.make_instance()

    def test_a_rule_is_asked_of_the_servers_project(self):
        for persona, holder in (
            (personas.MANAGER, 'admin'),
            (personas.PROJECT_ADMIN, 'admin'),
            (personas.MEMBER, 'owner'),
            # A manager too, but of another project.
            (personas.ADMIN, 'owner'),
        ):
            client = self.service.client(persona)
            answer = self.act(self.uuid, 'lock', client=client)
            self.assertEqual(202, answer.status, (persona.name, answer))
            self.assertEqual(holder, self.row(self.uuid).locked_by, persona.name)
            answer = self.act(self.uuid, 'unlock', client=client)
            self.assertEqual(202, answer.status, (persona.name, answer))

    def test_who_holds_it_is_told_by_the_servers_project(self):
        self.act(self.uuid, 'lock')
        for client, user in (
            (self.member, self.member.persona.user_id),
            (self.admin, None),
        ):
            lock = client.get(f'/v1/instances/{self.uuid}/lock').body
            self.assertEqual(user, lock['user_id'])

    def test_what_is_not_seen_is_not_there(self):
        other = self.service.client(personas.OTHER_MEMBER)
        for client, uuid in (
            (other, self.uuid),
            (self.admin, _NOT_THERE),
            (self.admin, 'no-id'),
        ):
            for action in ('lock', 'unlock'):
                answer = self.act(uuid, action, client=client)
                self.assert_fault(answer, 404, 'itemNotFound')
