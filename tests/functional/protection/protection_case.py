"""Base of tests that protect shares of an emulated Manila through the API."""

from tests import fixtures
from tests import personas
from tests.functional import case
from tests.functional.protection import site

OPTIONS = {'snapshot_name': 'nightly', 'description': 'of the data', 'force': True}
NOT_THERE = '6f2c1a52-5c8d-4f43-9a8e-2b1c3d4e5f60'


class ProtectionCase(case.FunctionalCase):
    """A test about shares of the member's project.

    :ivar checkpoints: the path of the provider's
    """

    checkpoints = f'/v1/providers/{site.PROVIDER}/checkpoints'

    def setUp(self):
        self.site = self.useFixture(self.make_site())
        self.options = {**self.options, **self.site.options}
        super().setUp()
        self.other = self.service.client(personas.OTHER_MEMBER)

    def make_site(self):
        """The Manila and the providers of the service."""
        return site.Site()

    def make_share(self, name='data', project=personas.PROJECT, **values):
        """The id of an available share; values as of :class:`site.Site`'s."""
        return self.site.make_share(project, name, **values)

    def describe_plan(self, *shares, **values):
        """The body of a new plan."""
        resources = [{'id': share, 'type': site.SHARE, 'name': 's'} for share in shares]
        return {
            'plan': {
                'name': 'a plan',
                'description': None,
                'provider_id': site.PROVIDER,
                'resources': resources,
                'parameters': {site.SHARE: OPTIONS},
                **values,
            }
        }

    def make_plan(self, *shares, client=None, **values):
        """A new plan, as it was answered; of a new share when none is named."""
        client = client or self.member
        shares = shares or [self.make_share(project=client.persona.project_id)]
        return self.ask(
            client.post('/v1/plans', self.describe_plan(*shares, **values)), 'plan'
        )

    def make_checkpoint(self, plan=None, client=None, status='available', extra=None):
        """A new checkpoint, as it is in the status that is waited for."""
        client = client or self.member
        plan = plan or self.make_plan(client=client)
        body = {'checkpoint': {'plan_id': plan['id'], 'extra-info': extra}}
        made = self.ask(client.post(self.checkpoints, body), 'checkpoint')
        return self.wait_for(f'{self.checkpoints}/{made["id"]}', status, client)

    def wait_for(self, path, status, client=None):
        """Wait until what a path shows is in a status; returns it."""

        def look():
            answer = (client or self.member).get(path)
            if answer.status != 200:
                return answer.status == status and answer
            (shown,) = answer.body.values()
            return shown['status'] == status and shown

        return fixtures.wait_until(look, f'{path} to be {status}')

    def begin(self, noun, checkpoint, client=None, **values):
        """A new ``restore`` or ``verification``, as it was answered."""
        body = {
            'provider_id': site.PROVIDER,
            'checkpoint_id': checkpoint['id'],
            **values,
        }
        answer = (client or self.member).post(f'/v1/{noun}s', {noun: body})
        return self.ask(answer, noun)

    def delete_checkpoint(self, checkpoint):
        """Delete it, and wait until it is gone."""
        path = f'{self.checkpoints}/{checkpoint["id"]}'
        self.assertEqual(200, self.member.delete(path).status)
        self.wait_for(path, 404)

    def assert_told(self, restore, *texts, status='error'):
        """Why a restore of one resource failed is said wherever its user looks.

        :param status: the resource's, where its service said one
        """
        (reason,) = restore['resources_reason'].values()
        self.assertEqual([status], [*restore['resources_status'].values()])
        (told,) = (
            log
            for log in self.list('/v1/operation_logs', 'operation_logs')
            if log['restore_id'] == restore['id']
        )
        self.assertEqual('fail', told['status'])
        for text in texts:
            for where in (reason, restore['fault'], told['error_info']):
                self.assertIn(text, where)

    def ask(self, answer, key):
        """What a success has under its one key."""
        self.assertEqual(200, answer.status, answer)
        self.assertEqual([key], list(answer.body))
        return answer.body[key]

    def list(self, path, key, client=None):
        """The items of one page."""
        answer = (client or self.member).get(path)
        self.assertEqual(200, answer.status, answer)
        return answer.body[key]
