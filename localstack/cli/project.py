"""Builds, deploys, replays and tests the project on the stack."""

import json
import os
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from cli import places, stack
from cli.jdk import find_jdk
from cli.shell import Failure, Stamp, hash_of, run, say
from cli.tools import doctor, install, install_training, java_environment, read_json, require_tools

SOURCES = ["shared-lib", "functions", "statemachines", "cdk", "it-tests"]
# "training" makes what is built, its artefacts, but is not itself built.
SKIPPED = {"target", "node_modules", "cdk.out", ".double11", "training"}
MAVEN = ["mvn", "-B", "-ntp"]
LONGEST_JOB_SECONDS = 24 * 3600
REPLAY = "doubleeleven.it.replay.Replay"
CHAOS = "doubleeleven.it.chaos.Chaos"
IN_PROCESS = {
    "simulate": ("it-tests/rig", "doubleeleven.rig.sim.Simulate"),
    "explore": ("it-tests/rig", "doubleeleven.rig.explore.Explore"),
    "speed": ("it-tests/rig", "doubleeleven.rig.bench.Speed"),
    "cost": ("it-tests/rig", "doubleeleven.rig.bench.Cost"),
    "kill-matrix": ("it-tests/rig", "doubleeleven.rig.drill.KillMatrix"),
    "bench-risk": ("it-tests/bench", "doubleeleven.bench.BenchRisk"),
}
# The thorough exploration needs nearly all of it, whatever share of the machine a JVM takes by itself.
IN_PROCESS_HEAP_MB = 3400
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
CDK = ["npx", "--no-install", "cdk"]


def sources() -> list[Path]:
    found = [places.ROOT / "pom.xml"]
    for top in SOURCES:
        for folder, folders, files in os.walk(places.ROOT / top):
            folders[:] = [name for name in folders if name not in SKIPPED]
            found += [Path(folder) / name for name in files]
    return found


def build() -> None:
    """Makes every zip and class, unless they are already made from these sources."""
    require_tools()
    stamp = Stamp("build")
    digest = hash_of(sources())
    if stamp.matches(digest) and (places.ROOT / "functions/gateway/target/gateway.zip").exists():
        say("✓ build is up to date")
        return
    run("build", [*MAVEN, "-T2", "-Dmaven.test.skip=true", "package"], env=java_environment())
    stamp.set(digest)


def deploy(force: bool = False, shadow: bool = False) -> None:
    """`cdk deploy` into every Region of the sandbox, with nothing of its own but the endpoint; on demand also what stress tests run on."""
    running = read_json(places.RUN_FILE)
    if not running:
        raise Failure("LocalStack is not running; start it with: localstack/eleven up")
    digest = hash_of(sources())
    live_is_there = running.get("deployed") == digest and not force
    if live_is_there and (not shadow or running.get("shadow") == digest):
        say("✓ deployment is up to date")
        return
    if "deployed" in running and not live_is_there:
        # LocalStack loses an API whose deployment is replaced; nothing here outlives the stack anyway.
        say("  something changed since the last deployment: the stack starts afresh")
        stack.down()
        stack.up()
    env = {**java_environment(), **places.aws_environment()}
    cdk = places.ROOT / "cdk"
    arguments = ["-c", "topology=sandbox", "--ci"]
    run("synthesise", [*CDK, "synth", "-q", *arguments], cwd=cdk, env=env, still_well=stack.still_up)
    cdk_deploy = [*CDK, "--app", "cdk.out", "deploy", "--require-approval", "never", "--concurrency", "3"]
    if not live_is_there:
        environments = [f"aws://{places.ACCOUNT}/{region}" for region in places.REGIONS]
        run("bootstrap", [*CDK, "--app", "cdk.out", "bootstrap", *environments], cwd=cdk, env=env, still_well=stack.still_up)
        live = [f"double11-{region}-*" for region in places.REGIONS]
        run("deploy", [*cdk_deploy, *live, "--outputs-file", places.OUTPUTS], cwd=cdk, env=env, timeout_seconds=900, still_well=stack.still_up)
        _write_local_addresses()
        stack.remember(deployed=digest)
    if shadow:
        run("deploy the shadow", [*cdk_deploy, "double11-shadow-*"], cwd=cdk, env=env, timeout_seconds=900, still_well=stack.still_up)
        stack.remember(shadow=digest)
    # What a deployment made stays as well: some millions of objects.
    control("POST", "rest")
    for name, outputs in sorted(read_json(places.OUTPUTS).items()):
        for key, value in outputs.items():
            if key.startswith("ApiUrl"):
                say(f"  {name}: {value}")


def _write_local_addresses() -> None:
    """An API's host name does not resolve here; LocalStack serves it under a path as well."""
    outputs = read_json(places.OUTPUTS)
    for values in outputs.values():
        if "ApiId" in values:
            stage = values["ApiUrl"].rstrip("/").rsplit("/", 1)[-1]
            values["ApiUrl"] = f"{places.ENDPOINT}/_aws/execute-api/{values['ApiId']}/{stage}/"
    places.OUTPUTS.write_text(json.dumps(outputs, indent=2))


def replay(arguments: list[str], keep: bool) -> int:
    """The main job: real orders, paid over three Regions. Stops the stack afterwards unless it is to be kept."""
    return _on_stack("replay", REPLAY, arguments, keep)


def chaos(arguments: list[str], keep: bool) -> int:
    """Faults under load. Wrong options are said before anything starts."""
    build()
    run("options", _java(CHAOS, [*arguments, "--list"]), env=java_environment())
    try:
        return _on_stack("chaos", CHAOS, arguments, keep)
    finally:
        if stack.is_up():
            # A run that was interrupted must not go on breaking the stack that is kept.
            control("DELETE", "faults")


def scenarios(arguments: list[str]) -> int:
    build()
    return run("scenarios", _java(CHAOS, [*arguments, "--list"]), env=java_environment(), show=True, check=False)


def _on_stack(title: str, main: str, arguments: list[str], keep: bool) -> int:
    """Runs a program against the stack that runs, or one that is started for it, and stops that afterwards unless it is to be kept."""
    began = time.monotonic()
    try:
        stack.up()
        build()
        deploy()
        say(f"  ready after {time.monotonic() - began:.0f} s")
        return run(
            title, _java(main, arguments), env=job_environment(), timeout_seconds=LONGEST_JOB_SECONDS, show=True, still_well=stack.still_up, check=False,
        )
    finally:
        if keep and stack.is_up():
            say("  the stack is kept; stop it with: localstack/eleven down")
        else:
            stack.down()


def in_process(command: str, arguments: list[str]) -> int:
    """What runs in one process, without LocalStack."""
    build()
    module, main = IN_PROCESS[command]
    # JMH and DynamoDB Local still use what the JDK warns of.
    quiet = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    java = _java(main, arguments, module=module, tuning=[f"-Xmx{IN_PROCESS_HEAP_MB}m", "-XX:+UseParallelGC", *quiet])
    return run(command, java, cwd=places.ROOT, timeout_seconds=LONGEST_JOB_SECONDS, show=True, check=False)


def training(command: str, arguments: list[str]) -> int:
    """Trains or measures the risk models, on one core: the same sums in the same order give the same artefacts."""
    asked = Path.cwd()
    python = install_training()
    return run(command, [python, "-m", "training", command, *arguments], cwd=asked, env=_training_environment(), timeout_seconds=LONGEST_JOB_SECONDS, show=True, check=False)


def _training_environment() -> dict[str, str]:
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    return {"PYTHONPATH": str(places.TRAINING.parent), "PYTHONDONTWRITEBYTECODE": "1", **threads}


def test(fast: bool, keep: bool) -> int:
    """Every test there is. Ends with one line that counts them."""
    phases: list[tuple[str, float]] = []
    failures: list[str] = []

    def phase(name, action):
        began = time.monotonic()
        try:
            if action():
                failures.append(name)
        except Failure as failure:
            failures.append(f"{name}: {failure}")
            say(f"✗ {failure}\n{failure.detail}")
        phases.append((name, time.monotonic() - began))

    for line in doctor():
        raise Failure(line)
    clear_reports()
    phase("install", lambda: install(dev=True))
    phase("LocalStack plugin and command", _pytest)
    phase("training of the risk models", _training_tests)
    phase("build with unit, contract and template tests", lambda: _maven("verify", "-T2", "-fae", "verify"))
    if not fast and not failures:
        Stamp("build").set(hash_of(sources()))
        try:
            phase("start LocalStack", stack.up)
            if not failures:
                phase("deploy three Regions", deploy)
            if not failures:
                phase("black-box tests", lambda: _maven("black-box tests", "-pl", "it-tests,it-tests/rig", "-am", "-Pblackbox", "-DskipUnitTests=true", "verify", still_well=stack.still_up))
        finally:
            if not keep:
                phase("stop LocalStack", stack.down)
    return _summary(phases, failures)


def _maven(title: str, *arguments: str, still_well=None) -> int:
    return run(title, [*MAVEN, *arguments], env={**java_environment(), **job_environment()}, show=True, timeout_seconds=3600, still_well=still_well, check=False)


def _pytest() -> int:
    report = places.STATE / "reports" / "pytest.xml"
    return run(
        "pytest", [places.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}", "tests"],
        cwd=places.LOCALSTACK_DIR, env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": f"{places.LOCALSTACK_DIR}:{places.LOCALSTACK_DIR / 'plugin'}", **java_environment()},
        show=True, check=False,
    )


def _training_tests() -> int:
    report = places.STATE / "reports" / "training.xml"
    return run(
        "training tests", [install_training(), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}", "tests"],
        cwd=places.TRAINING, env=_training_environment(), show=True, check=False,
    )


def reports() -> list[Path]:
    found = list((places.STATE / "reports").glob("*.xml"))
    for kind in ("surefire", "failsafe"):
        found += [path for path in places.ROOT.glob(f"**/target/{kind}-reports/TEST-*.xml") if "node_modules" not in path.parts]
    return found


def clear_reports() -> None:
    """The summaries too: an execution adds to the one that is there, so failures of an earlier run would fail the next one."""
    for report in [*reports(), *places.ROOT.glob("**/target/failsafe-reports/failsafe-summary.xml")]:
        report.unlink()


def count(files: list[Path]) -> tuple[int, int, int]:
    """Passed, failed and skipped tests in JUnit's XML."""
    total = failed = skipped = 0
    for file in files:
        for suite in ElementTree.parse(file).getroot().iter("testsuite"):
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def _summary(phases: list[tuple[str, float]], failures: list[str]) -> int:
    passed, failed, skipped = count(reports())
    say("")
    for name, seconds in phases:
        say(f"  {seconds:7.1f} s  {name}")
    say(f"  {sum(seconds for _, seconds in phases):7.1f} s  in all")
    for failure in failures:
        say(f"✗ {failure}")
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failures or failed or passed == 0 else 0


def job_environment() -> dict[str, str]:
    return {**places.aws_environment(), "DOUBLE11_OUTPUTS": str(places.OUTPUTS)}


def _java(main: str, arguments: list[str], module: str = "it-tests", tuning: list[str] = SHORT_LIVED) -> list[str]:
    target = places.ROOT / module / "target"
    classpath = os.pathsep.join([str(target / "classes"), str(target / "lib/*")])
    return [str(find_jdk() / "bin/java"), *tuning, "-cp", classpath, main, *arguments]


def status() -> int:
    running = read_json(places.RUN_FILE)
    if not stack.is_up():
        say("LocalStack is not running")
        return 1
    say(f"LocalStack: {places.ENDPOINT}, process {running['pid']}, up for {time.time() - running['started']:.0f} s, {len(stack.marked())} processes")
    for name, outputs in sorted(read_json(places.OUTPUTS).items()):
        say(f"  {name}" + "".join(f"\n    {key}: {value}" for key, value in outputs.items()))
    rules = control("GET", "faults")["rules"]
    say(f"Faults: {len(rules)}" + "".join(f"\n  {json.dumps(rule)}" for rule in rules))
    return 0


def control(method: str, path: str, body: dict | None = None) -> dict:
    """One call of the plugin's switches."""
    request = urllib.request.Request(
        f"{places.ENDPOINT}/_double11/{path}", method=method,
        data=json.dumps(body).encode() if body is not None else None, headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise Failure(json.loads(error.read()).get("message", str(error))) from None
    except urllib.error.URLError as error:
        raise Failure(f"LocalStack does not answer at {places.ENDPOINT}: {error.reason}") from None


def script(name: str, arguments: list[str]) -> int:
    """Runs a script that needs the AWS SDK, in the private environment; AWS_* variables of the caller win over the local ones."""
    if not places.PYTHON.exists():
        raise Failure("nothing is installed yet; install with: localstack/eleven install")
    env = {**places.aws_environment(), **os.environ, "PYTHONPATH": str(places.LOCALSTACK_DIR)}
    return subprocess.run([places.PYTHON, "-m", f"cli.{name}", *arguments], env=env).returncode


def logs(function: str | None, lines: int) -> int:
    if function is None:
        files = [places.LOCALSTACK_LOG]
    else:
        files = sorted(places.LAMBDA_LOGS.glob(f"*{function}*.log"))
        if not files:
            raise Failure(f"no function named like {function} has run; see {places.LAMBDA_LOGS}")
    for file in files:
        say(f"— {file.name}")
        say("\n".join(file.read_text(errors="replace").splitlines()[-lines:]))
    return 0
