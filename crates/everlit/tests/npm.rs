//! The npm packages, made and installed as a user installs them: into a real Next.js site, and without the network.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "a test looks at real files with the means of std")]

mod support;

use everlit_meta_api::DAY;
use std::fs;
use std::io::{BufReader, Read};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::nextjs::{address_after, nextjs_site, shown, succeeds};
use support::{Meta, Project, USERNAME};

#[test]
fn a_nextjs_site_outlives_its_old_token_with_npm() {
    let meta = Meta::friendly();
    let old = meta.token_of_age(40);
    let site = nextjs_site(&old);
    let tarballs = tarballs(&site);
    let install = ["npm", "install", "--save-dev", "--offline", "--no-audit", "--no-fund"];
    site.command_line(&[&install[..], &tarballs.each_ref().map(String::as_str)].concat()).run().ended(0);
    let version = site.command_line(&["npx", "--no", "--", "everlit", "--version"]).run().ended(0).stdout;
    assert_eq!(version, format!("everlit {VERSION}\n"));
    site.command_line(&["npx", "--no", "--", "everlit", "init"]).run().ended(0);
    assert_eq!(site.read_json("package.json")["scripts"]["refresh-instagram-token"], "everlit refresh");

    let refresh = site.command_line(&["npm", "run", "refresh-instagram-token"]).asking(&meta).run();
    refresh.ended(0).says("everlit refresh").never_shows(&old);
    assert_eq!(meta.refreshes(), 1);
    assert_ne!(meta.newest(), old);

    let fresh = site.read(".env.local");
    assert!(fresh.contains(&format!("IG_ACCESS_TOKEN={}", meta.newest())));
    meta.sandbox.with(|meta| meta.advance(25 * DAY));
    assert_eq!(shown(&site, &meta), format!("Follow @{USERNAME}"));
    site.write(".env.local", fresh.replace(&meta.newest(), &old));
    let without = shown(&site, &meta);
    assert!(without.starts_with("Instagram is gone"), "the old token was to be dead by now: {without}");
}

#[test]
fn npm_passes_arguments_output_and_exit_code_through() {
    let project = Project::empty();
    let start = installed(&project);
    for arguments in
        [&["--version"][..], &["refresh"], &["refresh", "--no-such-flag"], &["explain", "190"], &["-C", "a b"]]
    {
        let direct = project.everlit(arguments).run();
        let through = project.command_line(&[&["node", &start], arguments].concat()).run();
        assert_eq!(through.code, direct.code, "{arguments:?}\n{through}");
        assert_eq!((through.stdout, through.stderr), (direct.stdout, direct.stderr), "{arguments:?}");
    }
}

#[test]
fn npm_passes_signals_through_both_ways() {
    let project = Project::empty();
    let start = installed(&project);
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let mut sandbox = node(&project, &[&start, "sandbox", "--port", "0"]);
        let mut out = BufReader::new(sandbox.stdout.take().unwrap());
        let address = address_after("Sandbox on ", &mut out);
        assert!(Command::new("kill").args(["-s", name, &sandbox.id().to_string()]).status().unwrap().success());
        assert_eq!(sandbox.wait().unwrap().signal(), Some(number), "SIG{name}");
        // The program holds the other end of the pipe: it is gone once the pipe ends.
        out.read_to_end(&mut Vec::new()).unwrap();
        assert!(TcpStream::connect(address).is_err(), "after SIG{name} the program was left behind");
    }
}

#[test]
fn npm_as_pid_1_ends_with_137_if_the_program_is_killed() {
    let project = Project::empty();
    let start = installed(&project);
    let program = project.path().join("node_modules/@everlit").join(platform()).join("bin/everlit");
    fs::write(&program, "#!/bin/sh\nkill -KILL $$\n").unwrap();
    project.command_line(&[&support::as_pid_1()[..], &["node", &start]].concat()).run().ended(137);
}

#[test]
fn a_missing_platform_package_is_named_with_a_fix() {
    let project = Project::empty();
    let start = installed(&project);
    fs::remove_dir_all(project.path().join("node_modules/@everlit")).unwrap();
    let run = project.command_line(&["node", &start, "refresh"]).run().ended(2);
    run.notes(&format!("the package @everlit/{} is missing", platform()))
        .notes("--omit=optional")
        .notes("npm install everlit");
}

#[test]
fn an_unsupported_platform_gets_the_list_of_supported_ones() {
    let project = Project::empty();
    let start = installed(&project);
    let pretend = format!(
        "Object.defineProperty(process, 'platform', {{ value: 'aix' }}); Object.defineProperty(process, 'arch', {{ value: 'ppc64' }}); require({start:?})"
    );
    let run = project.command_line(&["node", "-e", &pretend]).run().ended(2);
    run.notes(&format!("there is no everlit for aix-ppc64, only for {}", platform())).notes("docs/install.md");
}

#[test]
fn a_program_that_cannot_start_is_named() {
    let project = Project::empty();
    let start = installed(&project);
    let program = project.path().join("node_modules/@everlit").join(platform()).join("bin/everlit");
    fs::write(&program, "no program").unwrap();
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    project
        .command_line(&["node", &start])
        .run()
        .ended(2)
        .notes("cannot be started")
        .notes("npm install --force everlit");
}

#[test]
fn packages_run_no_install_script_and_include_licences() {
    let project = Project::empty();
    let folder = packages(&project);
    for name in ["everlit", platform()] {
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.join(name).join("package.json")).unwrap()).unwrap();
        assert_eq!(manifest.get("scripts"), None, "{name}");
        assert_eq!(manifest["license"], "MIT OR Apache-2.0");
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(folder.join(name).join(file).is_file(), "{name}/{file}");
        }
    }
    let main: Value = serde_json::from_slice(&fs::read(folder.join("everlit/package.json")).unwrap()).unwrap();
    assert_eq!(main["optionalDependencies"], serde_json::json!({ format!("@everlit/{}", platform()): VERSION }));
}

#[test]
fn a_binary_of_another_platform_is_not_packaged() {
    let project = Project::empty();
    let out = project.path();
    let wrong = format!("win32-x64={}", env!("CARGO_BIN_EXE_everlit"));
    let made =
        xtask(&["npm", "--version", VERSION, "--binary", &wrong, "--out", out.to_str().unwrap()]).output().unwrap();
    assert!(!made.status.success());
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(said.contains("is not an executable for win32-x64"), "{said}");
    assert!(!project.has("everlit"));
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// This machine as Node.js calls it.
fn platform() -> &'static str {
    if cfg!(target_arch = "aarch64") { "linux-arm64" } else { "linux-x64" }
}

/// Makes the two packages that this machine needs, `everlit` and [`platform`], and names the folder that holds them.
fn packages(project: &Project) -> PathBuf {
    let out = project.home().join("packages");
    let program = project.home().join("program");
    // Without what a debugger needs it is a fifth as large, as it is in a release.
    succeeds(Command::new("strip").arg("-o").arg(&program).arg(env!("CARGO_BIN_EXE_everlit")));
    let binary = format!("{}={}", platform(), program.display());
    succeeds(&mut xtask(&["npm", "--version", VERSION, "--binary", &binary, "--out", out.to_str().unwrap()]));
    out
}

/// The same as the two tarballs that would be published.
fn tarballs(project: &Project) -> [String; 2] {
    let folder = packages(project);
    ["everlit", platform()].map(|name| {
        let mut pack = Command::new("npm");
        pack.args(["pack", "--silent", "--pack-destination"]).arg(&folder).arg(folder.join(name));
        folder.join(succeeds(&mut pack).trim()).to_str().unwrap().to_owned()
    })
}

/// The two packages where npm puts them; the path of the script that starts the program.
fn installed(project: &Project) -> String {
    let packages = packages(project);
    let modules = project.path().join("node_modules");
    fs::create_dir_all(modules.join("@everlit")).unwrap();
    fs::rename(packages.join("everlit"), modules.join("everlit")).unwrap();
    fs::rename(packages.join(platform()), modules.join("@everlit").join(platform())).unwrap();
    modules.join("everlit/bin/everlit.js").to_str().unwrap().to_owned()
}

fn node(project: &Project, message: &[&str]) -> Child {
    let mut command = project.command_line(&[&["node"], message].concat()).into_command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--locked", "--quiet", "-p", "xtask", "--"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}
