"""Offers the process executor to LocalStack under the name ``process``."""

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *args, **kwargs):
        from double11_localstack.executor import ProcessRuntimeExecutor

        return ProcessRuntimeExecutor
