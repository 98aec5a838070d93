// Vercel's own client makes the calls that everlit makes, and refuses what Vercel would not answer: vercel.mjs URL CREDENTIAL,
// with the token on stdin. It is installed in the working folder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { VercelCore } = require("@vercel/sdk/core.js");
const { projectsFilterProjectEnvs } = require("@vercel/sdk/funcs/projectsFilterProjectEnvs.js");
const { projectsCreateProjectEnv } = require("@vercel/sdk/funcs/projectsCreateProjectEnv.js");
const { deploymentsGetDeployments } = require("@vercel/sdk/funcs/deploymentsGetDeployments.js");
const { deploymentsCreateDeployment } = require("@vercel/sdk/funcs/deploymentsCreateDeployment.js");

const [serverURL, bearerToken] = process.argv.slice(2);
const value = readFileSync(0, "utf8");
const vercel = new VercelCore({ serverURL, bearerToken });
const team = { teamId: "team_1" };
const project = { idOrName: "prj_1", ...team };

async function call(func, request) {
  const result = await func(vercel, request);
  if (!result.ok) {
    throw new Error(`${func.name}: ${JSON.stringify(result.error.cause ?? result.error.message)}`);
  }
  return result.value;
}

await call(projectsFilterProjectEnvs, project);
for (const [type, target] of [["sensitive", ["production", "preview"]], ["encrypted", ["development"]]]) {
  const requestBody = { key: "IG_ACCESS_TOKEN", value, type, target };
  await call(projectsCreateProjectEnv, { ...project, upsert: "true", requestBody });
}
const latest = { projectId: "prj_1", target: "production", state: "READY", limit: 1 };
const { deployments: [{ uid, name }] } = await call(deploymentsGetDeployments, { ...latest, ...team });
const requestBody = { name, deploymentId: uid, target: "production" };
await call(deploymentsCreateDeployment, { ...team, forceNew: "1", requestBody });
