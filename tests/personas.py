"""Who calls: the personas of OpenStack's secure RBAC, and identity headers."""

import dataclasses

PROJECT = 'a' * 32
OTHER_PROJECT = 'b' * 32
ADMIN_PROJECT = 'c' * 32

_READER = ('reader',)
_MEMBER = ('member', *_READER)
_MANAGER = ('manager', *_MEMBER)


@dataclasses.dataclass(frozen=True)
class Persona:
    """One caller, as authentication hands it on."""

    name: str
    roles: tuple
    project_id: str | None = PROJECT
    system_scope: str | None = None
    domain_id: str | None = None

    @property
    def user_id(self):
        """An id that tells who it is."""
        return f'user-{self.name}'

    @property
    def headers(self):
        """The identity headers of a confirmed caller."""
        headers = {
            'X-Identity-Status': 'Confirmed',
            'X-User-Id': self.user_id,
            'X-Roles': ','.join(self.roles),
        }
        if self.project_id:
            headers['X-Project-Id'] = self.project_id
        if self.domain_id:
            headers['X-Domain-Id'] = self.domain_id
        if self.system_scope:
            headers['OpenStack-System-Scope'] = self.system_scope
        return headers


ADMIN = Persona('admin', ('admin', *_MANAGER), ADMIN_PROJECT)
MANAGER = Persona('manager', _MANAGER)
MEMBER = Persona('member', _MEMBER)
READER = Persona('reader', _READER)
SERVICE = Persona('service', ('service',), 'd' * 32)
OTHER_MEMBER = Persona('other-member', _MEMBER, OTHER_PROJECT)
OTHER_READER = Persona('other-reader', _READER, OTHER_PROJECT)
SYSTEM_ADMIN = Persona('system-admin', ('admin', *_MANAGER), None, 'all')
DOMAIN_ADMIN = Persona('domain-admin', ('admin', *_MANAGER), None, domain_id='e' * 32)
DOMAIN_MEMBER = Persona('domain-member', _MEMBER, None, domain_id='e' * 32)
#: An admin who happens to be in the instance's project.
PROJECT_ADMIN = Persona('project-admin', ('admin', *_MANAGER))
NOBODY = Persona('nobody', ())

ALL = (
    ADMIN,
    PROJECT_ADMIN,
    MANAGER,
    MEMBER,
    READER,
    SERVICE,
    OTHER_MEMBER,
    OTHER_READER,
    SYSTEM_ADMIN,
    DOMAIN_ADMIN,
    DOMAIN_MEMBER,
    NOBODY,
)
