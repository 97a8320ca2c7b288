"""The look at errors of Nova's routes sees what is wrong with one."""

import http
import unittest

import orjson

from mogan_like.api import errors
from tests import faults
from tests import fixtures

_IDS = dict.fromkeys(faults.REQUEST_IDS, 'req-1')
_HEADERS = _IDS | {'Content-Type': 'application/json'}
_FAULT = {'code': 404, 'message': 'no'}
_STATUSES = [each for each in http.HTTPStatus if each >= 400]


def check(body, status=404, headers=_HEADERS, path='/v2.1/servers', method='GET'):
    raw = orjson.dumps(body) if body is not None else b''
    faults.check(method, path, fixtures.Answer(status, headers, body, raw))


class FaultsTest(unittest.TestCase):
    def test_what_is_novas(self):
        check({'itemNotFound': _FAULT})
        check({'computeFault': {'code': 406, 'message': 'no'}}, 406)
        check(None, method='HEAD')
        # What is no error, or not of Nova's routes.
        check({'server': {}}, 200, {})
        for path in ('/', '/v1/leases', '/v2.10', '/v2'):
            check({'error_code': 404}, 404, {}, path)

    def test_what_is_not(self):
        for body, kwargs in (
            (None, {}),
            ({}, {}),
            (_FAULT, {}),
            ({'badRequest': _FAULT}, {}),
            ({'itemNotFound': _FAULT | {'code': 400}}, {}),
            ({'itemNotFound': _FAULT | {'title': 'NotFound'}}, {}),
            ({'itemNotFound': _FAULT | {'message': ''}}, {}),
            ({'itemNotFound': _FAULT, 'error_code': 404}, {}),
            ({'itemNotFound': _FAULT}, {'method': 'HEAD'}),
            ({'itemNotFound': _FAULT}, {'headers': _HEADERS | {'Content-Type': 'x'}}),
            ({'itemNotFound': _FAULT}, {'headers': _IDS}),
            *(
                (
                    {'itemNotFound': _FAULT},
                    {'headers': _HEADERS | {name: 'req-2'}, 'path': path},
                )
                for name in faults.REQUEST_IDS
                for path in ('/v2.1', '/v2.1?a=b', '/v2.1/')
            ),
        ):
            with self.subTest(body=body, **kwargs):
                self.assertRaises((AssertionError, KeyError), check, body, **kwargs)

    def test_every_error_is_rendered_so(self):
        for status in _STATUSES:
            fact = errors.Foreign(int(status), 'no')
            code, _headers, raw = errors.render(fact, errors.nova)
            self.assertEqual(status, code)
            self.assertIsNone(faults.find_problem(code, orjson.loads(raw)), status)
