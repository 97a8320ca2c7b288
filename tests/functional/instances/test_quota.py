"""Quotas: limits of projects, and that what is counted is what is there."""

from mogan_like.instances import states
from tests import personas
from tests.functional.instances import instances_case

_DEFAULTS = {'instances': 2, 'keypairs': 1}
_PATH = f'/v1/quotas/{personas.PROJECT}'


class QuotaTest(instances_case.InstancesCase):
    options = {'quota__instances': 2, 'quota__keypairs': 1}

    def limits(self):
        return _pick(self.member.get('/v1/limits').body['limits'])

    def quota(self):
        return _pick(self.admin.get(_PATH).body['quota'])

    def create(self):
        body = {
            'name': 'n',
            'flavor_uuid': self.service.make_flavor(),
            'image_uuid': self.row(self.uuid).image_uuid,
        }
        return self.member.post('/v1/instances', body)

    def setUp(self):
        super().setUp()
        self.uuid = self.service.make_instance()

    def test_projects_limits_go_before_the_defaults_until_they_are_cleared(self):
        self.assertEqual(_DEFAULTS, self.quota())
        answer = self.admin.put(_PATH, {'quota': {'instances': 1}})
        self.assertEqual(
            (200, {**_DEFAULTS, 'instances': 1}),
            (answer.status, _pick(answer.body['quota'])),
        )
        refused = self.create()
        self.assert_refused(refused, 403, 'QuotaExceeded')
        self.assertIn('the limit is 1 and 1 are in use', refused.body['error_message'])
        self.admin.put(_PATH, {'quota': {'keypairs': 5}})
        self.assertEqual({'instances': 1, 'keypairs': 5}, self.quota())
        self.assertEqual(204, self.admin.delete(_PATH).status)
        self.assertEqual(204, self.admin.delete(_PATH).status)
        self.assertEqual(_DEFAULTS, self.quota())
        self.assertEqual(202, self.create().status)
        self.assert_refused(self.create(), 403, 'QuotaExceeded')
        self.assertEqual({'limit': 2, 'used': 2}, self.limits()['instances'])

    def test_the_class_of_defaults_counts_between_the_projects_own_and_the_options(
        self,
    ):
        path = '/v1/quota_classes/default'
        options = self.member.get(path).body['quota_class']
        self.assertEqual(_DEFAULTS, _pick(options))
        answer = self.admin.put(path, {'quota_class': {'instances': 1}})
        everybodys = {**options, 'instances': 1}
        self.assertEqual(
            (200, {'quota_class': everybodys}), (answer.status, answer.body)
        )
        self.assert_refused(self.create(), 403, 'QuotaExceeded')
        self.assertEqual({**_DEFAULTS, 'instances': 1}, self.quota())
        self.assertEqual({'limit': 1, 'used': 1}, self.limits()['instances'])
        self.admin.put(_PATH, {'quota': {'instances': 2}})
        self.assertEqual(_DEFAULTS, self.quota())
        defaults = self.member.get(f'{_PATH}/defaults').body['quota']
        self.assertEqual(everybodys, defaults)
        self.assertEqual(202, self.create().status)
        self.assertEqual(204, self.admin.delete(_PATH).status)
        self.assertEqual({**_DEFAULTS, 'instances': 1}, self.quota())

    def test_there_is_no_other_class(self):
        for answer in (
            self.member.get('/v1/quota_classes/gold'),
            self.admin.put('/v1/quota_classes/gold', {'quota_class': {'plans': 1}}),
        ):
            self.assert_refused(answer, 404, 'QuotaClassNotFound')
        for body in (
            {'quota_class': {'castles': 1}},
            {'quota_class': {'plans': -2}},
            {'quota_class': {}},
            {'quota': {'plans': 1}},
        ):
            answer = self.admin.put('/v1/quota_classes/default', body)
            self.assert_refused(answer, 400, 'InvalidBody')

    def test_detail_has_what_is_in_use_by_projects(self):
        detail = self.member.get(f'{_PATH}/detail').body['quota']
        self.assertEqual({'limit': 2, 'in_use': 1, 'reserved': 0}, detail['instances'])
        # Users use those, in whatever project.
        self.assertNotIn('keypairs', detail)

    def test_limit_of_what_is_not_counted_is_refused_with_what_is(self):
        answer = self.admin.put(_PATH, {'quota': {'instances': 1, 'castles': 1}})
        self.assert_refused(answer, 400, 'InvalidBody')
        for word in ('castles', 'instances, keypairs'):
            self.assertIn(word, answer.body['error_message'])
        self.assertEqual(_DEFAULTS, self.quota())

    def test_limit_below_what_is_in_use_takes_nothing_away(self):
        self.admin.put(_PATH, {'quota': {'instances': 0}})
        self.assertEqual({'limit': 0, 'used': 1}, self.limits()['instances'])
        self.assert_refused(self.create(), 403, 'QuotaExceeded')
        self.assertEqual(states.ACTIVE, self.row(self.uuid).status)
        self.assertEqual(202, self.member.delete(f'/v1/instances/{self.uuid}').status)
        self.service.wait_for(self.uuid, states.DELETED)
        self.assertEqual({'limit': 0, 'used': 0}, self.limits()['instances'])

    def test_minus_one_is_any_number(self):
        self.admin.put(_PATH, {'quota': {'instances': -1, 'keypairs': -1}})
        self.assertEqual([202] * 3, [self.create().status for _ in range(3)])
        for number in range(3):
            answer = self.member.post('/v1/keypairs', {'name': f'k{number}'})
            self.assertEqual(201, answer.status)
        self.assertEqual(
            {
                'instances': {'limit': -1, 'used': 4},
                'keypairs': {'limit': -1, 'used': 3},
            },
            self.limits(),
        )

    def test_what_one_project_uses_is_no_others(self):
        other = self.service.client(personas.OTHER_MEMBER)
        made = [self.service.make_instance(other) for _ in range(2)]
        self.assertEqual(1, self.limits()['instances']['used'])
        self.assertEqual(2, other.get('/v1/limits').body['limits']['instances']['used'])
        # Deleted by an admin, it is its own project's that it is given back to.
        self.admin.delete(f'/v1/instances/{made[0]}')
        self.service.wait_for(made[0], states.DELETED)
        self.assertEqual(
            [1, 1, 0],
            [
                self.used(project)
                for project in (
                    personas.PROJECT,
                    personas.OTHER_PROJECT,
                    personas.ADMIN_PROJECT,
                )
            ],
        )


def _pick(by_resource):
    """What is told of this folder's resources; other folders have theirs."""
    return {name: by_resource[name] for name in _DEFAULTS}
