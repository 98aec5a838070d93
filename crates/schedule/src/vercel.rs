//! Vercel: a cron job that calls everlit elsewhere ("Cron Jobs" on vercel.com/docs).

use crate::{GeneratedFile, Job, trigger};

pub(crate) fn render(job: &Job) -> Vec<GeneratedFile> {
    let why_daily = job.why_daily();
    let settings = format!(
        r#"{{
  "crons": [{{ "path": "/api/everlit-refresh", "schedule": "{minute} {hour} * * *" }}],
  "functions": {{ "api/everlit-refresh.mjs": {{ "maxDuration": 60 }} }}
}}
"#,
        minute = job.time().minute(),
        hour = job.time().hour(),
    );
    let function = format!(
        r#"// Makes everlit refresh where it runs, once a day. In a Next.js app: app/api/everlit-refresh/route.js, and only `crons` in
// vercel.json.
//
// {why_daily}
//
// It needs three variables of the project: EVERLIT_TRIGGER_URL, EVERLIT_TRIGGER_SECRET (whsec_...) and CRON_SECRET, with
// which Vercel proves that a call is its own.
export async function GET(request) {{
  const secret = process.env.CRON_SECRET;
  if (!secret) {{
    throw new Error("CRON_SECRET must be set");
  }}
  if (request.headers.get("authorization") !== `Bearer ${{secret}}`) {{
    return new Response("This is for Vercel's cron alone.\n", {{ status: 401 }});
  }}
  await refresh(process.env);
  return new Response("everlit has run.\n");
}}

{call}"#,
        call = trigger::function(55),
    );
    vec![
        GeneratedFile::utf8("vercel.json".to_owned(), settings, PROJECT),
        GeneratedFile::utf8("api/everlit-refresh.mjs".to_owned(), function, PROJECT),
    ]
}

const PROJECT: &str = "your Vercel project";
