//! The npm packages: `everlit`, which starts the program, and one package for each platform, which holds it.
//!
//! npm installs of the platform packages the one whose `os` and `cpu` fit, so that nothing is downloaded by an install
//! script. There is none for musl: the program for Linux is static and runs there as well.
#![allow(clippy::disallowed_methods, reason = "copies files of the repository and of a build")]

mod executable;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use self::executable::{Kind, kind_of};
use crate::error::Error;
use crate::program::root;

/// A platform as Node.js names it: `process.platform` and `process.arch`, which are also npm's `os` and `cpu`.
struct Platform {
    os: &'static str,
    cpu: &'static str,
    kind: Kind,
}

const PLATFORMS: [Platform; 6] = [
    Platform { os: "linux", cpu: "x64", kind: Kind::ElfX64 },
    Platform { os: "linux", cpu: "arm64", kind: Kind::ElfArm64 },
    Platform { os: "darwin", cpu: "x64", kind: Kind::MachoX64 },
    Platform { os: "darwin", cpu: "arm64", kind: Kind::MachoArm64 },
    Platform { os: "win32", cpu: "x64", kind: Kind::PeX64 },
    Platform { os: "win32", cpu: "arm64", kind: Kind::PeArm64 },
];

impl Platform {
    fn name(&self) -> String {
        format!("{}-{}", self.os, self.cpu)
    }

    fn package(&self) -> String {
        format!("@everlit/{}", self.name())
    }

    fn program(&self) -> &'static str {
        if self.os == "win32" { "everlit.exe" } else { "everlit" }
    }
}

/// What is asked for on the command line.
pub(crate) struct Order {
    version: String,
    /// A program for each platform that the packages are made for.
    binaries: Vec<(&'static Platform, PathBuf)>,
    out: PathBuf,
}

impl Order {
    /// `--version X.Y.Z --binary PLATFORM=PATH... --out DIR`, in any order.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self, Error> {
        let (mut version, mut out, mut binaries) = (None, None, Vec::new());
        let (pairs, rest) = arguments.as_chunks::<2>();
        for [flag, value] in pairs {
            match *flag {
                "--version" => version = Some((*value).to_owned()),
                "--out" => out = Some(PathBuf::from(value)),
                "--binary" => binaries.push(binary(value)?),
                _ => return Err(Error::Usage),
            }
        }
        match (version, out, rest) {
            (Some(version), Some(out), []) if !binaries.is_empty() => Ok(Self { version, binaries, out }),
            _ => Err(Error::Usage),
        }
    }
}

fn binary(message: &str) -> Result<(&'static Platform, PathBuf), Error> {
    let (name, path) = message.split_once('=').ok_or(Error::Usage)?;
    let platform = PLATFORMS.iter().find(|platform| platform.name() == name);
    let known = || PLATFORMS.iter().map(Platform::name).collect::<Vec<_>>().join(", ");
    let platform =
        platform.ok_or_else(|| Error::Npm(format!("no platform is called {name}; there are {}", known())))?;
    Ok((platform, PathBuf::from(path)))
}

/// Writes one folder for each package, ready for `npm publish`: `OUT/everlit` and `OUT/PLATFORM`.
pub(crate) fn write(order: &Order) -> Result<String, Error> {
    let mut written = Vec::new();
    for (platform, program) in &order.binaries {
        written.push(write_platform(platform, program, order)?);
    }
    // Last, as it is to be published last: it must never name a package that is not there yet.
    written.push(write_main(order)?);
    Ok(written.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join("\n"))
}

fn write_platform(platform: &Platform, program: &Path, order: &Order) -> Result<PathBuf, Error> {
    let content = fs::read(program).map_err(Error::io(program.display().to_string()))?;
    if kind_of(&content) != Some(platform.kind) {
        return Err(Error::Npm(format!("{} is no program for {}", program.display(), platform.name())));
    }
    let main = template()?;
    let manifest = json!({
        "name": platform.package(),
        "version": order.version,
        "description": format!("everlit for {}", platform.name()),
        "license": main["license"],
        "repository": main["repository"],
        "os": [platform.os],
        "cpu": [platform.cpu],
        // Yarn would keep the program in a zip file, from which nothing can be started.
        "preferUnplugged": true,
        "files": ["bin"],
    });
    let folder = order.out.join(platform.name());
    put(&folder.join("package.json"), pretty(&manifest).as_bytes())?;
    let target = folder.join("bin").join(platform.program());
    put(&target, &content)?;
    make_executable(&target)?;
    copy(&root().join("npm/platform/README.md"), &folder.join("README.md"))?;
    copy_licences(&folder)?;
    Ok(folder)
}

fn write_main(order: &Order) -> Result<PathBuf, Error> {
    let exactly = |(platform, _): &(&Platform, PathBuf)| (platform.package(), Value::from(order.version.as_str()));
    let platforms: Map<String, Value> = order.binaries.iter().map(exactly).collect();
    let mut manifest = template()?;
    manifest["version"] = Value::from(order.version.as_str());
    manifest["optionalDependencies"] = Value::Object(platforms);

    let folder = order.out.join("everlit");
    put(&folder.join("package.json"), pretty(&manifest).as_bytes())?;
    let start = folder.join("bin/everlit.js");
    copy(&root().join("npm/everlit/bin/everlit.js"), &start)?;
    make_executable(&start)?;
    copy(&root().join("npm/everlit/README.md"), &folder.join("README.md"))?;
    copy_licences(&folder)?;
    Ok(folder)
}

/// `package.json` of the main package, without its version and dependencies.
fn template() -> Result<Value, Error> {
    let path = "npm/everlit/package.json";
    let text = fs::read(root().join(path)).map_err(Error::io(path))?;
    serde_json::from_slice(&text).map_err(|error| Error::Npm(format!("{path}: {error}")))
}

fn pretty(manifest: &Value) -> String {
    format!("{manifest:#}\n")
}

fn copy_licences(folder: &Path) -> Result<(), Error> {
    ["LICENSE-MIT", "LICENSE-APACHE"].iter().try_for_each(|name| copy(&root().join(name), &folder.join(name)))
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    put(to, &fs::read(from).map_err(Error::io(from.display().to_string()))?)
}

fn put(path: &Path, content: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, content)).map_err(Error::io(path.display().to_string()))
}

/// npm packs the mode that a file has. On Windows there is none to set: publish from another system.
#[cfg_attr(not(unix), allow(clippy::unnecessary_wraps, reason = "it can fail on Unix"))]
fn make_executable(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .map_err(Error::io(path.display().to_string()))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
