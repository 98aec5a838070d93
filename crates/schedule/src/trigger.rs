//! A signed call to where everlit runs, for platforms whose functions keep no files.
//!
//! The script needs nothing but what browsers have, too: `fetch` and `WebCrypto`.

/// A function `refresh` in JavaScript that makes everlit refresh, or throws. It takes an object with the two variables.
/// Signed as Standard Webhooks: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
pub(crate) fn function(deadline_seconds: u32) -> String {
    SCRIPT.replace("DEADLINE", &format!("{deadline_seconds}_000"))
}

const SCRIPT: &str = r#"async function refresh({ EVERLIT_TRIGGER_URL, EVERLIT_TRIGGER_SECRET }) {
  if (!EVERLIT_TRIGGER_URL || !EVERLIT_TRIGGER_SECRET) {
    throw new Error("EVERLIT_TRIGGER_URL and EVERLIT_TRIGGER_SECRET must be set");
  }
  const id = crypto.randomUUID();
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const body = JSON.stringify({ type: "refresh" });
  const secret = Uint8Array.from(atob(EVERLIT_TRIGGER_SECRET.replace(/^whsec_/, "")), (c) => c.charCodeAt(0));
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, hmac, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  const answer = await fetch(EVERLIT_TRIGGER_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`,
    },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(DEADLINE),
  });
  if (!answer.ok) {
    throw new Error(`everlit answered ${answer.status}: its log says why`);
  }
}
"#;
