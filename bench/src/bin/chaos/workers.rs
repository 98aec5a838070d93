//! The services that are struck.

use std::fs::{File, create_dir_all, read_dir, remove_file, rename, write};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::process::{Process, mortal, port, run, status};

/// How long a call to Meta may take.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);

/// How many accounts a worker may have in flight. After an outage it begins with a twentieth of that.
pub(crate) const IN_FLIGHT: usize = 512;

/// What every worker needs.
pub(crate) struct Setting {
    pub(crate) program: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) vault: String,
    pub(crate) meta: String,
    /// Where messages to people go.
    pub(crate) channel: String,
    /// Whether what is spilled goes to a small file system of its own.
    pub(crate) small_disks: bool,
}

/// A worker.
pub(crate) struct Worker {
    pub(crate) name: String,
    process: Process,
    port: u16,
    spill: PathBuf,
    log: PathBuf,
    has_small_disk: bool,
}

impl Setting {
    pub(crate) fn start(&self, name: &str) -> Result<Worker, String> {
        let (spill, log) = (self.folder.join(format!("spill-{name}")), self.folder.join(format!("{name}.log")));
        create_dir_all(&spill).map_err(|error| error.to_string())?;
        if self.small_disks {
            run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m,mode=700", "everlit-chaos"]).arg(&spill))?;
        }
        let port = port();
        let process = self.process(&spill, &log, port)?;
        Ok(Worker { name: name.to_owned(), process, port, spill, log, has_small_disk: self.small_disks })
    }

    fn process(&self, spill: &Path, log: &Path, port: u16) -> Result<Process, String> {
        let mut command = mortal(&Command::new(&self.program));
        command.arg("-C").arg(&self.folder).args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command.env("EVERLIT_VAULT", &self.vault).env("EVERLIT_META_URL", &self.meta);
        command.env("EVERLIT_SPILL", spill).env("EVERLIT_NOTIFY_TEAM_URL", &self.channel);
        command.env("EVERLIT_NOTIFY_TEAM_SECRET", "whsec_ZmFrZUZBS0VmYWtlRkFLRWZha2VGQUtFZmFrZUZBS0U=");
        command.env("EVERLIT_CONCURRENCY", IN_FLIGHT.to_string());
        command.env("HOME", &self.folder).env("EVERLIT_TIMEOUT_SECONDS", TIMEOUT.as_secs().to_string());
        Process::start(&mut command, log)
    }

    /// Starts a worker again that has ended, with the same folder for its spill.
    pub(crate) fn restart(&self, worker: &mut Worker) -> Result<(), String> {
        worker.process = self.process(&worker.spill, &worker.log, worker.port)?;
        Ok(())
    }
}

impl Worker {
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    pub(crate) fn stop(&self) -> Result<(), String> {
        self.process.signal(Signal::SIGSTOP)
    }

    pub(crate) fn resume(&self) -> Result<(), String> {
        self.process.signal(Signal::SIGCONT)
    }

    /// Fills its small disk, or puts a file in the place of the folder, which takes no more either.
    pub(crate) fn fill_spill(&self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("cannot fill {}: {error}", self.spill.display());
        if !self.has_small_disk {
            return rename(&self.spill, self.aside()).and_then(|()| write(&self.spill, "full")).map_err(failed);
        }
        let mut ballast = File::create(self.ballast()).map_err(failed)?;
        loop {
            match ballast.write_all(&[b'#'; 512]) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(failed(error)),
            }
        }
    }

    /// Undoes [`fill_spill`](Self::fill_spill).
    pub(crate) fn empty_spill(&self) -> Result<(), String> {
        let emptied = if self.has_small_disk {
            remove_file(self.ballast())
        } else {
            remove_file(&self.spill).and_then(|()| rename(self.aside(), &self.spill))
        };
        emptied.map_err(|error| format!("cannot empty {}: {error}", self.spill.display()))
    }

    fn aside(&self) -> PathBuf {
        self.spill.with_extension("aside")
    }

    fn ballast(&self) -> PathBuf {
        self.spill.join("ballast")
    }

    pub(crate) fn is_ready(&self) -> bool {
        status(self.port, "/readyz") == Some(200)
    }

    /// Ends it as a service manager does.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        const LONGEST: Duration = Duration::from_secs(90);
        if self.process.end(LONGEST) {
            return Ok(());
        }
        Err(format!("{} did not end well: see {}", self.name, self.log.display()))
    }

    /// Whether nothing is left in its spill. To be called once it has ended.
    pub(crate) fn has_empty_spill(&self) -> Result<(), String> {
        match read_dir(&self.spill).map(Iterator::count) {
            Ok(0) => Ok(()),
            Ok(left) => Err(format!("{} left {left} files in its spill", self.name)),
            Err(error) => Err(format!("{}: {error}", self.spill.display())),
        }
    }
}
