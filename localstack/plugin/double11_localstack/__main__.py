"""Starts LocalStack in this process: ``python -m double11_localstack``."""

from localstack.runtime.main import main

main()
