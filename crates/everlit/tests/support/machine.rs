//! Programs of a machine, played.

use std::fs;
use std::process::Command;

/// A crontab in a file, refused or not: what `crontab` does, without the machine's.
pub const CRONTAB: &str = r#"cd "$(dirname "$0")" || exit 9
echo "crontab $*" >> calls
case "$*" in
  -l) [ -f table ] && cat table || { echo "no crontab for ada" >&2; exit 1; } ;;
  -r) rm table ;;
  -) cat > table ;;
esac"#;

/// A `systemctl` where systemd is not what was booted, as in a container.
pub const NO_SYSTEMD: &str =
    "echo \"System has not been booted with systemd as init system (PID 1). Can't operate.\" >&2; exit 1";

/// The tests need a process called `cron`, as a machine has one; this one sleeps.
pub struct CronDaemon(std::process::Child);

impl CronDaemon {
    pub fn started() -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        // The name of a process is that of the file which was started, links included.
        std::os::unix::fs::symlink("/bin/sleep", folder.join("cron")).unwrap();
        let child = Command::new(folder.join("cron")).arg("600").spawn().unwrap();
        fs::remove_dir_all(folder).unwrap();
        Self(child)
    }
}

impl Drop for CronDaemon {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
