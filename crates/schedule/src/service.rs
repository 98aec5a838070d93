//! `everlit serve` under a service manager: no scheduler, and no project folder. The files are those of `packaging/service`.

use crate::compose::IMAGE;
use crate::{GeneratedFile, Job};

/// The image that the files name, of the version that they were written for.
const NAMED_IMAGE: &str = "ghcr.io/everlit/everlit:0.1.0";

/// The program that the unit names.
const NAMED_PROGRAM: &str = "/usr/local/bin/everlit";

pub(crate) fn systemd(job: &Job) -> GeneratedFile {
    let text = include_str!("../../../packaging/service/everlit.service").replace(NAMED_PROGRAM, job.program());
    GeneratedFile::utf8("everlit.service".to_owned(), text, "/etc/systemd/system")
}

pub(crate) fn compose() -> GeneratedFile {
    let text = include_str!("../../../packaging/service/compose.yaml").replace(NAMED_IMAGE, IMAGE);
    let text = text.replace("docker compose ", "docker compose --file everlit.compose.yaml ");
    GeneratedFile::utf8("everlit.compose.yaml".to_owned(), text, "a folder of its own")
}

pub(crate) fn kubernetes() -> GeneratedFile {
    let text = include_str!("../../../packaging/service/kubernetes.yaml").replace(NAMED_IMAGE, IMAGE);
    GeneratedFile::utf8("everlit.kubernetes.yaml".to_owned(), text, "your cluster")
}
