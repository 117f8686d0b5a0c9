"""Where things are, and what the stack is called."""

import os
from pathlib import Path

LOCALSTACK_DIR = Path(__file__).resolve().parent.parent
ROOT = LOCALSTACK_DIR.parent
STATE = Path(os.environ.get("DOUBLE11_STATE", ROOT / ".double11"))
PORT = int(os.environ.get("DOUBLE11_PORT", "4566"))
ENDPOINT = f"http://127.0.0.1:{PORT}"
REGIONS = ["us-east-1", "us-east-2", "us-west-2"]
ACCOUNT = "000000000000"

VENV = STATE / "venv"
PYTHON = VENV / "bin" / "python"
TRAINING = ROOT / "functions" / "risk" / "training"
TRAINING_VENV = STATE / "training-venv"
JAVA_LIBS = STATE / "java"
LOGS = STATE / "logs"
LAMBDA_LOGS = LOGS / "lambda"
RUN_FILE = STATE / "run.json"
SCRATCH = STATE / "scratch"
OUTPUTS = STATE / "outputs.json"
LOCALSTACK_LOG = LOGS / "localstack.log"


def aws_environment() -> dict[str, str]:
    """What an AWS client needs to talk to the local stack, and nothing else."""
    return {
        "AWS_ENDPOINT_URL": ENDPOINT,
        "AWS_ENDPOINT_URL_S3": ENDPOINT,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGIONS[0],
        "AWS_DEFAULT_REGION": REGIONS[0],
    }
