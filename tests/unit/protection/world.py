"""Things that can be protected, with gates and failures; and a bank in memory."""

import collections
import copy
import dataclasses
import itertools
import threading
import uuid

from mogan_like.common import exception
from mogan_like.protection.banks import base as banks_base
from mogan_like.protection.plugins import base

PROJECT = 'p' * 32
OTHER_PROJECT = 'q' * 32
PROVIDER = '11111111-2222-4333-8444-555555555555'
FOLDER = 'Test::Folder'
SHARE = 'Test::Share'
_HOOKS = ('on_prepare_begin', 'on_prepare_finish', 'on_main', 'on_complete')


@dataclasses.dataclass
class Provider:
    """As providers.load() makes them."""

    id: str
    plugins: list
    bank: object
    name: str = 'test'
    description: str = 'of a test'
    enabled: bool = True

    def get_plugin(self, resource_type):
        return next(
            plugin
            for plugin in self.plugins
            if resource_type in plugin.get_supported_resource_types()
        )


class World:
    """What is outside: shares, folders, snapshots.

    :ivar shares: {id: (project, folder or None)}
    :ivar folders: {id: (project, parent folder or None)}
    :ivar snapshots: {id: (checkpoint's id, share's id)}
    :ivar made: ids of all snapshots and restored shares ever made, in their order
    :ivar calls: (verb, hook, resource's id), in their order
    :ivar at: {(verb, hook, resource's id): what is called there with the step}
    """

    def __init__(self):
        self.shares = {}
        self.folders = {}
        self.snapshots = {}
        self.restored = {}
        self.made = []
        self.calls = []
        self.at = {}
        self.number = itertools.count(1)
        self.lock = threading.Lock()

    def add_shares(self, *names, project=PROJECT, folder=None):
        for name in names:
            self.shares[name] = (project, folder)

    def called(self, verb, hook='on_main'):
        """The resources that a hook was called for."""
        return [each[2] for each in self.calls if each[:2] == (verb, hook)]

    def make(self, kind):
        with self.lock:
            made = f'{kind}-{next(self.number)}'
            self.made.append(made)
        return made


class FolderPlugin(base.ProtectablePlugin):
    """Folders, in folders; nothing protects them themselves."""

    def __init__(self, world):
        self.world = world

    def get_resource_type(self):
        return FOLDER

    def get_parent_resource_types(self):
        return (FOLDER,)

    def list_resources(self, ctx, parameters=None):
        return [
            base.Resource(FOLDER, name, name)
            for name, (project, _) in self.world.folders.items()
            if project == ctx.project_id
        ]

    def show_resource(self, ctx, resource_id, parameters=None):
        for resource in self.list_resources(ctx):
            if resource.id == resource_id:
                return resource
        raise exception.ResourceNotFound(resource_type=FOLDER, resource_id=resource_id)

    def get_dependent_resources(self, ctx, parent):
        return [
            resource
            for resource in self.list_resources(ctx)
            if self.world.folders[resource.id][1] == parent.id
        ]


class SharePlugin(base.ProtectablePlugin):
    """Shares, alone or in folders."""

    def __init__(self, world):
        self.world = world

    def get_resource_type(self):
        return SHARE

    def get_parent_resource_types(self):
        return (FOLDER,)

    def list_resources(self, ctx, parameters=None):
        return [
            base.Resource(SHARE, name, f'share {name}')
            for name, (project, _) in self.world.shares.items()
            if project == ctx.project_id
        ]

    def show_resource(self, ctx, resource_id, parameters=None):
        for resource in self.list_resources(ctx):
            if resource.id == resource_id:
                return resource
        raise exception.ResourceNotFound(resource_type=SHARE, resource_id=resource_id)

    def get_dependent_resources(self, ctx, parent):
        return [
            resource
            for resource in self.list_resources(ctx)
            if self.world.shares[resource.id][1] == parent.id
        ]


class _Operation(base.Operation):
    """Calls what the world has at each hook, then does its work in on_main."""

    verb = ''

    def __init__(self, world):
        self.world = world
        for hook in _HOOKS:
            setattr(self, hook, self._make_hook(hook))

    def _make_hook(self, hook):
        def run(step):
            self.world.calls.append((self.verb, hook, step.resource.id))
            for key in ((self.verb, hook, step.resource.id), (self.verb, hook, None)):
                if key in self.world.at:
                    self.world.at[key](step)
            if hook == 'on_main':
                self.work(step)

        return run

    def after(self, step, what):
        """A point within on_main."""
        key = (self.verb, what, step.resource.id)
        if key in self.world.at:
            self.world.at[key](step)


class _Protect(_Operation):
    verb = 'protect'

    def work(self, step):
        step.record.set_status('protecting')
        if 'snapshot' not in step.record.data:
            # As Manila is asked for what an interrupted try made.
            key = (step.checkpoint_id, step.resource.id)
            found = [name for name, own in self.world.snapshots.items() if own == key]
            snapshot = found[0] if found else self.world.make('snapshot')
            self.world.snapshots[snapshot] = key
            self.after(step, 'made')
            step.record.save(snapshot=snapshot)
            self.after(step, 'saved')
        step.waiter.check()


class _Delete(_Operation):
    verb = 'delete'

    def work(self, step):
        key = (step.checkpoint_id, step.resource.id)
        for name, own in list(self.world.snapshots.items()):
            if own == key:
                del self.world.snapshots[name]
        self.after(step, 'deleted')


class _Restore(_Operation):
    verb = 'restore'

    def work(self, step):
        if 'attempt' not in step.record.data:
            step.record.save(attempt=uuid.uuid4().hex)
        if 'share' not in step.record.data:
            key = step.record.data['attempt']
            if key not in self.world.restored:
                self.world.restored[key] = self.world.make('share')
            self.after(step, 'made')
            step.record.save(share=self.world.restored[key])
            self.after(step, 'saved')
        if step.protected.get('snapshot') not in self.world.snapshots:
            raise exception.ProtectionFailed(reason='The snapshot is gone.')


class _Verify(_Operation):
    verb = 'verify'

    def work(self, step):
        if step.protected.get('snapshot') not in self.world.snapshots:
            raise exception.ProtectionFailed(reason='The snapshot is gone.')


class ShareProtection(base.ProtectionPlugin):
    """Snapshots of shares."""

    def __init__(self, world):
        self.world = world
        self.refusal = None

    def get_supported_resource_types(self):
        return (SHARE,)

    def get_options_schema(self, resource_type):
        return {
            'title': 'Options',
            'type': 'object',
            'properties': {
                'name': {'type': 'string'},
                'force': {'type': 'boolean', 'default': False},
            },
            'required': ['name', 'force'],
        }

    def get_restore_schema(self, resource_type):
        return {
            'title': 'Restore',
            'type': 'object',
            'properties': {'restore_name': {'type': 'string'}},
        }

    def check_restore(self, step):
        if self.refusal is not None:
            raise self.refusal

    def get_protect_operation(self, resource):
        return _Protect(self.world)

    def get_restore_operation(self, resource):
        return _Restore(self.world)

    def get_delete_operation(self, resource):
        return _Delete(self.world)

    def get_verify_operation(self, resource):
        return _Verify(self.world)


class MemoryBank(banks_base.Bank):
    """A bank that fails when it is told to.

    :ivar failures: {(verb, part of a key): how often it fails}
    :ivar at: called with (verb, key) before each change
    """

    def __init__(self):
        self.documents = {}
        self.failures = collections.Counter()
        self.at = lambda verb, key: None

    def put(self, key, document):
        self._change('put', key)
        self.documents[key] = copy.deepcopy(document)

    def get(self, key):
        if key not in self.documents:
            raise exception.BankKeyNotFound(key=key)
        return copy.deepcopy(self.documents[key])

    def delete(self, key):
        self._change('delete', key)
        self.documents.pop(key, None)

    def list(self, prefix, marker=None, limit=None, descending=False):
        keys = sorted(key for key in self.documents if key.startswith(prefix))
        if descending:
            keys.reverse()
        if marker is not None:
            keys = [
                key for key in keys if (key < marker if descending else key > marker)
            ]
        return keys[:limit]

    def _change(self, verb, key):
        self.at(verb, key)
        for (wanted, part), count in self.failures.items():
            if wanted == verb and part in key and count:
                self.failures[wanted, part] -= 1
                raise exception.BankFailed(reason='it is told to.')
