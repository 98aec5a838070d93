//! Renders a launch agent (launchd.plist(5)).

use std::fmt::Write;

use crate::checksum::{Comment, with_footer};
use crate::{GeneratedFile, Job, xml};

pub(crate) fn property_list(job: &Job) -> GeneratedFile {
    let why_daily = job.why_daily();
    let mut arguments = String::new();
    for word in job.argv() {
        // Writing to a `String` cannot fail.
        let _ = write!(arguments, "\n\t\t<string>{}</string>", xml::text(word));
    }
    let mut log = String::new();
    if let Some(file) = &job.log {
        let file = xml::text(file);
        for key in ["StandardOutPath", "StandardErrorPath"] {
            let _ = write!(log, "\n\t<key>{key}</key>\n\t<string>{file}</string>");
        }
    }
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- {why_daily}
     A Mac that is asleep at that minute runs it on waking. One that is off skips it, so it also runs at each login. -->
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>{label}</string>
	<key>ProgramArguments</key>
	<array>{arguments}
	</array>
	<key>StartCalendarInterval</key>
	<dict>
		<key>Hour</key>
		<integer>{hour}</integer>
		<key>Minute</key>
		<integer>{minute}</integer>
	</dict>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Background</string>{log}
</dict>
</plist>
"#,
        label = job.label(),
        hour = job.time().hour(),
        minute = job.time().minute(),
    );
    let text = with_footer(&text, job.folder(), Comment::Xml);
    GeneratedFile::utf8(format!("{}.plist", job.label()), text, "~/Library/LaunchAgents")
}
