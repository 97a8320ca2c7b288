"""The limits of a project as Nova's absolute limits."""

#: What a server may have; the rest of Nova's limits count what is not here.
_METADATA = 128
_UNLIMITED = -1
_OF_NETWORKS = (2, 36)
_OF_IMAGES = (2, 39)
_OF_PERSONALITY = (2, 57)


def show(limits, used, version):
    """What a project may have and has.

    :param limits: {resource: number}, -1 for no limit; ``used`` likewise
    """
    absolute = {
        'maxServerMeta': _METADATA,
        'maxTotalInstances': limits['instances'],
        'maxTotalKeypairs': limits['keypairs'],
        'totalInstancesUsed': used['instances'],
        # Machines are counted, not what they are made of.
        'maxTotalCores': _UNLIMITED,
        'maxTotalRAMSize': _UNLIMITED,
        'maxServerGroups': 0,
        'maxServerGroupMembers': 0,
        'totalCoresUsed': 0,
        'totalRAMUsed': 0,
        'totalServerGroupsUsed': 0,
    }
    if version < _OF_NETWORKS:
        absolute |= {
            'maxSecurityGroups': 0,
            'maxSecurityGroupRules': 0,
            'maxTotalFloatingIps': 0,
            'totalFloatingIpsUsed': 0,
            'totalSecurityGroupsUsed': 0,
        }
    if version < _OF_IMAGES:
        absolute['maxImageMeta'] = _METADATA
    if version < _OF_PERSONALITY:
        absolute |= {'maxPersonality': 0, 'maxPersonalitySize': 0}
    return {'limits': {'rate': [], 'absolute': absolute}}
