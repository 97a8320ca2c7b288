"""The least that a lock can be: a guarded UPDATE, an INSERT, a COMMIT."""

import datetime
import signal

import oslo_messaging

from tools.bench import floor

_COLUMNS = floor.LOCKS.c


class Conductor:
    """The RPC methods."""

    target = oslo_messaging.Target(version='1.0')

    def __init__(self, engine):
        self._engine = engine

    def lock(self, ctx, uuid, lock):
        """Lock or unlock an instance.

        :raises ValueError: when it is what it is to be
        """
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        states = ('ACTIVE', 'LOCKED') if lock else ('LOCKED', 'ACTIVE')
        with self._engine.begin() as conn:
            changed = conn.execute(
                floor.LOCKS.update()
                .where(_COLUMNS.uuid == uuid, _COLUMNS.status == states[0])
                .values(
                    status=states[1],
                    locked_by='admin' if lock else None,
                    lock_reason=None,
                    updated_at=now,
                )
            )
            if changed.rowcount != 1:
                raise ValueError(f'{uuid} is not {states[0]}')
            conn.execute(
                floor.ACTIONS.insert(),
                {
                    'object_id': uuid,
                    'action': 'lock' if lock else 'unlock',
                    'request_id': f'req-{uuid}',
                    'user_id': 'u' * 32,
                    'project_id': 'p' * 32,
                    'started_at': now,
                    'result': 'success',
                },
            )


def main():
    """Serve until SIGTERM."""
    engine = floor.load()
    server = oslo_messaging.get_rpc_server(
        oslo_messaging.get_rpc_transport(floor.CONF),
        floor.make_target(server='floor'),
        [Conductor(engine)],
        executor='threading',
    )
    server.start()
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    server.stop()
    server.wait()


if __name__ == '__main__':
    main()
