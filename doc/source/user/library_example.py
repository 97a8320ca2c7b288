"""An instance from Python: made, locked, refused, unlocked, deleted."""

from openstack import exceptions

import mogan_like_client

admin = mogan_like_client.connect(cloud='admin').baremetal_compute
demo = mogan_like_client.connect(cloud='demo').baremetal_compute

flavor = admin.create_flavor(name='small', resource_class='baremetal')
instance = demo.create_instance(
    name='db-1',
    flavor_uuid=flavor.id,
    image_uuid='b8a5b6f0-6f0e-4f0b-9a3c-0d6f7c1f2e11',
)
instance = demo.wait_for_instance(instance)
print(f'{instance.name} is {instance.status}')

admin.lock_instance(instance, reason='replacing a disk')
lock = demo.get_instance_lock(instance)
print(f'locked by {lock.locked_by}: {lock.reason}')
try:
    demo.delete_instance(instance)
except exceptions.ForbiddenException as refused:
    print(refused.details, refused.request_id)

admin.unlock_instance(instance)
for action in demo.instance_actions(instance, events=True):
    print(action.started_at, action.action, action.result)

demo.delete_instance(instance)
demo.wait_for_instance(instance, status=None)
admin.delete_flavor(flavor)
print('gone')
