"""Scripts of requests, and the player that keeps what was sent and answered."""

import dataclasses
import json
import string

from tests import fixtures
from tests import personas
from tests.functional.samples import stand_ins

#: Links in answers lead to the host that was asked.
_HOST = {'Host': 'baremetal.example.org'}


class _Caller(personas.Persona):
    """A persona with the kind of id that Keystone gives."""

    @property
    def user_id(self):
        return stand_ins.make_id(f'user {self.name}').replace('-', '')


def _make_caller(name, roles):
    return _Caller(name, roles, stand_ins.make_id(f'project {name}').replace('-', ''))


ADMIN = _make_caller('admin', personas.ADMIN.roles)
MEMBER = _make_caller('demo', personas.MEMBER.roles)


@dataclasses.dataclass(frozen=True)
class Step:
    """One request; ``$name`` in path and body is what an earlier step kept.

    :ivar sample: what its files are called, before ``-request.json`` and
        ``-response.json``; None for a step that only leads to the next one
    :ivar keep: the name that the answer's uuid or id is kept under; with
        ``_request`` after it, that of the answer's request id, and with
        ``_reservation`` that of a lease's first reservation
    :ivar keep_first: the same for the first item of a list
    :ivar until: the status of ``$instance`` that is waited for afterwards; of
        ``$lease``, when the path is of leases
    :ivar sends: headers of the request
    :ivar answers: headers that the answer must have
    """

    sample: str | None
    caller: personas.Persona
    method: str
    path: str
    body: object = None
    status: int = 200
    keep: str | None = None
    keep_first: str | None = None
    until: str | None = None
    version: str = 'latest'
    sends: dict = dataclasses.field(default_factory=dict)
    answers: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Script:
    """The steps of one set of samples.

    :ivar steps: :class:`Step`, or what is called with the service
    :ivar options: of tests.fixtures.Service
    :ivar given: what is the same in every run, beside what the steps name
    :ivar make_site: called with the test before the service is started: more
        options, and names for the steps
    """

    steps: tuple
    options: dict = dataclasses.field(default_factory=dict)
    given: tuple = ()
    make_site: object = lambda _test: ({}, {})


class Player:
    """Plays the steps of a script against a service.

    :param names: what ``$name`` stands for before the first step
    :ivar documents: ``{file name: document}`` of what was sent and answered
    """

    def __init__(self, service, names):
        self.service = service
        self._names = dict(names)
        self.documents = {}

    def play(self, step):
        """Send one request, and keep what it and its answer say.

        :raises AssertionError: when the answer is another one than expected
        """
        body = self._fill(step.body)
        answer = self.service.client(step.caller).send(
            step.method,
            self._fill(step.path),
            body,
            version=step.version,
            headers={**_HOST, **step.sends},
        )
        headers = {name: answer.headers.get(name) for name in step.answers}
        if (answer.status, headers) != (step.status, step.answers):
            raise AssertionError(f'{step} was answered {answer}')
        if step.keep_first:
            first = next(iter(answer.body.values()))[0]
            self._names[step.keep_first] = first['id']
        if step.keep:
            self._names[step.keep] = _find_id(answer.body)
            for reservation in _find_reservations(answer.body)[:1]:
                self._names[f'{step.keep}_reservation'] = reservation['id']
            request_id = answer.headers['x-openstack-request-id']
            self._names[f'{step.keep}_request'] = request_id
        if step.until:
            self._wait_for(step)
        if step.sample:
            self._add(f'{step.sample}-request.json', body)
            self._add(f'{step.sample}-response.json', answer.body)

    def _wait_for(self, step):
        if not step.path.startswith('/v1/leases'):
            self.service.wait_for(self._names['instance'], step.until)
            return
        path = f'/v1/leases/{self._names["lease"]}'
        fixtures.wait_until(
            lambda: self.service.admin.get(path).body['lease']['status'] == step.until,
            f'the lease to be {step.until}',
        )

    def _add(self, name, document):
        if document is not None:
            if name in self.documents:
                raise ValueError(f'{name} is there twice')
            self.documents[name] = document

    def _fill(self, value):
        if isinstance(value, dict):
            return {name: self._fill(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._fill(inner) for inner in value]
        if isinstance(value, str):
            return string.Template(value).substitute(self._names)
        return value


def _find_id(body):
    """The id of the one object that was answered, or None."""
    if body and len(body) == 1:
        (inner,) = body.values()
        return inner['id']
    return (body or {}).get('uuid')


def _find_reservations(body):
    return (body or {}).get('lease', {}).get('reservations', [])


def make_samples(test, name, script):
    """``{file name: text}`` of a script played against a service of its own."""
    options, names = script.make_site(test)
    options = {**script.options, **options}
    player = Player(test.useFixture(fixtures.Service(test, **options)), names)
    given = set(script.given)
    for step in script.steps:
        if isinstance(step, Step):
            given |= stand_ins.find(json.dumps([step.path, step.body]))
            player.play(step)
        else:
            step(player.service)
    documents = player.documents
    known = stand_ins.StandIns(name, documents.values(), given)
    return {
        file: json.dumps(known.put_in(document), indent=4, ensure_ascii=False) + '\n'
        for file, document in documents.items()
    }
