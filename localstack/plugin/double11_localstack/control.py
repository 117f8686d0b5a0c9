"""Hooks faults and meter into LocalStack's request chain and serves their switches under ``/_double11``."""

import json
import time

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response
from localstack.runtime import hooks

from double11_localstack.faults import Faults, InvalidRule, Rule
from double11_localstack.meter import Meter, resource_of

FAULTS = Faults()
METER = Meter()
API_PATH = "/_aws/execute-api/"
THROTTLES = {
    "dynamodb": ("ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded."),
    "lambda": ("TooManyRequestsException", "Rate Exceeded."),
}


@hooks.on_infra_start(priority=50)
def register_switches():
    from localstack.aws import handlers
    from localstack.services.edge import ROUTER

    handlers.preprocess_request.append(_hit_api)
    handlers.serve_custom_service_request_handlers.append(_hit_service)
    handlers.run_custom_response_handlers.append(_lose_answer)
    handlers.run_custom_response_handlers.append(_count)
    ROUTER.add("/_double11/faults", _faults, methods=["GET", "POST", "DELETE"])
    ROUTER.add("/_double11/faults/<int:rule_id>", _fault, methods=["DELETE"])
    ROUTER.add("/_double11/meter", _meter, methods=["GET", "DELETE"])
    ROUTER.add("/_double11/kill", _kill, methods=["POST"])


# --- the chain


def _hit_service(chain: HandlerChain, context: RequestContext, response: Response):
    if context.service is None or context.operation is None:
        return
    rule = FAULTS.hit(context.region, context.service.service_name, context.operation.name, lambda: _body(context))
    if rule is None:
        return
    if rule.mode == "lost_answer":
        context.double11_lost = True
        return
    time.sleep(rule.delayMillis / 1000)
    if rule.mode != "slow":
        raise _refusal(rule, context.service.service_name)


def _body(context: RequestContext) -> str:
    # An object on its way to S3 is a stream that can be read once, by the service alone.
    return "" if context.service.service_name == "s3" else context.request.get_data(as_text=True)


def _hit_api(chain: HandlerChain, context: RequestContext, response: Response):
    """An API's call names no Region, so the Region is that of the API; a dead Region's door is shut before anything else happens."""
    path = context.request.path
    if not path.startswith(API_PATH):
        return
    rule = FAULTS.hit(_region_of_api(path[len(API_PATH):].split("/")[0]), "execute-api", "Invoke", lambda: "")
    if rule is None:
        return
    time.sleep(rule.delayMillis / 1000)
    if rule.mode not in ("slow", "lost_answer"):
        chain.respond(429 if rule.mode == "throttle" else 503, json.dumps({"message": f"injected: {rule.mode}"}))


def _lose_answer(chain: HandlerChain, context: RequestContext, response: Response):
    if getattr(context, "double11_lost", False):
        response.status_code = 503
        response.set_json({"__type": "ServiceUnavailable", "message": "injected: the answer was lost"})


def _count(chain: HandlerChain, context: RequestContext, response: Response):
    if context.service is not None and context.operation is not None:
        METER.count(
            context.region, context.service.service_name, context.operation.name,
            resource_of(context.service_request), response.status_code,
        )


def _refusal(rule: Rule, service: str) -> CommonServiceException:
    if rule.mode == "throttle":
        code, message = THROTTLES.get(service, ("ThrottlingException", "Rate exceeded"))
        return CommonServiceException(code, message, 429 if service == "lambda" else 400)
    if rule.mode == "error":
        return CommonServiceException("InternalServerError", "injected: error", 500)
    return CommonServiceException("ServiceUnavailable", "injected: unavailable", 503)


def _region_of_api(api_id: str) -> str:
    from moto.apigateway.models import apigateway_backends

    for account in apigateway_backends.values():
        for region, backend in account.items():
            if api_id in backend.apis:
                return region
    return "unknown"


# --- the switches


def _faults(request: Request) -> Response:
    if request.method == "GET":
        return _json({"rules": FAULTS.list()})
    if request.method == "DELETE":
        return _json({"removed": FAULTS.remove()})
    try:
        return _json(FAULTS.add(json.loads(request.get_data() or b"{}")).view(), 201)
    except json.JSONDecodeError as e:
        return _json({"message": f"not JSON: {e}"}, 400)
    except InvalidRule as e:
        return _json({"message": str(e)}, 400)


def _fault(request: Request, rule_id: int) -> Response:
    removed = FAULTS.remove(rule_id)
    return _json({"removed": removed}, 200 if removed else 404)


def _meter(request: Request) -> Response:
    if request.method == "DELETE":
        METER.reset()
        return _json({})
    return _json({"requests": METER.rows()})


def _kill(request: Request) -> Response:
    from double11_localstack.executor import JVMS

    asked = json.loads(request.get_data() or b"{}")
    if not isinstance(asked.get("function"), str):
        return _json({"message": "function: the name of a function is missing"}, 400)
    return _json({"killed": JVMS.kill(asked["function"], asked.get("region"))})


def _json(body: dict, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
