//! The services that are struck.

use std::fs::{create_dir_all, read_dir, remove_file, rename, write};
use std::path::{Path, PathBuf};
use std::process::Command;

use everlit_testkit::server::free_port;
use nix::sys::signal::Signal;

use crate::process::{Process, status};

/// What every worker needs.
pub(crate) struct Setting {
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) vault: String,
    pub(crate) meta: String,
    /// Where messages to people go.
    pub(crate) channel: String,
}

/// A worker.
pub(crate) struct Worker {
    pub(crate) name: String,
    process: Process,
    port: u16,
    spill: PathBuf,
    log: PathBuf,
}

impl Setting {
    pub(crate) fn start(&self, name: &str) -> Result<Worker, String> {
        let (spill, log, port) =
            (self.folder.join(format!("spill-{name}")), self.folder.join(format!("{name}.log")), free_port());
        create_dir_all(&spill).map_err(|error| error.to_string())?;
        let process = self.process(&spill, &log, port)?;
        Ok(Worker { name: name.to_owned(), process, port, spill, log })
    }

    fn process(&self, spill: &Path, log: &Path, port: u16) -> Result<Process, String> {
        let mut command = Command::new(&self.program);
        command.arg("-C").arg(&self.folder).args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--concurrency", "192"]);
        command.env_clear().env("EVERLIT_VAULT", &self.vault).env("EVERLIT_META_URL", &self.meta);
        command.env("EVERLIT_SPILL", spill).env("EVERLIT_NOTIFY_TEAM_URL", &self.channel);
        command.env("HOME", &self.folder).env("EVERLIT_TIMEOUT_SECONDS", "5");
        Process::start(&mut command, log)
    }

    /// Kills a worker, and starts it again with the same folder for its spill.
    pub(crate) fn kill_and_restart(&self, worker: &mut Worker) -> Result<(), String> {
        worker.process.kill();
        worker.process = self.process(&worker.spill, &worker.log, worker.port)?;
        Ok(())
    }
}

impl Worker {
    pub(crate) fn stop(&self) {
        self.process.signal(Signal::SIGSTOP);
    }

    pub(crate) fn resume(&self) {
        self.process.signal(Signal::SIGCONT);
    }

    /// Puts a file in the place of the folder for the spill, as if its disk took no more; `false` puts the folder back.
    pub(crate) fn fill_spill(&self, is_full: bool) -> Result<(), String> {
        let aside = self.spill.with_extension("aside");
        let moved = if is_full {
            rename(&self.spill, &aside).and_then(|()| write(&self.spill, "full"))
        } else {
            remove_file(&self.spill).and_then(|()| rename(&aside, &self.spill))
        };
        moved.map_err(|error| format!("{}: {error}", self.spill.display()))
    }

    pub(crate) fn is_ready(&self) -> bool {
        status(self.port, "/readyz") == Some(200)
    }

    /// Ends it as a service manager does; says what was wrong.
    pub(crate) fn end(self) -> Result<(), String> {
        let (name, spill) = (self.name.clone(), self.spill.clone());
        if !self.process.end() {
            return Err(format!("{name} did not end well: see {}", self.log.display()));
        }
        let left = read_dir(&spill).map_or(0, Iterator::count);
        if left > 0 { Err(format!("{name} left {left} files in its spill")) } else { Ok(()) }
    }
}
