"""
Requests go to the database as they came. On their way through LocalStack's proxy each is made anew and each answer copied, by a client
that looks for proxies, cookies and redirects every time: a fifth of all that Python did under load.
"""

import json

import urllib3
from localstack.aws.client import parse_response, raise_service_exception
from localstack.aws.forwarder import AwsRequestProxy
from localstack.http import Response
from localstack.runtime import hooks
from localstack.services.dynamodb.utils import get_ddb_access_key

JSON = "application/x-amz-json-1.0"
SERVICES = ("dynamodb", "dynamodbstreams")
CLIENT = urllib3.PoolManager(maxsize=64)

_forward = AwsRequestProxy.forward


@hooks.on_infra_start(priority=60)
def ask_without_detour():
    AwsRequestProxy.forward = forward


def authorization(account: str, region: str) -> str:
    """The database tells accounts and Regions apart by whose key signs, and looks at no signature."""
    credential = f"{get_ddb_access_key(account, region)}/19700101/{region}/dynamodb/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"


def post(url: str, target: str, authorization: str, body: str | bytes) -> urllib3.BaseHTTPResponse:
    headers = {"Content-Type": JSON, "X-Amz-Target": target, "Authorization": authorization}
    return CLIENT.request("POST", url, body=body, headers=headers, retries=False)


def forward(self, context, service_request=None):
    operation = context.operation
    body = _body(context, service_request) if self.parse_response and context.service.service_name in SERVICES else None
    if body is None:
        return _forward(self, context, service_request)
    target = f"{operation.metadata['targetPrefix']}.{operation.name}"
    answer = post(self.endpoint_url, target, context.request.headers["Authorization"], body)
    response = Response(answer.data, answer.status, headers=dict(answer.headers))
    parsed = parse_response(operation, context.protocol, response, self.include_response_metadata)
    raise_service_exception(response, parsed)
    return parsed


def _body(context, service_request) -> str | bytes | None:
    """What to send; nothing where that takes more than JSON: binary values, points in time, another protocol."""
    if service_request is None:
        return context.request.get_data() if context.request.headers.get("Content-Type") == JSON else None
    try:
        return json.dumps(service_request)
    except TypeError:
        return None
