"""The page that walks through the protection of a share shows what is printed."""

import os
from pathlib import Path
import shlex
import shutil
import subprocess

from tests import fixtures
from tests import personas
from tests import services
from tests.functional import clients
from tests.functional.protection import pages
from tests.functional.protection import protection_case

_PAGE = Path(__file__).parents[3] / 'doc/source/user/share-protection.rst'
#: Set to write the page's outputs as they are now, and not compare them.
_REWRITE = 'MOGAN_LIKE_WRITE_SAMPLES'
#: What is about a cloud that is not here.
_ELSEWHERE = ('pip ', 'URL=', 'TOKEN=')


class UsagePageTest(clients.ClientsMixin, protection_case.ProtectionCase):
    endpoint = ('data-protect', f'/v1/{personas.PROJECT}')

    def setUp(self):
        if shutil.which('curl') is None:
            services.miss(self, 'curl')
        super().setUp()
        self.share = self.make_share()
        self.find_folder('data').joinpath('file').write_text('precious\n')
        endpoint = self.keystone.catalogue['data-protect']
        here = endpoint.partition('/v1')[0]
        self.stand_ins = pages.StandIns({'https://protection.example.org': here})

    def find_folder(self, name):
        """Where the share of a name is, as if it were mounted."""
        with self.site.manila.state.lock:
            for share in self.site.manila.state.shares.values():
                if share.name == name and share.path:
                    return Path(share.path)
        return Path('not-mounted')

    def run_shown(self, command):
        """What a command prints, when nothing goes on any more."""
        fixtures.wait_until(self.is_at_rest, 'what goes on to end')
        command = self.stand_ins.put_in(command).replace('\\\n', ' ')
        if command.startswith('karbor '):
            return self.run_command(shlex.split(command))
        done = subprocess.run(
            ['bash', '-c', command],
            capture_output=True,
            text=True,
            env={
                **os.environ,
                'URL': self.keystone.catalogue['data-protect'],
                'TOKEN': personas.MEMBER.name,
                'DATA': str(self.find_folder('data')),
                'AGAIN': str(self.find_folder('data-again')),
            },
        )
        self.assertEqual((0, ''), (done.returncode, done.stderr), command)
        return done.stdout

    def is_at_rest(self):
        logs = self.list('/v1/operation_logs', 'operation_logs')
        return all(log['ended_at'] for log in logs)

    def test_every_command_prints_what_the_page_shows(self):
        text = _PAGE.read_text()
        blocks = pages.read(text)
        for shown in (each for block in blocks for each in block):
            if shown.command.startswith(_ELSEWHERE):
                continue
            printed = self.run_shown(shown.command)
            self.stand_ins.learn(shown.output, printed)
            printed = self.stand_ins.take_out(printed)
            if os.environ.get(_REWRITE) != '1':
                self.assertTrue(
                    pages.is_same(shown.output, printed),
                    f'{shown.command}\n{shown.output}\nis now\n{printed}',
                )
            shown.output = printed
        if os.environ.get(_REWRITE) == '1':
            _PAGE.write_text(pages.write(text, blocks))
