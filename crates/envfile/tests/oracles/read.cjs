// Reads every case with the JavaScript parsers: <cases>/<n>/.env gives <out>/<parser>/<n>, one KEY=value per entry,
// entries ended by NUL. `--env-file` starts a process for each file, so it reads the cases before <limit> only.
'use strict'
const fs = require('fs')
const path = require('path')
const { execFileSync } = require('child_process')
const { parseEnv } = require('util')

const [oracles, cases, out, limit] = process.argv.slice(2)
const load = (name) => require(path.join(oracles, 'node_modules', name))
const dotenv = load('dotenv')
const dotenv16 = load('dotenv16')
const next = load('@next/env')

const silent = { info() {}, error() {} }
const print = 'process.stdout.write(JSON.stringify(process.env))'
const parsers = {
  dotenv: (file) => dotenv.parse(fs.readFileSync(file)),
  'dotenv-fast': (file) => dotenv.parse(fs.readFileSync(file), { fast: true }),
  dotenv16: (file) => dotenv16.parse(fs.readFileSync(file)),
  next: (file) => next.loadEnvConfig(path.dirname(file), false, silent, true).parsedEnv,
  node: (file) => parseEnv(fs.readFileSync(file, 'utf8')),
  'node-env-file': (file) => JSON.parse(execFileSync(process.execPath, [`--env-file=${file}`, '-e', print], { env: {} })),
}

for (const [name, parse] of Object.entries(parsers)) {
  fs.mkdirSync(path.join(out, name), { recursive: true })
  for (const id of fs.readdirSync(cases)) {
    if (name === 'node-env-file' && Number(id) >= Number(limit)) continue
    const entries = Object.entries(parse(path.join(cases, id, '.env')))
    fs.writeFileSync(path.join(out, name, id), entries.map(([key, value]) => `${key}=${value}\0`).join(''))
  }
}
