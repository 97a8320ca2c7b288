"""Creates that come at the same moment: nodes and quota are never given twice."""

import collections
import functools

from mogan_like.instances import states
from tests import fixtures
from tests import personas
from tests import racing
from tests.functional.instances import instances_case

_NODES = 4
_CREATES = 12


def _make_member(number):
    """A member of a project of their own."""
    return personas.Persona(f'member-{number}', ('member', 'reader'), f'p{number:031}')


class _Creating:
    def setUp(self):
        super().setUp()
        self.flavor = self.service.make_flavor()

    def create(self, persona, **values):
        """A request for an instance, to be sent."""
        body = {
            'name': 'n',
            'flavor_uuid': self.flavor,
            'image_uuid': fixtures.IMAGE,
            **values,
        }
        return functools.partial(
            self.service.client(persona).post, '/v1/instances', body
        )

    def check_answers(self, answers, made, code, title):
        """So many were made, all others refused like this; the uuids made."""
        counts = collections.Counter(
            (answer.status, (answer.body or {}).get('error_name')) for answer in answers
        )
        refused = len(answers) - made
        self.assertEqual({(202, None): made, (code, title): refused}, dict(counts))
        return [answer.body['uuid'] for answer in answers if answer.status == 202]


class CreateRaces(_Creating):
    options = {'fake__nodes': _NODES}

    def test_few_nodes_are_given_to_as_many_and_the_others_told_so(self):
        members = [_make_member(number) for number in range(_CREATES)]
        for _ in range(2):
            answers = racing.at_once(*map(self.create, members))
            made = self.check_answers(answers, _NODES, 409, 'NoValidNode')
            for uuid in made:
                self.service.wait_for(uuid, states.ACTIVE)
            self.check_given(members, answers, made)
            self.delete(made)
        self.assertEqual(0, sum(self.used(each.project_id) for each in members))

    def check_given(self, members, answers, made):
        """Each has a node and quota of its own; the refused have nothing."""
        live = {
            row.uuid: row.node_uuid
            for row in self.rows(instances_case.INSTANCES)
            if row.deleted_at is None
        }
        self.assertEqual(set(made), set(live))
        self.assertEqual(_NODES, len(set(live.values())))
        self.assertEqual(
            {node: uuid for uuid, node in live.items()}, self.taken_nodes()
        )
        self.assertEqual(
            [int(answer.status == 202) for answer in answers],
            [self.used(member.project_id) for member in members],
        )
        for member, answer in zip(members, answers, strict=True):
            (row,) = self.rows(
                instances_case.ACTIONS, project_id=member.project_id, action='create'
            )[-1:]
            result = 'success' if answer.status == 202 else 'refused'
            self.assertEqual(result, row.result)
        self.assertEqual([], self.rows(instances_case.DUE_WORK, kind='instance'))

    def delete(self, uuids):
        answers = racing.at_once(
            *(functools.partial(self.admin.delete, f'/v1/instances/{u}') for u in uuids)
        )
        self.assertEqual({202}, {answer.status for answer in answers})
        for uuid in uuids:
            self.service.wait_for(uuid, states.DELETED)
        self.assertEqual({}, self.taken_nodes())


class QuotaRaces(_Creating):
    options = {'fake__nodes': _CREATES, 'quota__instances': 5}

    def test_quota_is_used_up_and_never_more(self):
        answers = racing.at_once(*[self.create(personas.MEMBER)] * _CREATES)
        made = self.check_answers(answers, 5, 403, 'QuotaExceeded')
        self.assertEqual(5, self.used(personas.PROJECT))
        self.assertEqual(5, len(self.taken_nodes()))
        for answer in answers:
            if answer.status == 403:
                self.assertIn('the limit is 5 and 5 are in use', answer.raw.decode())
        # As some go, others come: it is counted to the last one.
        deletes = [
            functools.partial(self.member.delete, f'/v1/instances/{uuid}')
            for uuid in made
        ]
        answers = racing.at_once(*deletes, *[self.create(personas.MEMBER)] * 8)
        self.assertEqual([202] * 5, [answer.status for answer in answers[:5]])
        for uuid in made:
            self.service.wait_for(uuid, states.DELETED)
        created = [answer for answer in answers[5:] if answer.status == 202]
        self.assertLessEqual(len(created), 5)
        self.assertEqual(len(created), self.used(personas.PROJECT))
        self.assertEqual(len(created), len(self.taken_nodes()))

    def test_keypairs_of_a_user_are_counted_to_the_last_one(self):
        self.admin.put(f'/v1/quotas/{personas.PROJECT}', {'quota': {'keypairs': 3}})
        answers = racing.at_once(
            *(
                functools.partial(self.member.post, '/v1/keypairs', {'name': f'k{n}'})
                for n in range(8)
            )
        )
        counts = collections.Counter(answer.status for answer in answers)
        self.assertEqual({201: 3, 403: 5}, dict(counts))
        self.assertEqual(3, self.used(personas.MEMBER.user_id, 'keypairs'))
        self.assertEqual(3, len(self.member.get('/v1/keypairs').body['keypairs']))


instances_case.on_each_database(globals(), CreateRaces, QuotaRaces)
