//! The container image: its last stage is built by buildah from the Dockerfile, and run with a site mounted into it.
//!
//! The first stage, which compiles, needs a base image from a registry: a static program built here stands in for it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "a test looks at real files with the means of std")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::program::static_program;
use support::service::Service;
use support::{Call, Meta, Project, Run};

#[test]
fn a_mounted_env_file_gets_the_new_token_in_place() {
    if !can_run_images() {
        return;
    }
    let image = Image::build();
    let meta = Meta::friendly();
    let old = meta.token_of_age(40);
    let site = Project::holding(&old);
    site.set_mode(".env.local", 0o666);
    let inode = fs::metadata(site.path().join(".env.local")).unwrap().ino();

    let mount = format!("{}:/site/.env.local", site.path().join(".env.local").display());
    let container = image.container();
    container.everlit(&["--volume", &mount], &["refresh"], &meta).ended(0).never_shows(&old);
    assert_eq!(site.read(".env.local").lines().last().unwrap(), format!("IG_ACCESS_TOKEN={}", meta.newest()));
    assert_eq!(fs::metadata(site.path().join(".env.local")).unwrap().ino(), inode);

    let healthcheck = image.config()["Healthcheck"]["Test"].clone();
    assert_eq!(healthcheck, json!(["CMD", PROGRAM, "status", "--check"]));
    container.everlit(&["--volume", &mount], &["status", "--check"], &meta).ended(0);
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn a_mounted_folder_is_written_as_the_containers_user() {
    if !can_run_images() {
        return;
    }
    let image = Image::build();
    let meta = Meta::friendly();
    let site = Project::holding(&meta.token_of_age(40));
    // Anybody may write here, so that this needs no change of owner, which an ordinary user may not make.
    site.set_mode(".", 0o777);
    site.set_mode(".env.local", 0o666);
    let mount = format!("{}:/site", site.path().display());
    image.container().everlit(&["--user", "1000:1000", "--volume", &mount], &["refresh"], &meta).ended(0);
    assert!(site.read(".env.local").contains(&meta.newest()));
    let metadata = fs::metadata(site.path().join("scripts/instagram-token.json")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let owner = fs::metadata(site.path()).unwrap().uid();
    assert_ne!(metadata.uid(), owner, "it was not run as another user");
}

/// As Cloud Run, Container Apps and Kubernetes mount everlit.toml.
#[test]
fn settings_that_nobody_can_write_are_enough_with_a_target() {
    if !can_run_images() {
        return;
    }
    let image = Image::build();
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers_with(201, r#"{"created": {}, "failed": [], "envs": []}"#);
    let target = "[target.site]\nkind = \"vercel\"\nproject = \"p\"\nafter = \"none\"\n";
    let site = Project::empty().with_file("everlit.toml", &format!("{target}url = \"{}\"\n", host.address));
    let (mount, token) = (format!("{}:/project:ro", site.path().display()), meta.token_of_age(40));
    let token = format!("IG_ACCESS_TOKEN={token}");
    let flags = ["--volume", &mount, "--env", &token, "--env", "EVERLIT_TARGET_SITE_TOKEN=fakeCREDENTIALfake"];
    let run = image.container().everlit(&flags, &["-C", "/project", "refresh", "--no-input"], &meta).ended(0);
    run.says("site keeps the token");
    assert!(host.at("/v10/projects/p/env?upsert")[0].contains(&meta.newest()));
    assert_eq!(site.files().into_keys().collect::<Vec<_>>(), ["everlit.toml"]);
}

#[test]
fn the_image_holds_only_the_program_and_runs_unprivileged() {
    if !can_run_images() {
        return;
    }
    let image = Image::build();
    let config = image.config();
    assert_eq!(config["User"], "65532:65532");
    assert_eq!(config["WorkingDir"], "/site");
    assert_eq!(config["Entrypoint"], json!([PROGRAM]));
    let command: Vec<&str> = config["Cmd"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let meta = Meta::friendly();
    image.container().everlit(&[], &[&command[..], &["--help"]].concat(), &meta).ended(0);

    assert_eq!(image.files(), ["site/", "tmp/", "usr/", "usr/local/", "usr/local/bin/", "usr/local/bin/everlit"]);
}

const PROGRAM: &str = "/usr/local/bin/everlit";

/// An image and its storage, gone at the end of the test.
struct Image {
    storage: Project,
}

impl Image {
    /// Builds the last stage of the Dockerfile around a static program.
    fn build() -> Self {
        let image = Self { storage: Project::empty() };
        let stage = image.storage.path().join("stage/image");
        fs::create_dir_all(stage.join("usr/local/bin")).unwrap();
        for folder in ["site", "tmp"].map(|name| stage.join(name)) {
            fs::create_dir_all(&folder).unwrap();
            fs::set_permissions(&folder, PermissionsExt::from_mode(0o1777)).unwrap();
        }
        fs::copy(static_program(), stage.join("usr/local/bin/everlit")).unwrap();

        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file = root.join("Dockerfile");
        // An empty context: the last stage takes nothing from the repository itself.
        fs::create_dir(image.storage.path().join("context")).unwrap();
        let stage = format!("build={}", image.storage.path().join("stage").display());
        let build = ["build", "--isolation", "chroot", "--format", "docker", "--tag", "everlit", "--build-context"];
        image.buildah(&[&build[..], &[&stage, "--file", file.to_str().unwrap()]].concat(), "context").ended(0);
        image
    }

    /// What the image says about how it is to be run.
    fn config(&self) -> Value {
        self.buildah(&["inspect", "--type", "image"], "everlit").ended(0).json()["Docker"]["config"].clone()
    }

    /// What lies in its layers, folders with a slash at the end.
    fn files(&self) -> Vec<String> {
        let folder = self.storage.path().join("layers");
        self.buildah(&["push", "everlit"], &format!("dir:{}", folder.display())).ended(0);
        let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        let mut files = Vec::new();
        for layer in manifest["layers"].as_array().unwrap() {
            let digest = layer["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
            let listed = self.call(&["tar", "-tf", folder.join(digest).to_str().unwrap()]).run().ended(0);
            files.extend(listed.stdout.lines().map(str::to_owned));
        }
        files.sort();
        files.dedup();
        files
    }

    fn container(&self) -> Container<'_> {
        let made = self.buildah(&["from", "--isolation", "chroot"], "everlit").ended(0);
        Container(made.stdout.trim().to_owned(), self)
    }

    /// `buildah WORDS... LAST` with this image's storage.
    fn buildah(&self, message: &[&str], last: &str) -> Run {
        let storage = self.storage_flags();
        self.call(&[&["buildah"], &storage.each_ref().map(String::as_str)[..], message, &[last]].concat()).run()
    }

    fn storage_flags(&self) -> [String; 3] {
        let folder = self.storage.home();
        let at = |name: &str| format!("--{name}={}", folder.join(name).display());
        ["--storage-driver=vfs".to_owned(), at("root"), at("runroot")]
    }

    fn call(&self, message: &[&str]) -> Call {
        // Where an ordinary user's buildah keeps its own short-lived files.
        self.storage.command_line(message).env("XDG_RUNTIME_DIR", self.storage.home())
    }
}

struct Container<'i>(String, &'i Image);

impl Container<'_> {
    /// The image's entry point with these arguments; `flags` are those of `buildah run`.
    fn everlit(&self, flags: &[&str], arguments: &[&str], meta: &Meta) -> Run {
        let Self(name, image) = self;
        let meta = format!("EVERLIT_META_URL={}", meta.sandbox.url());
        let run = ["run", "--isolation", "chroot", "--network", "host", "--env", &meta];
        let message = [&run[..], flags, &[name, "--", PROGRAM], arguments].concat();
        let (last, message) = message.split_last().unwrap();
        image.buildah(message, last)
    }
}

/// A machine that is itself a container may allow no mounts, and an ordinary user needs a range of user ids to run an
/// image as somebody else: without them no image can be run there by anybody's means.
#[allow(clippy::print_stderr, reason = "tells whoever runs the test why it proves nothing here")]
fn can_run_images() -> bool {
    let ordinary = !rustix::process::getuid().is_root();
    let flags = if ordinary { "-rm" } else { "-m" };
    let probe = Command::new("unshare").args([flags, "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    let mounts = probe.is_ok_and(|output| output.status.success());
    let user = Command::new("id").arg("-un").output().unwrap().stdout;
    let ranges = fs::read_to_string("/etc/subuid").unwrap_or_default();
    let has_range = ranges.lines().any(|line| line.split(':').next() == Some(String::from_utf8_lossy(&user).trim()));
    let can = mounts && (!ordinary || has_range);
    if !can {
        eprintln!("no image can be run here: mounts {mounts}, range of user ids {has_range}");
    }
    can
}
