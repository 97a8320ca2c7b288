"""Flavors as Nova's, whatever an admin wrote into their properties."""

import types
import unittest

import orjson

from mogan_like.api import body
from mogan_like.compute.schemas import flavors as schemas
from mogan_like.compute.views import flavors

_MOST = 2**31 - 1


def make_row(**properties):
    return types.SimpleNamespace(
        uuid='b4fc24a2-5363-486a-bfa8-edc4907864b3',
        name='large',
        description=None,
        resource_class='Bare métal',
        properties=orjson.dumps(properties).decode(),
        disabled=0,
        is_public=1,
    )


class TestSizes(unittest.TestCase):
    def test_a_number_is_one_that_nova_could_have(self):
        for text, number in (
            ('16', 16),
            ('007', 7),
            (str(_MOST), _MOST),
            ('0' * 245 + str(_MOST), _MOST),
            (str(_MOST + 1), 0),
            (str(2**64), 0),
            ('9' * 255, 0),
            ('-1', 0),
            ('+1', 0),
            ('1e3', 0),
            ('1_000', 0),
            ('4.0', 0),
            (' 5', 0),
            ('5\n', 0),
            ('٣', 0),
            ('²', 0),
            ('NaN', 0),
            ('many', 0),
            ('', 0),
            ('\0', 0),
        ):
            with self.subTest(text):
                row = make_row(cpus=text, memory_mb=text, local_gb=text)
                for shown in (
                    flavors.show(row, 'http://x', (2, 96)),
                    flavors.embed(row.uuid, row),
                ):
                    sizes = [shown[name] for name in ('vcpus', 'ram', 'disk')]
                    self.assertEqual([number] * 3, sizes)

    def test_what_is_shown_can_be_written_and_read(self):
        schema = body.Schema(schemas.SHOWN)
        for version in ((2, 1), (2, 96)):
            for name in ('cpus', 'é' * 255, ':', '\0', '"'):
                row = make_row(**{name: '9' * 255})
                shown = {'flavor': flavors.show(row, 'http://x', version)}
                self.assertIsNone(schema.find_problem(shown, version))
                self.assertEqual(shown, orjson.loads(orjson.dumps(shown)))
