"""Bad requests about what is protected: the right 4xx, a clear message, no change."""

import logging
import urllib.parse

import fixtures

from tests import personas
from tests.functional.protection import protection_case
from tests.functional.protection import site

_NOT_THERE = protection_case.NOT_THERE
_RUN = {'provider_id': site.PROVIDER, 'checkpoint_id': _NOT_THERE}


def _resource(**values):
    return {'resources': [{'id': _NOT_THERE, 'type': site.SHARE, **values}]}


#: Values of plans, and the word that the message names.
_PLANS = {
    'empty name': ({'name': ''}, 'name'),
    'long name': ({'name': 'x' * 300}, 'name'),
    'name of another type': ({'name': 7}, 'name'),
    'long description': ({'description': 'x' * 300}, 'description'),
    'unknown field': ({'frobnicate': 1}, 'frobnicate'),
    'provider is no UUID': ({'provider_id': 'shares'}, 'provider_id'),
    'provider is not there': ({'provider_id': _NOT_THERE}, 'provider_id'),
    'no resources': ({'resources': []}, 'resources'),
    'resources are null': ({'resources': None}, 'resources'),
    'resources are no list': ({'resources': {}}, 'resources'),
    'a resource without an id': ({'resources': [{'type': site.SHARE}]}, 'id'),
    'a resource with a long id': (_resource(id='x' * 65), 'id'),
    'unknown field of a resource': (_resource(size=1), 'size'),
    'extra info is a list': (_resource(extra_info=[]), 'extra_info'),
    'resource is not there': (_resource(), _NOT_THERE),
    'unknown type': (_resource(type='OS::Nova::Server'), 'OS::Nova::Server'),
    'a type that the provider does not protect': (
        _resource(type=site.NOOP_TYPE),
        f'does not protect {site.NOOP_TYPE}',
    ),
    'parameters are a list': ({'parameters': []}, 'parameters'),
    'parameters are null': ({'parameters': None}, 'parameters'),
    'required parameters left out': ({'parameters': {}}, 'snapshot_name'),
    'left out for shares of a project': (
        {
            'resources': [{'id': personas.PROJECT, 'type': site.PROJECT_TYPE}],
            'parameters': {},
        },
        'snapshot_name',
    ),
    'values of a type are null': ({'parameters': {site.SHARE: None}}, 'parameters'),
    'another type': (
        {'parameters': {site.SHARE: protection_case.OPTIONS, 'OS::Nova::Server': {}}},
        'OS::Nova::Server',
    ),
    'parameters of a type that the provider does not protect': (
        {'parameters': {site.SHARE: protection_case.OPTIONS, site.NOOP_TYPE: {}}},
        site.NOOP_TYPE,
    ),
    'unknown parameter': (
        {'parameters': {site.SHARE: {**protection_case.OPTIONS, 'colour': 'red'}}},
        'colour',
    ),
    'parameter of another type': (
        {'parameters': {site.SHARE: {**protection_case.OPTIONS, 'force': 'yes'}}},
        'force',
    ),
    'parameters of a share that is not in it': (
        {
            'parameters': {
                site.SHARE: protection_case.OPTIONS,
                f'{site.SHARE}#{_NOT_THERE}': {},
            }
        },
        _NOT_THERE,
    ),
}
_AUTH = {'type': 'password', 'username': 'u', 'password': 'p'}
#: Bodies of restores, and the word that the message names.
_RESTORES = {
    'no checkpoint': ({'provider_id': site.PROVIDER}, 'checkpoint_id'),
    'checkpoint is no UUID': ({**_RUN, 'checkpoint_id': 'x'}, 'checkpoint_id'),
    'parameters are a list': ({**_RUN, 'parameters': []}, 'parameters'),
    'target is a number': ({**_RUN, 'restore_target': 1}, 'restore_target'),
    'auth is text': ({**_RUN, 'restore_auth': 'secret'}, 'restore_auth'),
    'auth is empty': ({**_RUN, 'restore_auth': {}}, 'restore_auth'),
    'auth of another type': (
        {**_RUN, 'restore_auth': {**_AUTH, 'type': 'token'}},
        'restore_auth',
    ),
    'auth with more': ({**_RUN, 'restore_auth': {**_AUTH, 'a': 1}}, 'restore_auth'),
}
_CHECKPOINTS = f'/v1/providers/{site.PROVIDER}/checkpoints'
_INSTANCES = f'/v1/protectables/{site.SHARE}/instances'


def _quote(text):
    return f'{_INSTANCES}?parameters={urllib.parse.quote(text)}'


#: Paths that are refused with 400, and the word that the message names.
_PATHS = {
    '/v1/plans/x': 'x',
    '/v1/restores/x': 'x',
    '/v1/verifications/x': 'x',
    '/v1/operation_logs/x': 'x',
    '/v1/providers/x': 'x',
    '/v1/providers/x/checkpoints': 'x',
    f'{_CHECKPOINTS}/x': 'x',
    f'{_CHECKPOINTS}?plan_id=x': 'x',
    f'{_CHECKPOINTS}?start_date=yesterday': 'start_date',
    f'{_CHECKPOINTS}?end_date=2026-02-30': 'end_date',
    f'{_CHECKPOINTS}?end_date=9999-12-31': 'end_date',
    f'{_CHECKPOINTS}?sort=status': 'sort',
    f'{_CHECKPOINTS}?marker={_NOT_THERE}': _NOT_THERE,
    '/v1/plans?sort=name:up': 'sort',
    '/v1/plans?sort=name,created_at': 'sort',
    '/v1/plans?status=lost': 'status',
    '/v1/plans?all_tenants=many': 'all_tenants',
    '/v1/plans?limit=0': 'limit',
    '/v1/providers?marker=x': 'x',
    f'/v1/providers?marker={_NOT_THERE}': _NOT_THERE,
    f'{_INSTANCES}?marker=none': 'none',
    f'{_INSTANCES}?type=another': 'type',
    _quote('{'): 'parameters',
    _quote('[]'): 'parameters',
    _quote("{'a': 1}"): 'parameters',
    _quote('{1: "a"}'): 'parameters',
    _quote('__import__("os")'): 'parameters',
    _quote('(' * 1000): 'parameters',
    _quote('-' * 1000 + '1'): 'parameters',
    _quote('{' + '"a": "b",' * 200 + '}'): 'parameters',
}
#: What there is not.
_MISSING = {
    f'/v1/plans/{_NOT_THERE}': 'PlanNotFound',
    f'/v1/restores/{_NOT_THERE}': 'RestoreNotFound',
    f'/v1/verifications/{_NOT_THERE}': 'VerificationNotFound',
    f'/v1/operation_logs/{_NOT_THERE}': 'OperationLogNotFound',
    f'/v1/providers/{_NOT_THERE}': 'ProviderNotFound',
    f'{_CHECKPOINTS}/{_NOT_THERE}': 'CheckpointNotFound',
    f'{_INSTANCES}/{_NOT_THERE}': 'ResourceNotFound',
    '/v1/protectables/none/instances': 'ProtectableTypeNotFound',
}


class BadProtectionTest(protection_case.ProtectionCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

    def assert_refused_with(self, named, answer, label):
        self.assertEqual(400, answer.status, (label, answer))
        nova = next(iter(answer.body.values()))
        self.assertIn(named, nova['message'], label)

    def test_plans(self):
        share = self.make_share()
        for label, (values, named) in _PLANS.items():
            body = self.describe_plan(share, **values)
            self.assert_refused_with(named, self.member.post('/v1/plans', body), label)
        for name in ('name', 'provider_id', 'resources'):
            body = self.describe_plan(share)
            del body['plan'][name]
            self.assert_refused_with(name, self.member.post('/v1/plans', body), name)
        self.assertEqual([], self.list('/v1/plans', 'plans'))
        self.assertEqual('', self.log.output)

    def test_changes_of_plans(self):
        plan = self.make_plan()
        path = f'/v1/plans/{plan["id"]}'
        for values, named in (
            ({}, 'plan'),
            ({'name': None}, 'name'),
            ({'status': 'running'}, 'status'),
            ({'provider_id': site.PROVIDER}, 'provider_id'),
            ({'resources': []}, 'resources'),
            ({'parameters': {}}, 'snapshot_name'),
            (_resource(), _NOT_THERE),
        ):
            answer = self.member.put(path, {'plan': values})
            self.assert_refused_with(named, answer, values)
        self.assertEqual(plan, self.list(path, 'plan'))
        self.assertEqual('', self.log.output)

    def test_checkpoints(self):
        for body, named in (
            ({}, 'checkpoint'),
            ({'checkpoint': {}}, 'plan_id'),
            ({'checkpoint': {'plan_id': 'x'}}, 'plan_id'),
            ({'checkpoint': {'plan_id': _NOT_THERE, 'extra-info': 'x'}}, 'extra-info'),
            ({'checkpoint': {'plan_id': _NOT_THERE, 'x': 1}}, 'x'),
        ):
            answer = self.member.post(_CHECKPOINTS, body)
            self.assert_refused_with(named, answer, body)
        body = {'checkpoint': {'plan_id': _NOT_THERE}}
        answer = self.member.post(_CHECKPOINTS, body)
        self.assert_refused(answer, 404, 'PlanNotFound')
        body = {'checkpoint': {'plan_id': self.make_plan()['id']}}
        path = _CHECKPOINTS.replace(site.PROVIDER, _NOT_THERE)
        self.assert_refused(self.member.post(path, body), 404, 'ProviderNotFound')
        for state in ('deleted', None):
            body = {'os-resetState': {'state': state}}
            answer = self.admin.put(f'{_CHECKPOINTS}/{_NOT_THERE}', body)
            self.assert_refused_with('state', answer, state)
        self.assertEqual([], self.list(_CHECKPOINTS, 'checkpoints'))
        self.assertEqual('', self.log.output)

    def test_copies(self):
        plan, path = self.make_plan(), f'{_CHECKPOINTS}/action'
        body = {'copy': {'plan_id': plan['id'], 'parameters': {}}}
        answer = self.member.post(path, body)
        self.assert_refused(answer, 400, 'CopyNotSupported')
        self.assertIn('manila-share-snapshot', answer.body['error_message'])
        answer = self.other.post(path, body)
        self.assert_refused(answer, 404, 'PlanNotFound')
        elsewhere = path.replace(site.PROVIDER, _NOT_THERE)
        answer = self.member.post(elsewhere, body)
        self.assert_refused(answer, 404, 'ProviderNotFound')
        for bad, named in (
            ({}, 'copy'),
            ({'copy': {}}, 'plan_id'),
            ({'copy': {'plan_id': 'x'}}, 'plan_id'),
            ({'paste': {'plan_id': plan['id']}}, 'copy'),
            ({**body, 'more': 1}, 'more'),
        ):
            self.assert_refused_with(named, self.member.post(path, bad), bad)
        self.assertEqual('', self.log.output)
        found = self.admin.get('/v1/actions?action=copy').body['actions']
        self.assertEqual(
            [('plan', 'refused')] * 3,
            [(each['object_type'], each['result']) for each in found],
        )

    def test_restores(self):
        for label, (values, named) in _RESTORES.items():
            answer = self.member.post('/v1/restores', {'restore': values})
            self.assert_refused_with(named, answer, label)
            self.assertNotIn('secret', answer.raw.decode())
        checkpoint = self.make_checkpoint()
        run = {**_RUN, 'checkpoint_id': checkpoint['id']}
        for parameters, named in (
            ({site.SHARE: {'colour': 'red'}}, 'colour'),
            ({site.SHARE: {'share_id': 1}}, 'share_id'),
            ({'OS::Nova::Server': {}}, 'OS::Nova::Server'),
            ({site.NOOP_TYPE: {}}, site.NOOP_TYPE),
            ({f'{site.SHARE}#{_NOT_THERE}': {}}, _NOT_THERE),
        ):
            body = {'restore': {**run, 'parameters': parameters}}
            answer = self.member.post('/v1/restores', body)
            self.assert_refused_with(named, answer, parameters)
        self.assertEqual([], self.list('/v1/restores', 'restores'))
        self.assertEqual('', self.log.output)

    def test_paths(self):
        for path, named in _PATHS.items():
            self.assert_refused_with(named, self.member.get(path), path)
        for path, title in _MISSING.items():
            self.assert_refused(self.member.get(path), 404, title)
        for body in ({'status': 'gone'}, {'status': 'enabled', 'disabled_reason': 'x'}):
            answer = self.admin.put('/v1/os-services/1', body)
            self.assertEqual(400, answer.status, body)
        self.assertEqual('', self.log.output)
