"""Routes of instances, flavors, nodes, keypairs and quotas."""
