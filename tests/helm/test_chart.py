"""The chart that is in deploy/helm: what it makes was rendered by the real helm, and is looked at here."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.helm.chart import CHART, RENDERED, SETUPS, digest

ROOT = CHART.parents[1]
NAMES = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
"""Of all settings."""


def documents(setup: str) -> dict[str, dict]:
    """By their kind."""
    return {one["kind"]: one for one in yaml.safe_load_all((RENDERED / f"{setup}.yaml").read_text())}


def pods(setup: str) -> Iterator[dict]:
    found = documents(setup)
    return (found[kind]["spec"]["template"]["spec"] for kind in ("Deployment", "Job") if kind in found)


def containers(setup: str) -> Iterator[dict]:
    for pod in pods(setup):
        yield from pod.get("initContainers", [])
        yield from pod["containers"]


def bot(setup: str) -> dict:
    return documents(setup)["Deployment"]["spec"]["template"]["spec"]["containers"][0]


def environment(container: dict) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"]}


@pytest.mark.parametrize("file", sorted(RENDERED.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_is_looked_at_was_rendered_from_this_chart(file: Path):
    assert file.read_text().splitlines()[0] == f"# chart {digest()}", "the chart has changed: run make helm"


def test_the_chart_is_of_the_version_that_it_installs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == chart["version"] == project["version"]


@pytest.mark.parametrize("setup", SETUPS)
def test_secrets_come_by_reference_only_and_settings_are_those_of_the_bot(setup):
    for container in containers(setup):
        assert [one for source in container["envFrom"] for one in source] == ["secretRef"]
        assert set(environment(container)) <= NAMES
        assert "TOKEN" not in " ".join(environment(container))


@pytest.mark.parametrize("setup", SETUPS)
def test_no_process_has_more_rights_or_memory_than_it_needs(setup):
    for pod in pods(setup):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
    for container in containers(setup):
        context = container["securityContext"]
        assert (context["readOnlyRootFilesystem"], context["allowPrivilegeEscalation"]) == (True, False)
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("setup", SETUPS)
def test_probes_ask_where_the_bot_answers(setup):
    container = bot(setup)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert str(ports["health"]) == environment(container)["HEALTH_PORT"]
    probed = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("liveness", "startup", "readiness")}
    assert environment(container)["BIND"] == "0.0.0.0", "probes come from outside of the pod"
    assert probed == {"liveness": "/healthz", "startup": "/healthz", "readiness": "/readyz"}


@pytest.mark.parametrize("setup", SETUPS)
def test_the_policy_is_a_folder_into_which_edits_arrive(setup):
    container = bot(setup)
    mount = next(one for one in container["volumeMounts"] if one["name"] == "policy")
    assert "subPath" not in mount
    assert environment(container)["POLICY_FILE"] == f"{mount['mountPath']}/policy.toml"


@pytest.mark.parametrize("setup", SETUPS)
def test_no_version_runs_beside_another(setup):
    assert documents(setup)["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}


def test_a_journal_in_a_file_outlives_the_release_and_is_migrated_by_its_one_pod():
    found = documents("sqlite")
    assert found["PersistentVolumeClaim"]["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    (pod,) = pods("sqlite")
    assert [one["args"] for one in pod["initContainers"]] == [["db", "upgrade"]]
    assert environment(bot("sqlite"))["DATABASE_URL"] == "sqlite:////data/campaign-bot.db"


def test_a_job_migrates_with_its_own_secret_and_leaves_nothing_of_it_to_the_bot():
    found = documents("postgresql")
    (job,) = found["Job"]["spec"]["template"]["spec"]["containers"]
    assert (job["args"], job["envFrom"]) == (["db", "upgrade"], [{"secretRef": {"name": "who-may-migrate"}}])
    assert found["Job"]["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert bot("postgresql")["envFrom"] == [{"secretRef": {"name": "campaign-bot"}}]
    assert "DATABASE_URL" not in environment(bot("postgresql"))


def test_over_http_only_what_slack_sends_to_is_led_to():
    (port,) = documents("postgresql")["Service"]["spec"]["ports"]
    assert port["targetPort"] == "http"
    assert "Service" not in documents("sqlite")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("no secret", "Set existingSecret"),
        ("no image", "Set image.repository"),
        ("a file for two", "set replicas to 1"),
        ("a token in the values", "SLACK_BOT_TOKEN is a secret"),
        ("a proxy's password in the values", "ALTCRAFT_PROXY is a secret"),
        ("a job for a file", "migrations.job is for PostgreSQL"),
        ("an unknown value", "'replica' not allowed"),
    ],
)
def test_helm_refused_it_with_a_sentence(what, says):
    assert says in yaml.safe_load((RENDERED / "refused.yaml").read_text())[what]
