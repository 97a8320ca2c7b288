"""Tests in forks of one process that has imported them all.

To import the tests takes longer than most of them, so that it is done once. Who has
nothing to do takes the next class, the longest first, so that nobody is left with
much to do when the others have ended.
"""

import contextlib
import gc
import os
import re
import sys
import threading
import unittest

import subunit
from subunit import test_results
import testtools

#: Bytes of a number in the queue.
_SIZE = 4


def load(folder, wanted):
    """[TestSuite] of each class with tests whose names match, as they are found.

    :param wanted: a regular expression, or None for all
    :raises ImportError: telling of all modules that cannot be imported
    """
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    loader = unittest.TestLoader()
    found = loader.discover(str(folder), top_level_dir='.')
    if loader.errors:
        raise ImportError('\n'.join(loader.errors))
    groups = {}
    for test in testtools.iterate_tests(found):
        if re.search(wanted or '', test.id()):
            groups.setdefault(type(test), unittest.TestSuite()).addTest(test)
    return list(groups.values())


def run(groups, workers, log, result):
    """Run groups of tests; [exit status] of the workers.

    In a worker it does not return.

    :param log: an open file for what the workers print
    :param result: a StreamResult
    """
    # What is there now is shared, and not looked through by each.
    gc.freeze()
    queue, numbers = os.pipe()
    crew = {}
    for _ in range(min(workers, len(groups))):
        stream, written = os.pipe()
        pid = os.fork()
        if not pid:
            for other in (numbers, stream, *crew.values()):
                os.close(other)
            _work(groups, queue, written, log)
            sys.exit()
        os.close(written)
        crew[pid] = stream
    os.close(queue)
    result = _InTurn(result)
    threads = [threading.Thread(target=_hand_out, args=(numbers, len(groups)))]
    for stream in crew.values():
        threads.append(threading.Thread(target=_read, args=(stream, result)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in crew]


def _work(groups, queue, written, log):
    """Be a worker: run what comes from the queue until that is empty."""
    for number in (1, 2):
        os.dup2(log.fileno(), number)
    with os.fdopen(written, 'wb') as stream:
        result = testtools.ExtendedToStreamDecorator(
            subunit.StreamResultToBytes(stream)
        )
        result = test_results.AutoTimingTestResultDecorator(result)
        result.startTestRun()
        while number := os.read(queue, _SIZE):
            groups[int.from_bytes(number)].run(result)
        result.stopTestRun()


def _hand_out(numbers, count):
    # Nobody reads any more when all workers have died.
    with os.fdopen(numbers, 'wb') as queue, contextlib.suppress(BrokenPipeError):
        for number in range(count):
            queue.write(number.to_bytes(_SIZE))


def _read(stream, result):
    with os.fdopen(stream, 'rb') as file:
        subunit.ByteStreamToStreamResult(file).run(result)


class _InTurn(testtools.StreamResult):
    """Hands on what comes from several threads."""

    def __init__(self, result):
        super().__init__()
        self._lock = threading.Lock()
        self._result = result

    def status(self, *args, **kwargs):
        with self._lock:
            self._result.status(*args, **kwargs)
