"""Commands about instances."""

from tests.functional.client import client_case

_ADMIN = client_case.ADMIN
_OTHER = client_case.OTHER


class InstancesTest(client_case.ClientCase):
    def setUp(self):
        super().setUp()
        self.service.make_flavor(name='small')

    def create(self, name, *words):
        words = ('--flavor', 'small', '--image', client_case.IMAGE, *words)
        return self.read('instance', 'create', name, *words)

    def list_names(self, *words, **kwargs):
        rows = self.read('instance', 'list', *words, **kwargs)
        return sorted(row['Name'] for row in rows)

    def test_made_read_and_changed(self):
        made = self.create('web', '--wait', '--property', 'a=b', '--description', 'd')
        self.assertEqual('ACTIVE', made['status'])
        self.assertEqual(({'a': 'b'}, 'd'), (made['metadata'], made['description']))
        self.assertNotIn('\033', self.run_words('instance', 'show', 'web'))
        self.assertEqual(made['id'], self.read('instance', 'show', made['id'])['id'])
        other = self.create('db')
        self.assertEqual('BUILDING', other['status'])
        self.service.wait_for(other['id'], 'ACTIVE')
        words = ('--name', 'app', '--property', 'c=d', '--description', 'e')
        self.run_words('instance', 'set', 'web', *words)
        shown = self.read('instance', 'show', 'app', '--utc')
        self.assertEqual({'a': 'b', 'c': 'd'}, shown['metadata'])
        self.assertEqual(('app', 'e'), (shown['name'], shown['description']))
        self.assertRegex(shown['created_at'], r'^\d{4}-.*T.*\.\d{6}\+00:00$')
        self.check_lists(shown['id'], other['id'])

    def check_lists(self, app, db):
        self.assertEqual(['app', 'db'], self.list_names())
        self.assertEqual(['app'], self.list_names('--name', 'app'))
        self.assertEqual([], self.list_names('--status', 'error'))
        self.assertEqual(['db'], self.list_names('--limit', '1'))
        # The newest come first.
        self.assertEqual(['app'], self.list_names('--marker', db))
        self.assertEqual([], self.list_names('--marker', app))
        self.assertEqual([], self.list_names(persona=_OTHER))
        self.assertIn(
            "doesn't allow", self.refuse('instance', 'list', '--all-projects')
        )
        words = ('instance', 'list', '--all-projects', '--flavor', 'small')
        (row, _) = self.read(*words, persona=_ADMIN)
        self.assertEqual(
            ['ID', 'Name', 'Status', 'Power State', 'Locked', 'Created At']
            + ['Project ID'],
            list(row),
        )
        printed = self.run_words('instance', 'list', '-f', 'value', '-c', 'Name')
        self.assertEqual({'app', 'db'}, {*printed.splitlines()[-2:]})
        printed = self.run_words('instance', 'list', '-f', 'csv', '-c', 'ID', '--long')
        self.assertIn(f'"{app}"', printed)
        printed = self.run_words('instance', 'show', 'app', '-f', 'yaml')
        self.assertIn(f'id: {app}\n', printed)

    def test_keys_flavors_and_times(self):
        self.run_words('keypair', 'create', 'mine')
        made = self.create('web', '--wait', '--key-name', 'mine')
        self.assertEqual('mine', made['key_name'])
        words = ('--flavor', 'small', '--image', client_case.IMAGE)
        words = ('instance', 'create', 'x', *words, '--key-name', 'none')
        self.assertIn('none', self.refuse(*words))
        self.service.make_flavor(name='big')
        self.assertEqual(['web'], self.list_names('--flavor', 'small'))
        self.assertEqual([], self.list_names('--flavor', 'big'))
        self.run_words('instance', 'stop', 'web', '--wait')
        words = ('instance', 'action', 'list', 'web', '--utc', '--long')
        stop, create = self.read(*words)
        # As programs read it, so that it can be typed back.
        between = stop['Started At']
        self.assertEqual([stop], self.read(*words, '--since', between))
        self.assertEqual([create], self.read(*words, '--before', between))
        self.assertEqual([], self.read(*words, '--before', '2020-01-01'))

    def test_locked(self):
        made = self.create('web', '--wait')
        told = self.refuse('instance', 'lock', 'web')
        self.assertIn("doesn't allow", told)
        self.assert_named(told)
        terms = ('--reason', 'new disk', '--until', '2099-01-01 00:00')
        self.run_words('instance', 'lock', 'web', '--utc', *terms, persona=_ADMIN)
        shown = self.read('instance', 'lock', 'show', 'web', '--utc')
        self.assertEqual(
            (True, 'admin', 'new disk', '2099-01-01T00:00:00.000000+00:00'),
            (shown['locked'], shown['locked_by'], shown['reason'], shown['expires_at']),
        )
        since = shown['since'][:19].replace('T', ' ')
        holder = f'Locked by admin (user {_ADMIN.user_id}) since {since}+00:00: '
        holder += 'new disk (until 2099-01-01 00:00:00+00:00)'
        for words in (
            ('delete', 'web', '--wait'),
            ('stop', 'web'),
            ('rebuild', 'web'),
            ('set', 'web', '--name', 'app'),
            ('lock', 'web'),
        ):
            told = self.refuse('instance', *words, '--utc', persona=_ADMIN)
            self.assertIn(holder, told)
            self.assert_named(told)
        told = self.refuse('instance', 'unlock', 'web', '--utc')
        self.assertIn("doesn't allow", told)
        self.assertIn(holder, told)
        self.assert_named(told)
        self.assertEqual(['web'], self.list_names('--locked'))
        self.assertEqual([], self.list_names('--unlocked'))
        self.run_words('instance', 'unlock', made['id'], persona=_ADMIN)
        told = self.refuse('instance', 'unlock', 'web', persona=_ADMIN)
        self.assertNotIn('Locked by', told)
        self.check_audit(made['id'])

    def check_audit(self, uuid):
        rows = self.read('instance', 'action', 'list', 'web', '--long', '--utc')
        self.assertEqual(
            ['unlock', 'unlock', 'lock'], [row['Action'] for row in rows[:3]]
        )
        self.run_words('instance', 'delete', 'web', '--wait')
        self.assertIn('no instance', self.refuse('instance', 'show', uuid))
        (row,) = self.read('instance', 'action', 'list', uuid, '--limit', '1')
        self.assertEqual(('delete', 'success'), (row['Action'], row['Result']))
        words = ('instance', 'action', 'show', uuid, row['Request ID'])
        shown = self.read(*words)
        self.assertEqual('success', shown['events'][0]['result'])
        words = ('action', 'search', '--instance', uuid, '--action', 'lock')
        rows = self.read(*words, '--result', 'success', persona=_ADMIN)
        self.assertEqual([uuid], [row['Object ID'] for row in rows])
        self.assertIn("doesn't allow", self.refuse(*words))
        self.assertEqual(['web'], self.list_names('--deleted'))

    def test_switched(self):
        self.create('web', '--wait')
        self.run_words('instance', 'stop', 'web', '--wait')
        self.assertEqual('STOPPED', self.read('instance', 'show', 'web')['status'])
        told = self.refuse('instance', 'reboot', 'web')
        self.assertIn('STOPPED', told)
        self.assertIn('HTTP 409', told)
        self.run_words('instance', 'start', 'web', '--wait')
        self.run_words('instance', 'reboot', 'web', '--hard', '--wait')
        self.run_words('instance', 'rebuild', 'web', '--wait')
        self.assertEqual('ACTIVE', self.read('instance', 'show', 'web')['status'])
        rows = self.read('instance', 'action', 'list', 'web')
        self.assertEqual(
            ['rebuild', 'reboot', 'power_on', 'reboot', 'power_off', 'create'],
            [row['Action'] for row in rows],
        )

    def test_several_of_one_name_and_none(self):
        ids = sorted(self.create('twin', '--wait')['id'] for _ in range(2))
        told = self.refuse('instance', 'delete', 'twin')
        for uuid in ids:
            self.assertIn(uuid, told)
        told = self.refuse('instance', 'show', 'twin', persona=_OTHER)
        self.assertIn('There is no instance twin', told)
        told = self.refuse('instance', 'show', ids[0], persona=_OTHER)
        self.assertIn(f'There is no instance {ids[0]}', told)
        # All are tried, whatever becomes of the first.
        told = self.refuse('instance', 'delete', 'nobody', *ids, '--wait')
        self.assertIn('1 of 3 failed:\nnobody: There is no instance nobody', told)
        self.assertEqual([], self.list_names())

    def test_what_is_wrong_with_a_request(self):
        told = self.refuse('instance', 'create', 'x', '--flavor', 'f', '--image', 'i')
        self.assertIn('There is no flavor f', told)
        words = ('--flavor', 'small', '--image')
        told = self.refuse('instance', 'create', 'x', *words, 'i')
        self.assertIn('There is no image service to look up image i in', told)
        told = self.refuse('instance', 'create', 256 * 'x', *words, client_case.IMAGE)
        self.assertIn('HTTP 400', told)
        self.assert_named(told)
        told = self.refuse('instance', 'list', '--changes-since', 'noon')
        self.assertIn('--changes-since: noon is not a time', told)
        told = self.run_words('instance', 'list', '--limit', '0', status=2)
        self.assertIn('--limit', told)


class FailingTest(client_case.ClientCase):
    options = {'fake__fail_steps': ['build.write_image']}

    def test_a_wait_tells_the_fault(self):
        flavor = self.service.make_flavor()
        words = ('--flavor', flavor, '--image', client_case.IMAGE, '--wait')
        told = self.refuse('instance', 'create', 'web', *words)
        self.assertRegex(told, r'instance web \(.*\) is ERROR: .*write_image')
