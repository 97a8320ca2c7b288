"""Routes of servers, their actions, flavors, keypairs and limits, as Nova's."""
