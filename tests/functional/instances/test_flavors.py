"""Flavors: made, changed, dropped, and recorded."""

import functools
import uuid as uuid_module

from tests import racing
from tests.functional.instances import instances_case


class FlavorsTest(instances_case.InstancesCase):
    def test_flavor_is_made_changed_and_dropped(self):
        body = {
            'name': 'small',
            'description': 'one',
            'resource_class': 'baremetal',
            'properties': {'cpus': '16'},
            'is_public': False,
        }
        made = self.admin.post('/v1/flavors', body)
        self.assertEqual(201, made.status)
        self.assertTrue(made.headers['Location'].endswith(made.body['uuid']))
        path = f'/v1/flavors/{made.body["uuid"]}'
        self.assertEqual(body, {name: made.body[name] for name in body})
        self.assertEqual(made.body, self.admin.get(path).body)
        change = {'properties': {}, 'is_public': True, 'description': None}
        changed = self.admin.patch(path, change)
        self.assertEqual(
            (200, change), (changed.status, {n: changed.body[n] for n in change})
        )
        self.assertEqual('small', changed.body['name'])
        self.assertEqual(changed.body, self.member.get(path).body)
        self.assertEqual(204, self.admin.delete(path).status)
        for answer in (
            self.admin.get(path),
            self.admin.delete(path),
            self.admin.patch(path, {'name': 'x'}),
        ):
            self.assert_refused(answer, 404, 'FlavorNotFound')
        self.assertEqual(
            [
                ('create', 'success'),
                ('update', 'success'),
                ('delete', 'success'),
                ('delete', 'refused'),
                ('update', 'refused'),
            ],
            self.audit(made.body['uuid']),
        )

    def test_name_is_taken_once(self):
        body = {'name': 'small', 'resource_class': 'c'}
        other = self.service.make_flavor()
        post = functools.partial(self.admin.post, '/v1/flavors', body)
        answers = racing.at_once(*[post] * 5)
        self.assertEqual([201] + [409] * 4, sorted(answer.status for answer in answers))
        answer = self.admin.patch(f'/v1/flavors/{other}', {'name': 'small'})
        self.assert_refused(answer, 409, 'AlreadyExists')
        # Names that differ in case alone are two, on every database.
        answer = self.admin.post('/v1/flavors', {**body, 'name': 'Small'})
        self.assertEqual(201, answer.status)

    def test_flavor_that_is_not_there(self):
        path = f'/v1/flavors/{uuid_module.uuid4()}'
        self.assert_refused(self.member.get(path), 404, 'FlavorNotFound')
