"""The methods of the library, each called as a program would."""

import inspect

from mogan_like_client.sdk import instances
from mogan_like_client.sdk import leases
from mogan_like_client.sdk import protection

#: What a method has to be given that its signature does not tell.
_GIVEN = {
    'update_quota': {'limits': {'instances': 1}},
    'update_quota_defaults': {'limits': {'instances': 1}},
    'update_host': {'capabilities': {'rack': 'a'}},
    'update_host_property': {'private': True},
    'update_protection_service': {'status': 'enabled'},
}
_OF_PROVIDERS = {'provider_id': 'p'}


def list_methods():
    """(name, method) of all that send one request."""
    parts = (instances.InstancesMixin, leases.LeasesMixin, protection.ProtectionMixin)
    for part in parts:
        for name, method in vars(part).items():
            # Those find and wait by means of the others.
            if not name.startswith(('_', 'find_', 'wait_for_')):
                yield name, method


def call(client, name, method, **more):
    """Call one to its end, with the least it takes."""
    signature = inspect.signature(method)
    given = {**_GIVEN.get(name, {}), **more}
    needed = [
        'x'
        for each in list(signature.parameters.values())[1:]
        if each.default is each.empty
        and each.kind is each.POSITIONAL_OR_KEYWORD
        and each.name not in given
    ]
    if 'checkpoint' in name and name != 'copy_checkpoints':
        given.update(_OF_PROVIDERS)
    elif name.startswith('update_') and not given:
        given['name'] = 'n'
    answer = method(client, *needed, **given)
    if inspect.isgenerator(answer):
        list(answer)
