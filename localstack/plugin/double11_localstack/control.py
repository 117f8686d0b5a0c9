"""Hooks faults and meter into LocalStack's request chain and serves their switches under ``/_double11``."""

import json
import time
from collections.abc import Callable

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response
from localstack.runtime import hooks

from double11_localstack import collector, copies, executions, messages
from double11_localstack.faults import Faults, InvalidRule, Rule
from double11_localstack.meter import Meter, resource_of

FAULTS = Faults()
METER = Meter()
COPIES = copies.Copies()
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
    handlers.run_custom_response_handlers.append(_copy)
    handlers.run_custom_response_handlers.append(_count)
    ROUTER.add("/_double11/faults", _faults, methods=["GET", "POST", "DELETE"])
    ROUTER.add("/_double11/faults/<int:rule_id>", _fault, methods=["DELETE"])
    ROUTER.add("/_double11/meter", _meter, methods=["GET", "DELETE"])
    ROUTER.add("/_double11/kill", _kill, methods=["POST"])
    ROUTER.add("/_double11/stop-workflows", _stop_workflows, methods=["POST"])
    ROUTER.add("/_double11/executions", _executions, methods=["GET"])
    ROUTER.add("/_double11/messages", _messages, methods=["GET"])
    ROUTER.add("/_double11/rest", lambda request: _json({"spared": collector.rest()}), methods=["POST"])


# --- the chain


def _hit_service(chain: HandlerChain, context: RequestContext, response: Response):
    if context.service is None or context.operation is None or copies.is_copy(context.request.headers) or _is_bookkeeping(context):
        return
    rule = FAULTS.hit(
        context.region, context.service.service_name, context.operation.name, resource_of(context.service_request), lambda: _body(context),
    )
    if rule is None:
        return
    if rule.mode in ("lost_answer", "duplicate"):
        # Takes effect once the request has.
        context.double11_rule = rule
        return
    time.sleep(rule.delayMillis / 1000)
    if rule.mode != "slow":
        raise _refusal(rule, context.service.service_name)


def _is_bookkeeping(context: RequestContext) -> bool:
    """LocalStack asks itself how a table is made, in the primary Region, before it answers a query of an index in any other.

    Calls that tasks of workflows and sources of events make are its own, too, and stand for calls between services on AWS.
    """
    return context.is_internal_call and context.operation.name == "DescribeTable"


def _body(context: RequestContext) -> str:
    # An object on its way to S3 is a stream that can be read once, by the service alone.
    return "" if context.service.service_name == "s3" else context.request.get_data(as_text=True)


def _hit_api(chain: HandlerChain, context: RequestContext, response: Response):
    """An API's call names no Region, so the Region is that of the API; a dead Region's door is shut before anything else happens."""
    path = context.request.path
    if not path.startswith(API_PATH):
        return
    rule = FAULTS.hit(_region_of_api(path[len(API_PATH):].split("/")[0]), "execute-api", "Invoke", "", lambda: "")
    if rule is None:
        return
    time.sleep(rule.delayMillis / 1000)
    if rule.mode not in ("slow", "lost_answer", "duplicate"):
        chain.respond(429 if rule.mode == "throttle" else 503, json.dumps({"message": f"injected: {rule.mode}"}))


def _lose_answer(chain: HandlerChain, context: RequestContext, response: Response):
    rule = getattr(context, "double11_rule", None)
    if rule is not None and rule.mode == "lost_answer":
        response.status_code = 500 if rule.code == "InternalServerError" else 503
        response.set_json({"__type": rule.code or "ServiceUnavailable", "message": "injected: the answer was lost"})


def _copy(chain: HandlerChain, context: RequestContext, response: Response):
    rule = getattr(context, "double11_rule", None)
    if rule is not None and rule.mode == "duplicate" and response.status_code < 300:
        request = copies.Message(context.region, context.service.service_name, context.operation.name, dict(context.service_request or {}))
        COPIES.send(request, rule.delay_seconds())


def _count(chain: HandlerChain, context: RequestContext, response: Response):
    if context.service is not None and context.operation is not None:
        METER.count(
            context.region, context.service.service_name, context.operation.name,
            resource_of(context.service_request), response.status_code,
        )


def _refusal(rule: Rule, service: str) -> CommonServiceException:
    if rule.mode == "throttle":
        code, message = THROTTLES.get(service, ("ThrottlingException", "Rate exceeded"))
        return CommonServiceException(rule.code or code, message, 429 if service == "lambda" else 400)
    if rule.mode == "conflict":
        return CommonServiceException("ReplicatedWriteConflictException", "injected: another Region writes the item at this moment", 400)
    if rule.mode == "error":
        return CommonServiceException(rule.code or "InternalServerError", "injected: error", 500)
    return CommonServiceException(rule.code or "ServiceUnavailable", "injected: unavailable", 503)


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
        return _json({"rules": FAULTS.list(), "copiesOnTheWay": COPIES.on_the_way()})
    if request.method == "DELETE":
        return _removed(FAULTS.remove())
    try:
        return _json(FAULTS.add(json.loads(request.get_data() or b"{}")).view(), 201)
    except json.JSONDecodeError as e:
        return _json({"message": f"not JSON: {e}"}, 400)
    except InvalidRule as e:
        return _json({"message": str(e)}, 400)


def _fault(request: Request, rule_id: int) -> Response:
    removed = FAULTS.remove(rule_id)
    return _removed(removed, 200 if removed else 404)


def _removed(rules: list[dict], status: int = 200) -> Response:
    return _json({"removed": len(rules), "rules": rules}, status)


def _meter(request: Request) -> Response:
    if request.method == "DELETE":
        METER.reset()
        return _json({})
    return _json({"requests": METER.rows()})


def _kill(request: Request) -> Response:
    from double11_localstack.executor import JVMS

    asked = json.loads(request.get_data() or b"{}")
    if not isinstance(asked.get("function"), str):
        return _json({"message": "function: the name of a function is missing, or a pattern such as *-phase-two"}, 400)
    killed = JVMS.kill(asked["function"], asked.get("region"), asked.get("busy") is True)
    return _json({"killed": len(killed), "processes": killed})


def _stop_workflows(request: Request) -> Response:
    asked = json.loads(request.get_data() or b"{}")
    if not isinstance(asked.get("workflow"), str):
        return _json({"message": "workflow: the name of a state machine is missing, or a pattern such as *-payment-tcc"}, 400)
    share = asked.get("share", 1)
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
        return _json({"message": "share: must be 0 to 1"}, 400)
    stopped = executions.stop(executions.running(), asked["workflow"], share, asked.get("seed", 0))
    return _json({"stopped": stopped})


def _executions(request: Request) -> Response:
    return _containing(request, "the input of the executions", lambda text: {"executions": executions.histories(executions.begun(), text)})


def _messages(request: Request) -> Response:
    return _containing(request, "the bodies of the messages", lambda text: {"queues": messages.waiting(messages.queues(), text)})


def _containing(request: Request, where: str, found: Callable[[str], dict]) -> Response:
    text = request.args.get("contains", "")
    return _json(found(text)) if text else _json({"message": f"contains: a text in {where} wanted is missing"}, 400)


def _json(body: dict, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
