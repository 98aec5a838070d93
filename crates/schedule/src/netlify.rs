//! Netlify: a scheduled function that calls everlit elsewhere ("Scheduled Functions" on docs.netlify.com).

use crate::{GeneratedFile, Job, trigger};

pub(crate) fn render(job: &Job) -> Vec<GeneratedFile> {
    let why_daily = job.why_daily();
    let text = format!(
        r#"// Makes everlit refresh where it runs, once a day.
//
// {why_daily}
//
// It needs two variables of the site, with the scope Functions: EVERLIT_TRIGGER_URL and EVERLIT_TRIGGER_SECRET (whsec_...).
export const config = {{ schedule: "{minute} {hour} * * *" }};

export default async () => {{
  await refresh(process.env);
}};

{call}"#,
        minute = job.time().minute(),
        hour = job.time().hour(),
        // Netlify ends a scheduled function after 30 seconds.
        call = trigger::function(25),
    );
    let name = "netlify/functions/everlit-refresh.mjs".to_owned();
    vec![GeneratedFile::utf8(name, text, "the repository of your site")]
}
