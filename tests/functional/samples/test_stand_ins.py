"""Stand-ins keep what is equal equal, what is later later, and hide nothing else."""

import unittest

from tests.functional.samples import stand_ins

_A = '26b7cb93-8972-459f-8e1f-d838099c435d'
_B = '4f552813-bcaa-49d8-8813-f7eeb272d3fb'
_EARLY = '2026-11-21T04:36:49.951171'
_LATE = '2026-11-21T04:36:49.952370'


def _put_in(*documents, given=()):
    known = stand_ins.StandIns('set', documents, set(given))
    return [known.put_in(document) for document in documents]


class StandInsTest(unittest.TestCase):
    def test_one_value_has_one_stand_in(self):
        body, link = _put_in({'uuid': _A}, {'href': f'http://host/v1/instances/{_A}'})
        self.assertNotEqual(_A, body['uuid'])
        self.assertEqual(f'http://host/v1/instances/{body["uuid"]}', link['href'])

    def test_another_value_has_another(self):
        body, link = _put_in({'uuid': _A}, {'href': f'http://host/v1/instances/{_B}'})
        self.assertNotIn(body['uuid'], link['href'])

    def test_two_runs_have_the_same(self):
        documents = [{'uuid': _A, 'other': _B}], [{'uuid': _B, 'other': _A}]
        self.assertEqual(*(_put_in(*run) for run in documents))

    def test_ids_exchanged_are_seen(self):
        first = _put_in({'uuid': _A}, {'uuid': _B}, {'owner': _A})
        second = _put_in({'uuid': _A}, {'uuid': _B}, {'owner': _B})
        self.assertNotEqual(first, second)

    def test_later_stays_later(self):
        late, early = _put_in({'at': _LATE}, {'at': _EARLY})
        self.assertLess(early['at'], late['at'])
        self.assertRegex(early['at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$')

    def test_a_time_of_another_form_is_seen(self):
        self.assertEqual([{'at': _LATE[:-3]}], _put_in({'at': _LATE[:-3]}))

    def test_what_was_given_stays(self):
        self.assertEqual([{'image': _A}], _put_in({'image': _A}, given=[_A]))

    def test_numbers_of_actions_and_markers_agree(self):
        listed, link = _put_in({'id': 41}, {'next': '/v1/actions?limit=1&marker=41'})
        self.assertEqual({'next': f'/v1/actions?limit=1&marker={listed["id"]}'}, link)

    def test_an_id_in_a_key_has_the_same(self):
        body, shown = _put_in({'uuid': _A}, {f'type#{_A}': 'available'})
        self.assertEqual({f'type#{body["uuid"]}': 'available'}, shown)

    def test_other_values_stay(self):
        document = {'limit': 41, 'name': 'db-1', 'used': None, 'ok': True}
        self.assertEqual([document], _put_in(document))
