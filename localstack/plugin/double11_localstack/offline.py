"""Points LocalStack at packages that the Maven client fetched, and mends what stands in the way of global tables."""

import functools
import os
import sys
import time

from localstack.runtime import hooks

from double11_localstack import collector, jvm


@hooks.on_infra_start(priority=100)
def use_local_packages():
    # Who waits for an answer waits for this lock some dozen times: not for 5 ms each time that somebody computes.
    sys.setswitchinterval(0.001)
    _use_installed_java()
    _use_local_dynamodb()
    _accept_repeated_replicas()
    _serve_batches_through_replicas()
    _query_indexes_through_replicas()
    _write_logs_at_once()
    _spell_once()
    if not os.environ.get("DOUBLE11_ALARMS"):
        _leave_alarms_alone()


@hooks.on_infra_ready()
def rest_the_collector():
    collector.rest()
    collector.tell_of_long_ones()


def _use_installed_java():
    from localstack.packages import java

    java.JavaPackageInstaller.is_installed = lambda self: True
    java.JavaPackageInstaller.install = lambda self, target=None: None
    java.JavaPackageInstaller.get_installed_dir = lambda self: os.environ["DOUBLE11_JAVA_HOME"]


def _use_local_dynamodb():
    from localstack.services.dynamodb import server
    from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller

    DynamoDBLocalPackageInstaller.install = lambda self, target=None: None
    DynamoDBLocalPackageInstaller.is_installed = lambda self: True

    def command(self):
        return database_command(self.port, *(["-inMemory"] if self.in_memory else ["-dbPath", self.db_path]))

    server.DynamodbServer._create_shell_command = command


def database_command(port: int, *storage: str) -> list[str]:
    library = os.environ["DOUBLE11_DYNAMODB_LOCAL"]
    return [
        jvm.java(), "-Xmx1g", "-XX:+UseSerialGC", f"-Djava.library.path={library}", "-cp", f"{library}/*",
        "com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-port", str(port), "-disableTelemetry", *storage,
    ]


def _accept_repeated_replicas():
    """A template with several replicas sends the ones made so far again with each new one; the service then refuses it."""
    from localstack.services.dynamodb.provider import get_store
    from localstack.services.dynamodb.v2.provider import DynamoDBProvider

    original = DynamoDBProvider.update_table

    @functools.wraps(original)
    def update_table(self, context, update_table_input):
        updates = update_table_input.get("ReplicaUpdates")
        if updates:
            have = get_store(context.account_id, context.region).REPLICAS.get(update_table_input["TableName"], {})
            updates = [u for u in updates if not ("Create" in u and u["Create"]["RegionName"] in have)]
            if not updates:
                return self.describe_table(context, update_table_input["TableName"])
            update_table_input["ReplicaUpdates"] = updates
        return original(self, context, update_table_input)

    DynamoDBProvider.update_table = update_table


def _serve_batches_through_replicas():
    """Single items of a global table are served through every replica, batches only where the table was made: led there as well."""
    from localstack.services.dynamodb.v2.provider import DynamoDBProvider, modify_context_region

    original = DynamoDBProvider.forward_request

    @functools.wraps(original)
    def forward_request(self, context, service_request=None):
        tables = list((context.service_request or {}).get("RequestItems") or {})
        if context.operation.name in ("BatchGetItem", "BatchWriteItem") and tables:
            with modify_context_region(context, self.get_global_table_region(context, tables[0])):
                return original(self, context, service_request)
        return original(self, context, service_request)

    DynamoDBProvider.forward_request = forward_request


def _query_indexes_through_replicas():
    """What an index projects is looked up where the table was made, for there is but one copy."""
    from localstack.services.dynamodb.v2 import provider

    original = provider.is_index_query_valid

    def is_index_query_valid(account_id, region_name, query_data):
        home = provider.get_store(account_id, region_name).TABLE_REGION.get(query_data["TableName"], region_name)
        return original(account_id, home, query_data)

    provider.is_index_query_valid = is_index_query_valid


def _write_logs_at_once():
    """Into the store of CloudWatch itself: a call of the service for each call of a function is a sixteenth of all work here."""
    from localstack.services.lambda_.invocation.logs import LogHandler
    from moto.logs.models import logs_backends

    def add_logs(self, item):
        store = logs_backends[self.role_arn.split(":")[4]][self.region]
        store.ensure_log_group(item.log_group)
        store.ensure_log_stream(item.log_group, item.log_stream)
        now = int(time.time() * 1000)
        lines = [{"timestamp": now, "message": line} for line in item.logs.splitlines(keepends=True) if line.strip()]
        store.put_log_events(item.log_group, item.log_stream, lines)

    LogHandler.start_subscriber = lambda self: None
    LogHandler.add_logs = add_logs


def _spell_once():
    """The same few names are made fit for a header, or from one case to another, some hundred times for each payment."""
    from botocore import useragent
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import state_task_service

    for module, name in ((useragent, "sanitize_user_agent_string_component"), (state_task_service, "camel_to_snake_case")):
        setattr(module, name, functools.lru_cache(maxsize=4096)(getattr(module, name)))


def _leave_alarms_alone():
    """Hundreds of alarms looked at by the minute are a fifth of all work here, and a metric for each call of a function a twentieth.

    Alarms are deployed, and metrics kept and evaluated where DOUBLE11_ALARMS is set.
    """
    from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
    from localstack.services.lambda_.invocation import version_manager

    AlarmScheduler.schedule_metric_alarm = lambda self, alarm_arn: None
    version_manager.record_cw_metric_invocation = lambda **call: None
    version_manager.record_cw_metric_error = lambda **call: None
