"""What every acceptance check shares: the command line as a child process, and the table of what was measured."""
import json
import os
import pathlib
import re
import subprocess
import sys


PROGRESS = re.compile(r"[a-z ]+ \d+ %(, \d+ of \d+ files, \d+ files/s)?(, \d+ s left)?")


class Report:
    """Collects one row per check; prints each at once, so that a long run can be followed."""

    def __init__(self):
        self.rows = []

    def check(self, name, passed, measured=""):
        self.rows.append((bool(passed), name, str(measured)))
        print(f"{'ok  ' if passed else 'FAIL'}  {name}  {measured}", flush=True)
        return bool(passed)

    def failures(self):
        return [row for row in self.rows if not row[0]]


class Outcome:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")
        self.lines = [line for line in self.err.splitlines() if line.strip()]

    @property
    def sentence(self):
        return self.lines[-1] if self.lines else ""

    @property
    def json(self):
        return json.loads(self.out)


class Cli:
    """Runs annotomy-cli with --json and holds it to the contract of statuses and streams."""

    def __init__(self, program, workspace, report):
        self.program, self.workspace, self.report = str(program), pathlib.Path(workspace), report

    def at(self, workspace):
        return Cli(self.program, workspace, self.report)

    def run(self, *arguments, status=0, environment=None, names=None, progress=False):
        """status: the exit status that is expected; names: what the sentence on standard error must name; progress:
        whether the command may tell its progress there before it."""
        command = [self.program, "--workspace", str(self.workspace), "--json", *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                              env={**os.environ, **(environment or {})})
        outcome = Outcome(done)
        title = " ".join(pathlib.Path(str(a)).name if "/" in str(a) else str(a) for a in arguments)
        problem = self.problem(outcome, status, names, progress)
        if problem or status:
            self.report.check(f"{title} -> exit {status}", not problem, problem or outcome.sentence)
        return outcome

    @staticmethod
    def problem(outcome, status, names, progress):
        if outcome.status != status:
            return f"exit {outcome.status}, not {status}: {outcome.err.strip()[-300:]}"
        if status == 0:
            try:
                outcome.json
            except ValueError as error:
                return f"standard output is not one JSON document: {error}"
            chatter = [line for line in outcome.lines if not PROGRESS.fullmatch(line)]
            return f"chatter on standard error: {chatter}" if chatter and not progress else ""
        if outcome.out.strip():
            return f"standard output on failure: {outcome.out[:100]}"
        if len([line for line in outcome.lines if not PROGRESS.fullmatch(line)]) != 1 and not progress:
            return f"{len(outcome.lines)} lines on standard error: {outcome.err[:300]}"
        if status == 1 and not outcome.sentence.rstrip().endswith("."):
            return f"no sentence: {outcome.sentence}"
        if names and str(names) not in outcome.sentence:
            return f"does not name {names}: {outcome.sentence}"
        return ""


class Data:
    """The shared data: packed series are unpacked once into a folder of their own."""

    def __init__(self, shared, unpacked):
        self.shared, self.unpacked = pathlib.Path(shared), pathlib.Path(unpacked)
        if not (self.unpacked / "A03_ibsi_sts").exists():
            subprocess.run([self.shared / "unpack.sh", self.unpacked], check=True, stdout=sys.stderr)

    def __call__(self, name):
        for root in (self.unpacked, self.shared):
            if (root / name).exists():
                return root / name
        raise FileNotFoundError(name)
