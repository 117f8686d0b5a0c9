"""Knows the operations of a REST service: LocalStack builds the map of all their paths again for each call of a function."""

from cachetools import cached
from localstack.aws.protocol import parser
from localstack.runtime import hooks


@hooks.on_infra_start(priority=90)
def map_paths_once():
    # Each client has a model of its own, and they are all alike.
    once = cached({}, key=lambda service: (service.service_name, service.api_version))
    parser.RestServiceOperationRouter = once(parser.RestServiceOperationRouter)
