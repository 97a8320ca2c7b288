"""SIGHUP: conductors go on by what the configuration says now."""

import os
import signal

from tests.fixtures import wait_until
from tests.processes import processes
from tests.processes import site_case

_READ = 'The configuration was read again.'


class ReloadTest(site_case.SiteCase):
    def setUp(self):
        super().setUp()
        self.site = self.make_site('sqlite')
        self.site.stop_conductor()
        self.config = self.site.write_config()
        self.conductor = self.useFixture(
            processes.Process('mogan-like-conductor', '--config-file', self.config)
        )
        self.site.wait_for_conductor(self.conductor)

    def change(self, **options):
        """Write other options, and tell the conductor."""
        os.replace(self.site.write_config(**options), self.config)
        self.conductor.send(signal.SIGHUP)

    def count(self, text):
        return self.conductor.read_output().count(text)

    def wait_until_read(self, times):
        # Each time by the parent and by its worker.
        self.conductor.wait_for(lambda: self.count(_READ) == 2 * times, _READ)

    def test_options_count_from_now_on(self):
        self.site.make_instance()
        workers = self.conductor.list_children()
        self.change(fake__fail_steps='build.write_image')
        self.wait_until_read(1)
        self.site.make_instance(wait='ERROR')
        self.change()
        self.wait_until_read(2)
        self.site.make_instance()
        self.assertEqual(workers, self.conductor.list_children())

    def test_worker_that_comes_later(self):
        self.change(fake__fail_steps='build.write_image')
        self.wait_until_read(1)
        (worker,) = self.conductor.list_children()
        self.conductor.send(signal.SIGKILL, worker)
        wait_until(
            lambda: set(self.conductor.list_children()) - {worker}, 'another worker'
        )
        self.site.wait_for_conductor(self.conductor)
        self.site.make_instance(wait='ERROR')

    def test_wrong_file_changes_nothing(self):
        self.change(conductor__claim_ttl='soon', fake__fail_steps='build.write_image')
        self.conductor.wait_for(
            lambda: self.count('[conductor]claim_ttl') == 2, 'the complaint'
        )
        self.site.make_instance()
        os.unlink(self.config)
        self.conductor.send(signal.SIGHUP)
        self.conductor.wait_for(
            lambda: self.count('The configuration stays as it was') == 4,
            'the complaint',
        )
        self.site.make_instance()
        self.assertEqual(0, self.count(_READ))
