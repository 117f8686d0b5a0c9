"""Which operation of a REST service a request is."""

import pytest
from localstack.aws.protocol import parser
from localstack.aws.spec import load_service
from localstack.http import Request

from double11_localstack import routes


@pytest.fixture
def counted(monkeypatch):
    """Names of the services whose maps are built."""
    built = []

    class Counting(parser.RestServiceOperationRouter):
        def __init__(self, service):
            built.append(service.service_name)
            super().__init__(service)

    monkeypatch.setattr(parser, "RestServiceOperationRouter", Counting)
    routes.map_paths_once()
    return built


def test_a_map_is_built_once_for_all_clients_of_a_service_and_leads_each_request_to_its_own_operation(counted):
    paths = {
        ("POST", "/2015-03-31/functions/pay/invocations"): "Invoke",
        ("GET", "/2015-03-31/functions/pay"): "GetFunction",
    }
    for _ in range(2):
        for (method, path), operation in paths.items():
            found, given = parser.create_parser(load_service("lambda")).parse(Request(method, path))
            assert (found.name, given["FunctionName"]) == (operation, "pay")
    found, _ = parser.create_parser(load_service("apigateway")).parse(Request("GET", "/restapis"))

    assert found.name == "GetRestApis"
    assert counted == ["lambda", "apigateway"]
