#!/usr/bin/env node
// Starts the program that lies in the package of this platform, and ends as it ends. Nothing is downloaded here.
"use strict";

const { spawn } = require("node:child_process");
const os = require("node:os");
const path = require("node:path");
const tty = require("node:tty");

// A broken installation is a matter of set-up: the exit code that everlit itself has for that.
const EXIT_SET_UP = 2;

main();

function main() {
  const program = find();
  if (program === null) {
    return;
  }
  const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
  pass(child);
  child.on("error", (error) => {
    fail(`${program} cannot be started: ${error.message}`, "Install it again: npm install --force everlit");
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
    } else {
      // The first process of a container outlives its own signal, and ends with this code.
      process.exitCode = 128 + os.constants.signals[signal];
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

// The path of the program, or null once it has been said why there is none.
function find() {
  const { optionalDependencies } = require("../package.json");
  const platform = `${process.platform}-${process.arch}`;
  const wanted = `@everlit/${platform}`;
  if (!(wanted in optionalDependencies)) {
    const known = Object.keys(optionalDependencies).map((name) => name.replace("@everlit/", ""));
    fail(
      `there is no everlit for ${platform}, only for ${known.join(", ")}`,
      "With Rust it can be built from source: see docs/install.md in the repository",
    );
    return null;
  }
  try {
    const name = process.platform === "win32" ? "everlit.exe" : "everlit";
    return path.join(path.dirname(require.resolve(`${wanted}/package.json`)), "bin", name);
  } catch {
    fail(
      `the package ${wanted} is missing, which holds the program`,
      "It is an optional dependency of everlit. If npm ran with --omit=optional or --no-optional, install again without it.",
      "If node_modules or the lock file came from another machine, install everlit anew here: npm install everlit",
    );
    return null;
  }
}

// A terminal sends Ctrl-C and Ctrl-\ to the child as well; sent on, they would arrive twice.
function pass(child) {
  const atTerminal = [0, 1, 2].some((descriptor) => tty.isatty(descriptor));
  for (const signal of ["SIGINT", "SIGQUIT"]) {
    process.on(signal, () => atTerminal || child.kill(signal));
  }
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
}

function fail(what, ...next) {
  console.error([`everlit: ${what}.`, ...next].join("\n"));
  process.exitCode = EXIT_SET_UP;
}
