//! Cloudflare: a Worker of its own that calls everlit elsewhere ("Cron Triggers" on developers.cloudflare.com).

use crate::{GeneratedFile, Job, trigger};

pub(crate) fn render(job: &Job) -> Vec<GeneratedFile> {
    let why_daily = job.why_daily();
    let settings = format!(
        r#"{{
  "name": "{label}",
  "main": "src/index.js",
  "compatibility_date": "2025-09-01",
  // Nothing calls it but Cloudflare.
  "workers_dev": false,
  "preview_urls": false,
  "observability": {{ "enabled": true }},
  // {why_daily}
  "triggers": {{ "crons": ["{minute} {hour} * * *"] }}
}}
"#,
        label = job.label(),
        minute = job.time().minute(),
        hour = job.time().hour(),
    );
    let worker = format!(
        r"// Makes everlit refresh where it runs, once a day.
//
// It needs two secrets: EVERLIT_TRIGGER_URL and EVERLIT_TRIGGER_SECRET (whsec_...).
export default {{
  async scheduled(_controller, env) {{
    await refresh(env);
  }},
}};

{call}",
        call = trigger::function(60),
    );
    vec![
        GeneratedFile::utf8("wrangler.jsonc".to_owned(), settings, WORKER),
        GeneratedFile::utf8("src/index.js".to_owned(), worker, WORKER),
    ]
}

const WORKER: &str = "a folder of its own";
