"""The real database is asked in two ways, and answers the same."""

import pytest

from double11_localstack import database
from localstack.aws.api.core import CommonServiceException, ServiceException
from localstack.aws.forwarder import AwsRequestProxy, create_aws_request_context

ACCOUNT, REGION = "000000000000", "us-east-1"
TABLE = {
    "TableName": "account", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
}
ITEM = {
    "pk": {"S": "支付 \"\n"}, "cents": {"N": "9007199254740993"}, "of": {"L": [{"BOOL": True}, {"NULL": True}]},
    "holds": {"M": {"a": {"SS": ["x", "y"]}}},
}
KEY = {"pk": ITEM["pk"]}
ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}
REFUSED = {"Put": {"TableName": "account", "Item": ITEM, "ReturnValuesOnConditionCheckFailure": "ALL_OLD", **ABSENT}}


@pytest.fixture(scope="module")
def proxy(database):
    proxy = AwsRequestProxy(database)
    for action, parameters in (("CreateTable", TABLE), ("PutItem", {"TableName": "account", "Item": ITEM})):
        database_forward(proxy, action, parameters)
    return proxy


def context_of(action, parameters):
    context = create_aws_request_context("dynamodb", action, parameters=parameters, region=REGION, protocol="json")
    context.request.headers["Authorization"] = database.authorization(ACCOUNT, REGION)
    return context


def database_forward(proxy, action, parameters, anew=False):
    return database.forward(proxy, context_of(action, parameters), parameters if anew else None)


def usual(proxy, action, parameters):
    return database._forward(proxy, context_of(action, parameters))


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("GetItem", {"TableName": "account", "Key": KEY, "ConsistentRead": True}),
        ("GetItem", {"TableName": "account", "Key": {"pk": {"S": "none"}}}),
        ("Query", {
            "TableName": "account", "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": ITEM["pk"]},
            "ReturnConsumedCapacity": "TOTAL",
        }),
        ("BatchGetItem", {"RequestItems": {"account": {"Keys": [KEY]}}}),
        ("UpdateItem", {
            "TableName": "account", "Key": KEY, "UpdateExpression": "SET cents = :cents", "ReturnValues": "ALL_NEW",
            "ExpressionAttributeValues": {":cents": ITEM["cents"]},
        }),
        ("DescribeTable", {"TableName": "account"}),
    ],
)
def test_an_answer_is_the_same_without_the_detour(proxy, action, parameters, anew):
    assert database_forward(proxy, action, parameters, anew) == usual(proxy, action, parameters)


@pytest.mark.parametrize(
    ("action", "parameters", "code"),
    [
        ("PutItem", REFUSED["Put"], "ConditionalCheckFailedException"),
        ("TransactWriteItems", {"TransactItems": [REFUSED]}, "TransactionCanceledException"),
        ("GetItem", {"TableName": "none", "Key": KEY}, "ResourceNotFoundException"),
        ("GetItem", {"TableName": "account", "Key": {"sk": {"S": "x"}}}, "ValidationException"),
    ],
)
def test_a_refusal_is_the_same_without_the_detour(proxy, action, parameters, code):
    refusals = []
    for way in (database_forward, usual):
        with pytest.raises((ServiceException, CommonServiceException)) as refused:
            way(proxy, action, parameters)
        refusals.append(refused.value)

    assert refusals[0].code == code
    assert type(refusals[0]) is type(refusals[1])
    assert vars(refusals[0]) == vars(refusals[1])


def test_binary_values_of_a_request_made_anew_are_kept(proxy):
    item = {"pk": {"S": "binary"}, "bytes": {"B": b"\x00\xff"}}

    database_forward(proxy, "PutItem", {"TableName": "account", "Item": item}, anew=True)

    assert database_forward(proxy, "GetItem", {"TableName": "account", "Key": {"pk": item["pk"]}})["Item"] == item
