"""Runs a composite action as GitHub's runner does, as far as action.yml needs it: steps, expressions, masks, outputs, caches.

usage: runner.py ACTION_FOLDER CACHE_FOLDER < {"inputs": {...}, "env": {...}}
Prints {"ok", "outputs", "summary", "log"} as JSON; the log is what a person sees.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

action_folder, caches = map(os.path.abspath, sys.argv[1:3])
call = json.load(sys.stdin)
temp = tempfile.mkdtemp(prefix="runner-")
with open(os.path.join(action_folder, "action.yml")) as file:
    action = yaml.safe_load(file)
inputs = {name: call["inputs"].get(name, spec.get("default", "")) for name, spec in action["inputs"].items()}
contexts = {"runner.temp": temp, "github.token": "fakeRUNtoken", "github.run_id": "1", "github.run_attempt": "1"}
contexts.update({f"inputs.{name}": value for name, value in inputs.items()})


def expand(text):
    def value(match):
        name = match.group(1).strip()
        found = re.fullmatch(r"steps\.(\S+)\.outputs\.(\S+)", name)
        # An expression that this runner does not know must not pass for an empty one.
        return outputs[found.group(1)].get(found.group(2), "") if found else expand(contexts[name])

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text))


def wanted(condition, failed):
    if condition is None:
        return not failed
    parts = [part.strip() for part in condition.split("&&")]
    assert parts[0] == "always()", condition
    for part in parts[1:]:
        name, text = re.fullmatch(r"(\S+) == '(.*)'", part).groups()
        if contexts[name] != text:
            return False
    return True


def masked(text):
    for secret in masks:
        text = text.replace(secret, "***")
    return text


masks, outputs, log, failed, stopped = [], {}, [], False, None
summary = os.path.join(temp, "summary")
for number, step in enumerate(action["runs"]["steps"]):
    if not wanted(step.get("if"), failed):
        continue
    if "uses" in step:
        path, kept = expand(step["with"]["path"]), os.path.join(caches, "kept")
        name = step["uses"].split("@")[0]
        source, to = {"actions/cache/restore": (kept, path), "actions/cache/save": (path, kept)}[name]
        if os.path.isdir(source):
            shutil.copytree(source, to, dirs_exist_ok=True)
        continue
    output = os.path.join(temp, f"output-{number}")
    open(output, "w").close()
    env = {**call["env"], "PATH": os.environ["PATH"], "HOME": temp, "RUNNER_TEMP": temp}
    env.update(GITHUB_ACTION_PATH=action_folder, GITHUB_OUTPUT=output, GITHUB_STEP_SUMMARY=summary)
    env.update({name: expand(value) for name, value in step.get("env", {}).items()})
    script = os.path.join(temp, f"step-{number}.sh")
    with open(script, "w") as file:
        file.write(step["run"])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
    ended = subprocess.run(shell, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in ended.stdout.splitlines():
        if stopped is not None:
            # Until then, no line is a command.
            stopped = None if line == f"::{stopped}::" else stopped
            log.append(masked(line))
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith("::add-mask::"):
            masks.append(line.removeprefix("::add-mask::").replace("%25", "%"))
        else:
            log.append(masked(line))
    failed = failed or ended.returncode != 0
    with open(output) as file:
        outputs[step.get("id", number)] = dict(line.rstrip("\n").split("=", 1) for line in file)

named = {name: expand(spec["value"]) for name, spec in action["outputs"].items()} if "refresh" in outputs else {}
text = open(summary).read() if os.path.exists(summary) else ""
json.dump({"ok": not failed, "outputs": named, "summary": text, "log": "\n".join(log)}, sys.stdout)
shutil.rmtree(temp)
