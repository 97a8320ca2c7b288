"""Keypairs: a user's own, in every project, and their private half is gone."""

from cryptography.hazmat.primitives import serialization

from tests import personas
from tests.functional.instances import instances_case

_RSA = (
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7vbqajDhA0eRUgZ1kMmGxiCQ5ydlMdIIRZ9p6'
    'mXkqjyMm8AlHOpHMwYYVZmVXvGxZqvJ8Tn2JPhLP0cVQzMcqdxNWfW0m1yqfRkXvHkYXH8k5lBnk'
)


class KeypairsTest(instances_case.InstancesCase):
    def test_pair_made_here_is_a_pair_and_shown_in_full_once(self):
        made = self.member.post('/v1/keypairs', {'name': 'a.json'})
        self.assertEqual(201, made.status)
        private = serialization.load_ssh_private_key(
            made.body['private_key'].encode(), None
        )
        public = private.public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
        )
        self.assertEqual(public.decode(), made.body['public_key'])
        shown = self.member.get('/v1/keypairs/a.json')
        self.assertEqual({'private_key'}, set(made.body) - set(shown.body))
        self.assertNotIn(b'PRIVATE', shown.raw)
        self.assertNotIn(b'PRIVATE', self.member.get('/v1/keypairs').raw)

    def test_public_key_that_was_brought_is_kept_as_it_is(self):
        made = self.member.post('/v1/keypairs', {'name': 'one'}).body
        brought = {'name': 'two', 'public_key': f'{made["public_key"]} me@home'}
        answer = self.member.post('/v1/keypairs', brought)
        self.assertEqual((201, None), (answer.status, answer.body.get('private_key')))
        self.assertEqual(brought['public_key'], answer.body['public_key'])
        self.assertEqual(made['fingerprint'], answer.body['fingerprint'])

    def test_what_is_no_public_key_is_refused(self):
        made = self.member.post('/v1/keypairs', {'name': 'k'}).body
        kind, body = made['public_key'].split()
        for text in (
            'x',
            kind,
            f'{kind} {body[:-8]}',
            f'ssh-rsa {body}',
            _RSA,
            made['private_key'],
            f'{made["public_key"]}\n{made["public_key"]}',
            f'{made["public_key"]} \x1b[2J',
            f'{kind} \N{SNOWMAN}',
        ):
            answer = self.member.post('/v1/keypairs', {'name': 'x', 'public_key': text})
            self.assert_refused(answer, 400, 'InvalidParameter')
        names = [
            each['name'] for each in self.member.get('/v1/keypairs').body['keypairs']
        ]
        self.assertEqual(['k'], names)

    def test_name_is_the_users_own(self):
        manager = self.service.client(personas.MANAGER)
        for client in (self.member, manager):
            self.assertEqual(201, client.post('/v1/keypairs', {'name': 'k'}).status)
        answer = self.member.post('/v1/keypairs', {'name': 'k'})
        self.assert_refused(answer, 409, 'AlreadyExists')
        self.assertEqual(1, self.used(personas.MEMBER.user_id, 'keypairs'))
        # The same user in another project has the same keypairs.
        elsewhere = self.service.client(
            personas.Persona('member', ('member', 'reader'), personas.OTHER_PROJECT)
        )
        self.assertEqual(200, elsewhere.get('/v1/keypairs/k').status)
        self.assertEqual(204, self.member.delete('/v1/keypairs/k').status)
        self.assert_refused(
            self.member.delete('/v1/keypairs/k'), 404, 'KeypairNotFound'
        )
        self.assertEqual(200, manager.get('/v1/keypairs/k').status)
        self.assertEqual(0, self.used(personas.MEMBER.user_id, 'keypairs'))

    def test_admin_makes_and_drops_those_of_others(self):
        body = {'name': 'k', 'user_id': personas.MEMBER.user_id}
        self.assertEqual(201, self.admin.post('/v1/keypairs', body).status)
        self.assertEqual(200, self.member.get('/v1/keypairs/k').status)
        self.assertEqual(404, self.admin.get('/v1/keypairs/k').status)
        path = f'/v1/keypairs/k?user_id={personas.MEMBER.user_id}'
        self.assertEqual(204, self.admin.delete(path).status)
        self.assertEqual(404, self.member.get('/v1/keypairs/k').status)
