//! The npm packages: `everlit`, which starts the executable, and one package for each platform, which holds it.
//!
//! npm installs only the platform package whose `os` and `cpu` match, so no install script has to download anything.
//! There is no package for musl: the Linux executable is static and runs there too.
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

    fn executable(&self) -> &'static str {
        if self.os == "win32" { "everlit.exe" } else { "everlit" }
    }
}

/// The command line's options.
pub(crate) struct Options {
    version: String,
    /// The executable of each platform to make a package for.
    binaries: Vec<(&'static Platform, PathBuf)>,
    out: PathBuf,
}

impl Options {
    /// Parses `--version X.Y.Z --binary PLATFORM=PATH... --out DIR`, in any order.
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

fn binary(argument: &str) -> Result<(&'static Platform, PathBuf), Error> {
    let (name, path) = argument.split_once('=').ok_or(Error::Usage)?;
    let platform = PLATFORMS.iter().find(|platform| platform.name() == name);
    let known = || PLATFORMS.iter().map(Platform::name).collect::<Vec<_>>().join(", ");
    let platform =
        platform.ok_or_else(|| Error::Npm(format!("{name} is not a platform; choose one of {}", known())))?;
    Ok((platform, PathBuf::from(path)))
}

/// Writes a folder for each package, ready for `npm publish`: `OUT/everlit` and `OUT/PLATFORM`.
pub(crate) fn write(options: &Options) -> Result<String, Error> {
    let mut written = Vec::new();
    for (platform, executable) in &options.binaries {
        written.push(write_platform(platform, executable, options)?);
    }
    // Listed last because it is published last: it must not name a package that does not exist yet.
    written.push(write_main(options)?);
    Ok(written.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join("\n"))
}

fn write_platform(platform: &Platform, executable: &Path, options: &Options) -> Result<PathBuf, Error> {
    let content = fs::read(executable).map_err(Error::io(executable.display().to_string()))?;
    if kind_of(&content) != Some(platform.kind) {
        return Err(Error::Npm(format!("{} is not an executable for {}", executable.display(), platform.name())));
    }
    let main = template()?;
    let manifest = json!({
        "name": platform.package(),
        "version": options.version,
        "description": format!("everlit for {}", platform.name()),
        "license": main["license"],
        "repository": main["repository"],
        "os": [platform.os],
        "cpu": [platform.cpu],
        // Yarn would keep the executable in a zip file, from which it cannot be started.
        "preferUnplugged": true,
        "files": ["bin"],
    });
    let folder = options.out.join(platform.name());
    put(&folder.join("package.json"), pretty(&manifest).as_bytes())?;
    let target = folder.join("bin").join(platform.executable());
    put(&target, &content)?;
    make_executable(&target)?;
    copy(&root().join("npm/platform/README.md"), &folder.join("README.md"))?;
    copy_licences(&folder)?;
    Ok(folder)
}

fn write_main(options: &Options) -> Result<PathBuf, Error> {
    let exactly = |(platform, _): &(&Platform, PathBuf)| (platform.package(), Value::from(options.version.as_str()));
    let platforms: Map<String, Value> = options.binaries.iter().map(exactly).collect();
    let mut manifest = template()?;
    manifest["version"] = Value::from(options.version.as_str());
    manifest["optionalDependencies"] = Value::Object(platforms);

    let folder = options.out.join("everlit");
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

/// Sets the file's mode, which npm packs with it. Windows has no modes: publish from another system.
#[cfg_attr(not(unix), allow(clippy::unnecessary_wraps, reason = "it can fail on Unix"))]
fn make_executable(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .map_err(Error::io(path.display().to_string()))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
