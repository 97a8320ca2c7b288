"""State tables: one dict {(state, event): state} is the whole machine."""

import collections


class Machine:
    """What a state table says.

    :param transitions: {(state, event): next state}
    """

    def __init__(self, transitions):
        self._sources = collections.defaultdict(dict)
        for (state, event), target in transitions.items():
            self._sources[event][state] = target

    def sources(self, event):
        """{state: next state} of every state that has the event.

        :raises KeyError: for an event that no state has
        """
        if event not in self._sources:
            raise KeyError(event)
        return self._sources[event]

    def target(self, state, event):
        """The next state, or None where the state does not have the event."""
        return self.sources(event).get(state)
