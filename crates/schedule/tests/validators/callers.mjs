// Runs a generated caller against a receiver on this machine that verifies each call with the library of Standard Webhooks, and
// prints what came of each case as JSON: callers.mjs NODE_MODULES PLATFORM FOLDER.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, platform, folder] = process.argv.slice(2);
// Wrangler asks nobody and says nothing.
Object.assign(process.env, { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "none" });
const require = createRequire(join(modules, "x.js"));
const { Webhook } = require("standardwebhooks");

const SECRET = `whsec_${Buffer.from("an obviously fake secret of 32 b").toString("base64")}`;
// In place of a status: the receiver does not answer.
const NEVER = 0;
const calls = [];
let answer = 200;

const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  let verified = false;
  try {
    new Webhook(SECRET).verify(body, request.headers);
    verified = true;
  } catch {}
  calls.push({ method: request.method, path: request.url, id: request.headers["webhook-id"], verified, body });
  if (answer === NEVER) return;
  if (answer === 302) response.setHeader("location", "/elsewhere");
  response.writeHead(verified ? answer : 401).end();
});
await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${receiver.address().port}/refresh`;

// Each returns whether the platform sees a failure.
const platforms = {
  async vercel(variables, headers) {
    Object.assign(process.env, { CRON_SECRET: "fake", ...variables });
    const { GET } = await import(pathToFileURL(join(folder, "api/everlit-refresh.mjs")));
    const request = new Request("https://bakery.example/api/everlit-refresh", { headers });
    return GET(request).then((response) => response.status !== 200, () => true);
  },
  async netlify(variables) {
    Object.assign(process.env, variables);
    const { default: handler, config } = await import(pathToFileURL(join(folder, "netlify/functions/everlit-refresh.mjs")));
    if (!/^\d+ \d+ \* \* \*$/.test(config.schedule)) throw new Error(config.schedule);
    return handler(new Request("https://bakery.example/", { method: "POST" })).then(() => false, () => true);
  },
  async cloudflare(variables) {
    const { createTestHarness } = require("wrangler");
    const secrets = Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
    const server = createTestHarness({ workers: [{ configPath: join(folder, "wrangler.jsonc"), secrets }] });
    await server.listen();
    try {
      const { outcome } = await server.getWorker().scheduled({ cron: "17 9 * * *" });
      return outcome !== "ok";
    } finally {
      await server.close();
    }
  },
};

const variables = { EVERLIT_TRIGGER_URL: url, EVERLIT_TRIGGER_SECRET: SECRET };
const authorized = { authorization: "Bearer fake" };
const cases = {
  works: [200, variables, authorized],
  "works again": [200, variables, authorized],
  refused: [200, { ...variables, EVERLIT_TRIGGER_SECRET: "whsec_b3RoZXI=" }, authorized],
  fails: [500, variables, authorized],
  moved: [302, variables, authorized],
  "no url": [200, { ...variables, EVERLIT_TRIGGER_URL: "" }, authorized],
  "no secret": [200, { ...variables, EVERLIT_TRIGGER_SECRET: "" }, authorized],
  "nobody there": [200, { ...variables, EVERLIT_TRIGGER_URL: "http://127.0.0.1:9/" }, authorized],
};
if (platform === "vercel") {
  cases.stranger = [200, variables, {}];
  cases["stranger who guesses"] = [200, { ...variables, CRON_SECRET: "" }, { authorization: "Bearer undefined" }];
}
if (platform !== "cloudflare") {
  cases.slow = [NEVER, variables, authorized];
}
// Nobody waits that long in a test.
const { timeout } = AbortSignal;
let deadline;
AbortSignal.timeout = (milliseconds) => {
  deadline = milliseconds;
  return timeout.call(AbortSignal, answer === NEVER ? 100 : milliseconds);
};
const outcomes = {};
for (const [name, [status, set, headers]] of Object.entries(cases)) {
  answer = status;
  calls.length = 0;
  outcomes[name] = { failed: await platforms[platform](set, headers), calls: [...calls], deadline };
}
receiver.closeAllConnections();
receiver.close();
console.log(JSON.stringify(outcomes));
