"""Plugins that do nothing: for trying things out, and for tests of all the rest."""

import uuid

from mogan_like.common import exception
from mogan_like.protection.plugins import base

TYPE = 'OS::Noop::Resource'

_NOTHING = {'type': 'object', 'properties': {}}
_RESTORE = {
    'title': 'Noop Restore',
    'type': 'object',
    'properties': {
        'restore_name': {
            'type': 'string',
            'title': 'Restore Name',
            'description': 'Recorded, as all that comes of it.',
        }
    },
}
_SAVED_INFO = {
    'title': 'Noop Saved Info',
    'type': 'object',
    'properties': {'protected': {'type': 'boolean'}},
}


class NoopProtectable(base.ProtectablePlugin):
    """Each project has one resource, which is nowhere else."""

    def get_resource_type(self):
        """A type of its own: nobody is to think a share protected by nothing."""
        return TYPE

    def get_parent_resource_types(self):
        """None: protecting a project leaves it out."""
        return ()

    def list_resources(self, ctx, parameters=None):
        """The project's resource."""
        return [_make_resource(ctx.project_id)]

    def show_resource(self, ctx, resource_id, parameters=None):
        """The project's resource; all others are not found."""
        found = _make_resource(ctx.project_id)
        if found.id != resource_id:
            raise exception.ResourceNotFound(
                resource_type=TYPE, resource_id=resource_id
            )
        return found

    def get_dependent_resources(self, ctx, parent):
        """It belongs to nothing."""
        return ()


class NoopProtection(base.ProtectionPlugin):
    """Operations that succeed, and record that they were there."""

    def get_supported_resource_types(self):
        """Those of :class:`NoopProtectable`."""
        return (TYPE,)

    def get_options_schema(self, resource_type):
        """Nothing can be said."""
        return {'title': 'Noop Options', **_NOTHING}

    def get_restore_schema(self, resource_type):
        """A name, as other plugins have it."""
        return _RESTORE

    def get_saved_info_schema(self, resource_type):
        """That it was protected."""
        return _SAVED_INFO

    def get_protect_operation(self, resource):
        """Records that it was protected."""
        return _Note(protected=True)

    def get_restore_operation(self, resource):
        """Records the name."""
        return _Restore()

    def get_delete_operation(self, resource):
        """Records that it is protected no more."""
        return _Note(protected=False)

    def get_verify_operation(self, resource):
        """Looks at the record of the protection."""
        return _Verify()


class _Note(base.Operation):
    def __init__(self, **data):
        self._data = data

    def on_main(self, step):
        step.record.save(**self._data)


class _Restore(base.Operation):
    def on_main(self, step):
        step.record.save(restore_name=step.parameters.get('restore_name'))


class _Verify(base.Operation):
    def on_main(self, step):
        if not step.protected.get('protected'):
            raise exception.ProtectionFailed(reason='It was not protected.')


def _make_resource(project_id):
    # The same each time, and in all conductors.
    found = uuid.uuid5(uuid.NAMESPACE_URL, f'noop:{project_id}')
    return base.Resource(TYPE, str(found), 'nothing')
