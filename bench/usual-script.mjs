// The script that projects write to keep an Instagram token from expiring: read the token and its expiry, refresh it
// over HTTPS, write both files. everlit is compared with it, so it does no more than that and imports only what it needs.
import { readFileSync, writeFileSync } from "node:fs";

const ENV_FILE = ".env.local";
const METADATA_FILE = "scripts/instagram-token.json";
const DAY = 86_400;

const env = readFileSync(ENV_FILE, "utf8");
const token = /^IG_ACCESS_TOKEN=(.*)$/m.exec(env)?.[1];
if (!token) {
  console.error(`no IG_ACCESS_TOKEN in ${ENV_FILE}`);
  process.exit(1);
}

const now = Math.floor(Date.now() / 1000);
const { expires_at: expiresAt } = JSON.parse(readFileSync(METADATA_FILE, "utf8"));
if (expiresAt - now >= 30 * DAY) {
  console.log(`token is good for ${Math.floor((expiresAt - now) / DAY)} more days`);
  process.exit(0);
}

const meta = process.env.EVERLIT_META_URL ? `${process.env.EVERLIT_META_URL}/` : "https://";
const query = new URLSearchParams({ grant_type: "ig_refresh_token", access_token: token });
const reply = await fetch(`${meta}graph.instagram.com/refresh_access_token?${query}`);
const body = await reply.json();
if (!reply.ok) {
  console.error(`refresh failed: ${reply.status} ${body.error?.message}`);
  process.exit(1);
}

writeFileSync(ENV_FILE, env.replace(/^IG_ACCESS_TOKEN=.*$/m, () => `IG_ACCESS_TOKEN=${body.access_token}`));
writeFileSync(
  METADATA_FILE,
  JSON.stringify(
    {
      access_token: `${body.access_token.slice(0, 20)}...`,
      token_type: body.token_type,
      expires_in: body.expires_in,
      expires_at: now + body.expires_in,
      refreshed_at: new Date(now * 1000).toISOString(),
    },
    null,
    2,
  ),
);
console.log("token refreshed");
