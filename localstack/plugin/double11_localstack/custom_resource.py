"""CloudFormation custom resources: the function named by the service token is asked, and answers by an HTTP PUT as on AWS."""

import json
import threading
import uuid

from localstack import config
from localstack.http import Request, Response
from localstack.runtime import hooks
from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
)

ANSWER_SECONDS = 90
_waiting: dict[str, "_Answer"] = {}


class _Answer:
    def __init__(self):
        self.arrived = threading.Event()
        self.body: dict = {}


@hooks.on_infra_start(priority=40)
def register_custom_resources():
    from localstack.services.edge import ROUTER

    ROUTER.add("/_double11/custom-resources/<token>", _take, methods=["PUT"])


def _take(request: Request, token: str) -> Response:
    answer = _waiting.get(token)
    if answer is None:
        return Response(status=404)
    answer.body = json.loads(request.get_data())
    answer.arrived.set()
    return Response(status=200)


class CustomResourceProviderPlugin(CloudFormationResourceProviderPlugin):
    name = "AWS::CloudFormation::CustomResource"

    def load(self):
        self.factory = CustomResourceProvider


class CustomResourceProvider(ResourceProvider):
    """Asks the function and takes its data as the resource's attributes."""

    TYPE = "AWS::CloudFormation::CustomResource"
    SCHEMA = {
        "typeName": TYPE,
        "properties": {"Id": {"type": "string"}, "ServiceToken": {"type": "string"}},
        "required": ["ServiceToken"],
        "readOnlyProperties": ["/properties/Id"],
        "primaryIdentifier": ["/properties/Id"],
    }

    def create(self, request) -> ProgressEvent:
        return self._ask(request, "Create")

    def update(self, request) -> ProgressEvent:
        return self._ask(request, "Update")

    def delete(self, request) -> ProgressEvent:
        return self._ask(request, "Delete")

    def _ask(self, request, kind: str) -> ProgressEvent:
        token = uuid.uuid4().hex
        answer = _waiting[token] = _Answer()
        properties = dict(request.desired_state or {})
        event = {
            "RequestType": kind,
            "RequestId": token,
            "StackId": request.stack_id,
            "LogicalResourceId": request.logical_resource_id,
            "ResourceType": request.resource_type,
            "ResourceProperties": properties,
            "ResponseURL": f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_double11/custom-resources/{token}",
        }
        try:
            request.aws_client_factory.lambda_.invoke(
                FunctionName=properties["ServiceToken"], InvocationType="Event", Payload=json.dumps(event)
            )
            if not answer.arrived.wait(ANSWER_SECONDS):
                return _failed(properties, f"{properties['ServiceToken']} did not answer within {ANSWER_SECONDS} s")
        finally:
            _waiting.pop(token, None)
        if answer.body.get("Status") != "SUCCESS":
            return _failed(properties, answer.body.get("Reason", "the function gave no reason"))
        model = {**properties, **(answer.body.get("Data") or {}), "Id": answer.body["PhysicalResourceId"]}
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)


def _failed(properties: dict, reason: str) -> ProgressEvent:
    return ProgressEvent(status=OperationStatus.FAILED, resource_model=properties, message=reason)
