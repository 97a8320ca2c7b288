"""Make the roles, projects, users and catalogue of the Keystone for tests.

Runs in Keystone's virtual environment; makes only what is missing, so it may
run again. One process for all of it: the openstack CLI takes about a second
per command. Arguments: auth URL, password of everybody, region, this service's
URL, and others of the catalogue as TYPE=URL.
"""

import sys

import openstack

# admin implies manager implies member implies reader: bootstrap makes these,
# the service role, and admin's roles on project admin and on the system.
PROJECTS = ('demo', 'alt', 'service')

#: user: its (project, role) pairs, the default project first
USERS = {
    'demo': [('demo', 'member')],
    'manager': [('demo', 'manager')],
    'reader': [('demo', 'reader')],
    'alt': [('alt', 'member')],
    'service': [('service', 'service')],
    # What this service itself logs in as, to have tokens checked.
    'mogan': [('service', 'service')],
}


def make_users(identity, password):
    """Make projects, users and what they may do."""
    projects = {p.name: p for p in identity.projects(domain_id='default')}
    for name in PROJECTS:
        if name not in projects:
            projects[name] = identity.create_project(name=name, domain_id='default')
    roles = {role.name: role for role in identity.roles()}
    users = {u.name: u for u in identity.users(domain_id='default')}
    for name, grants in USERS.items():
        if name not in users:
            users[name] = identity.create_user(
                name=name,
                domain_id='default',
                password=password,
                default_project_id=projects[grants[0][0]].id,
            )
        for project, role in grants:
            # A PUT: granting again changes nothing.
            identity.assign_project_role_to_user(
                projects[project], users[name], roles[role]
            )


def make_catalogue(identity, region, urls):
    """Make or correct the services and their endpoints.

    :param urls: {(service type, name): URL}
    """
    services = {service.type: service for service in identity.services()}
    endpoints = {
        (e.service_id, e.interface): e for e in identity.endpoints(region_id=region)
    }
    for (service_type, name), url in urls.items():
        service = services.get(service_type) or identity.create_service(
            type=service_type, name=name
        )
        for interface in ('public', 'internal', 'admin'):
            old = endpoints.get((service.id, interface))
            if old is None:
                identity.create_endpoint(
                    service_id=service.id,
                    interface=interface,
                    url=url,
                    region_id=region,
                )
            elif old.url != url:
                identity.update_endpoint(old, url=url)


def _name_others(words):
    """{(type, name): URL} of words TYPE=URL."""
    pairs = (word.split('=', 1) for word in words)
    return {(service_type, service_type): url for service_type, url in pairs}


def main(auth_url, password, region, app_url, *others):
    """Make everything."""
    # The catalogue may hold the port of an earlier start: do not ask it.
    identity = openstack.connect(
        auth_url=auth_url,
        username='admin',
        password=password,
        project_name='admin',
        user_domain_id='default',
        project_domain_id='default',
        region_name=region,
        identity_api_version='3',
        identity_endpoint_override=auth_url,
    ).identity
    make_users(identity, password)
    make_catalogue(
        identity,
        region,
        {
            ('identity', 'keystone'): auth_url,
            # python-moganclient finds this type only, and wants the version.
            ('baremetal_compute', 'mogan'): app_url + '/v1',
            ('baremetal-compute', 'mogan-like'): app_url + '/v1',
            ('compute', 'nova'): app_url + '/v2.1',
            ('reservation', 'blazar'): app_url + '/v1',
            ('data-protect', 'karbor'): app_url + '/v1/$(project_id)s',
            **_name_others(others),
        },
    )


if __name__ == '__main__':
    main(*sys.argv[1:])
