"""What commands read and print."""

import argparse
import datetime
import io
import logging
import os
import types
from unittest import mock

from keystoneauth1 import exceptions as auth_exceptions
from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions
import testtools

from mogan_like_client.osc import cells
from mogan_like_client.osc import errors
from mogan_like_client.osc import progress
from mogan_like_client.osc import times
from mogan_like_client.osc import values

_AT = '2026-03-02T09:14:10.759625'
_EAST = datetime.timezone(datetime.timedelta(hours=2))


class TimesTest(testtools.TestCase):
    def test_are_printed_in_a_zone(self):
        self.assertEqual('2026-03-02 11:14:10+02:00', times.render(_AT, _EAST))
        exact = times.render_exactly(_AT, _EAST)
        self.assertEqual('2026-03-02T11:14:10.759625+02:00', exact)
        self.assertEqual('soon', times.render('soon', _EAST))
        self.assertIsNone(times.render(None, _EAST))

    def test_are_read_in_a_zone(self):
        text = times.parse('2026-03-02 11:14', _EAST)
        self.assertEqual('2026-03-02T09:14:00+00:00', text)
        text = times.parse('2026-03-02T11:14:00+03:00', _EAST)
        self.assertEqual('2026-03-02T08:14:00+00:00', text)
        self.assertEqual('now', times.parse('now', _EAST))
        self.assertRaises(ValueError, times.parse, 'noon', _EAST)

    def test_that_no_zone_can_say(self):
        last = '9999-12-31T23:59:59'
        self.assertEqual(last, times.render(last, _EAST))
        self.assertRaises(ValueError, times.parse, '0001-01-01 00:00', _EAST)


class CellsTest(testtools.TestCase):
    def test_times_are_known_by_their_names(self):
        for name in ('created_at', 'end_date', 'since', 'next_try', 'time'):
            cell = cells.make(name, _AT, _EAST)
            self.assertEqual('2026-03-02 11:14:10+02:00', str(cell), name)
        self.assertEqual(_AT, cells.make('name', _AT, _EAST))
        self.assertIsNone(cells.make('created_at', None, _EAST))

    def test_what_is_nested(self):
        found = [{'a': 1, 'time': _AT, 'b': None, 'lease_id': 'x'}, {'a': 'c'}]
        cell = cells.make('events', found, _EAST, 'lease')
        self.assertEqual('a=1, time=2026-03-02 11:14:10+02:00\na=c', str(cell))
        first, _ = cell.machine_readable()
        self.assertEqual('2026-03-02T11:14:10.759625+02:00', first['time'])
        self.assertEqual(('x', None), (first['lease_id'], first['b']))

    def test_what_a_lease_has_is_short(self):
        held = {
            'min': 1,
            'resource_properties': '',
            'note': '',
            'id': 'r-1',
            'resource_type': 'physical:host',
            'missing_resources': False,
            'resources_changed': True,
            'status': 'active',
        }
        cell = cells.make('reservations', [held], _EAST, 'lease')
        self.assertEqual(
            'id=r-1, resource_type=physical:host, status=active, min=1, note=, '
            'resources_changed=true',
            str(cell),
        )
        self.assertEqual([held], cell.machine_readable())
        held = {'host_id': '2', 'node_uuid': 'n', 'released': False, 'status': 'DONE'}
        cell = cells.make('allocations', [held], _EAST, 'lease')
        self.assertEqual('status=DONE, host_id=2', str(cell))

    def test_addresses(self):
        ports = [{'addr': '192.0.2.1', 'version': 4}, {'addr': '192.0.2.2'}]
        cell = cells.make('addresses', {'private': ports, 'b': []}, _EAST, 'instance')
        self.assertEqual('private=192.0.2.1, 192.0.2.2\nb=', str(cell))
        self.assertEqual({'private': ports, 'b': []}, cell.machine_readable())

    def test_times_deep_inside(self):
        found = {'since': _AT, 'instances': [{'locked_at': _AT}]}
        cell = cells.make('waiting_for', found, _EAST, 'lease')
        there = '2026-03-02T11:14:10.759625+02:00'
        self.assertEqual(
            {'since': there, 'instances': [{'locked_at': there}]},
            cell.machine_readable(),
        )

    def test_what_users_wrote_is_shown_as_it_is(self):
        theirs = {
            'built_at': '2026-01-01',
            'lease_id': 'l',
            'created_at': 'x',
            'n': None,
        }
        for noun, field in (
            ('instance', 'metadata'),
            ('flavor', 'properties'),
            ('host', 'capabilities'),
            ('checkpoint', 'extra_info'),
        ):
            cell = cells.make(field, theirs, _EAST, noun)
            self.assertEqual(theirs, cell.machine_readable())
            self.assertEqual(
                'built_at=2026-01-01\nlease_id=l\ncreated_at=x\nn=null', str(cell)
            )
        # What is asked for stands beside the service's own values.
        asked = [{'note_at': '2026-01-01', 'created_at': _AT}]
        (read,) = cells.make('reservations', asked, _EAST, 'lease').machine_readable()
        self.assertEqual('2026-01-01', read['note_at'])
        self.assertEqual('2026-03-02T11:14:10.759625+02:00', read['created_at'])

    def test_titles(self):
        self.assertEqual('Flavor ID', cells.make_title('flavor_uuid'))
        self.assertEqual('Created At', cells.make_title('created_at'))
        self.assertEqual('Memory MB', cells.make_title('memory_mb'))
        self.assertEqual('VCPUs', cells.make_title('vcpus'))


class ProgressTest(testtools.TestCase):
    def tell(self, terminal, columns=80):
        stream = io.StringIO()
        stream.isatty = lambda: terminal
        stream.fileno = lambda: 2
        found = types.SimpleNamespace(
            noun='instance', name='web', id='1', status='BUILDING'
        )
        size = os.terminal_size((columns, 24))
        with (
            mock.patch('os.get_terminal_size', return_value=size),
            progress.Line(stream) as line,
        ):
            line.tell(found, 2.6)
        return stream.getvalue()

    def test_is_for_people_only(self):
        self.assertEqual('', self.tell(False))
        expected = '\r\033[Kinstance web (1) is BUILDING (3 s)\r\033[K'
        self.assertEqual(expected, self.tell(True))

    def test_what_is_logged_has_a_line_of_its_own(self):
        stream, log = io.StringIO(), logging.getLogger('tests.progress')
        stream.isatty = lambda: True
        stream.fileno = lambda: 2
        handler = logging.StreamHandler(stream)
        self.addCleanup(logging.getLogger().removeHandler, handler)
        logging.getLogger().addHandler(handler)
        found = types.SimpleNamespace(noun='lease', name='l', id='1', status='PENDING')
        with progress.Line(stream) as line:
            line.tell(found, 1)
            log.warning('Retrying.')
        log.warning('Over.')
        self.assertEqual(
            '\r\033[Klease l (1) is PENDING (1 s)\r\033[KRetrying.\n\r\033[KOver.\n',
            stream.getvalue(),
        )

    def test_stderr_may_have_been_closed(self):
        found = types.SimpleNamespace(noun='lease', name='l', id='1', status='PENDING')
        with progress.Line(None) as line:
            line.tell(found, 1)
        progress.tell(None, 'The new lease is 1.')

    def test_is_one_line_of_the_terminal(self):
        self.assertEqual('\r\033[Kinstance\r\033[K', self.tell(True, columns=9))


class ValuesTest(testtools.TestCase):
    def test_json(self):
        self.assertEqual({'a': 1}, values.read_json('{"a": 1}'))
        self.assertRaises(argparse.ArgumentTypeError, values.read_json, '{')

    def test_pairs_in_one(self):
        for text, expected in (
            ('a=1,b=2', {'a': '1', 'b': '2'}),
            (' a=x=y,b=', {'a': 'x=y', 'b': ''}),
            # Quotes and brackets inside of a word are part of it.
            ("a=don't,b=x]y,c=3", {'a': "don't", 'b': 'x]y', 'c': '3'}),
            ('a=["x\\",y"],b={"c": ["]"]}', {'a': '["x\\",y"]', 'b': '{"c": ["]"]}'}),
            ('a="1,2",b=\'"x", y\'', {'a': '1,2', 'b': '"x", y'}),
            ('a="say \\"x\\""', {'a': 'say "x"'}),
        ):
            self.assertEqual(expected, values.read_pairs(text), text)

    def test_what_stood_in_quotes_is_known(self):
        read = values.read_pairs('a="5",b=\'5\',c=5,d=[5]')
        quoted = [key for key in read if isinstance(read[key], values.Quoted)]
        self.assertEqual(['a', 'b'], quoted)

    def test_pairs_that_cannot_be_read(self):
        for text, told in (
            ('', ' is not <key>=<value>'),
            ('a=1,', ' is not <key>=<value>'),
            ('a,b=1', 'a is not <key>=<value>'),
            ('=1', '=1 is not <key>=<value>'),
            ('a=1,b=2,a=3', 'a is there twice'),
            ('a=[1,b=2', 'a: [1,b=2 starts like JSON, and is not: '),
            ('a="x,b=2', 'a: "x,b=2 starts like JSON, and is not: '),
            ("a='x,b=2", "a: the quote of 'x,b=2 does not end"),
            ('a="x"y,b=2', 'a: y,b=2 stands behind "x"'),
        ):
            error = self.assertRaises(ValueError, values.read_pairs, text)
            self.assertTrue(str(error).startswith(told), f'{text}: {error}')


class ErrorsTest(testtools.TestCase):
    def describe(self, body, **headers):
        def read():
            if body is None:
                raise ValueError
            return body

        response = types.SimpleNamespace(
            json=read, headers=headers, reason='Bad Gateway', status_code=502
        )
        # Of what only reads: without a key.
        response.request = types.SimpleNamespace(headers={})
        return errors.describe_answer(response)

    def test_of_ours_and_of_others(self):
        told = self.describe(
            {'error_message': 'No.'}, **{'x-openstack-request-id': 'r'}
        )
        self.assertEqual('No. (HTTP 502, request r)', told)
        self.assertEqual('Bad Gateway (HTTP 502)', self.describe(None))
        self.assertEqual('Bad Gateway (HTTP 502)', self.describe(['what']))

    def test_a_refusal_is_told_when_nobody_says_who_holds_it(self):
        body = {'error_name': 'OperationNotPermitted', 'error_message': 'Held.'}
        response = types.SimpleNamespace(
            json=lambda: body, headers={}, reason='Forbidden', status_code=403
        )
        refusal = sdk_exceptions.ForbiddenException(response=response)
        for fault in (
            sdk_exceptions.NotFoundException('no such route'),
            auth_exceptions.ConnectFailure('lost'),
        ):
            client = mock.Mock()
            client.get_instance_lock.side_effect = fault
            with (
                self.assertRaises(exceptions.CommandError) as caught,
                errors.naming_holder(client, 'i', _EAST),
            ):
                raise refusal
            self.assertEqual('Held. (HTTP 403)', str(caught.exception))

    def test_what_is_not_ours_stays(self):
        self.assertIsNone(errors.translate(KeyError('a')))
        self.assertIsNone(errors.translate(exceptions.CommandError('a')))
