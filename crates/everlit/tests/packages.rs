//! What a release offers for download: archives, the Debian package, the installer, the Homebrew formula.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "a test looks at real files with the means of std")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use support::program::static_program;
use support::{Call, Project, Run};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn the_debian_package_passes_lintian_and_runs() {
    let project = release();
    let package = project.path().join(format!("dist/everlit_{VERSION}_{}.deb", debian_architecture()));
    let lintian = Command::new("lintian").args(["--fail-on", "error,warning", "--allow-root"]).arg(&package).output();
    let lintian = Call::ended(&lintian.expect("lintian: run tools/setup-tests.sh"));
    assert_eq!(lintian.ended(0).stdout, "");

    let root = project.path().join("root");
    fs::create_dir_all(root.join("var/lib/dpkg/updates")).unwrap();
    for file in ["status", "available"] {
        fs::write(root.join("var/lib/dpkg").join(file), "").unwrap();
    }
    let mut dpkg = Command::new("dpkg");
    dpkg.arg("--root").arg(&root).args(["--force-not-root", "--force-bad-path", "--log=/dev/null", "--install"]);
    succeeds(dpkg.arg(&package));
    let version = succeeds(Command::new(root.join("usr/bin/everlit")).arg("--version"));
    assert_eq!(version, format!("everlit {VERSION}\n"));
    for file in [
        "usr/share/man/man1/everlit-refresh.1.gz",
        "usr/share/bash-completion/completions/everlit",
        "usr/share/zsh/vendor-completions/_everlit",
        "usr/share/fish/vendor_completions.d/everlit.fish",
    ] {
        assert!(root.join(file).is_file(), "{file}");
    }
}

#[test]
fn an_archive_holds_program_manual_completions_and_licences() {
    let project = release_of_a_script();
    let archive = project.path().join("dist").join(archive());
    let listed = succeeds(Command::new("tar").arg("-tzf").arg(archive));
    for file in ["everlit", "man/everlit-refresh.1", "completions/everlit.fish", "LICENSE-MIT", "LICENSE-APACHE"] {
        let path = format!("everlit-{}/{file}", target());
        assert!(listed.lines().any(|line| line == path), "{path} is not in\n{listed}");
    }
}

#[test]
fn packages_are_reproducible_byte_for_byte() {
    let project = release_of_a_script();
    let first = project.read("dist/SHA256SUMS");
    package(&project);
    assert_eq!(project.read("dist/SHA256SUMS"), first);
}

#[test]
fn a_release_without_all_platforms_fails() {
    let project = release_of_a_script();
    let script = root().join("packaging/package.sh");
    let message = ["bash", script.to_str().unwrap(), VERSION, "programs", "other"];
    let run = project.command_line(&message).run();
    assert_ne!(run.code, Some(0), "{run}");
    assert!(!project.has("other/SHA256SUMS"));
}

#[test]
fn the_installer_installs_and_says_what_to_add_to_path() {
    let project = release();
    let server = Server::of(&project);
    let run = install(&project, &server, &[]).run().ended(0);
    let to = project.home().join(".local/bin");
    let run = run.says(&format!("Installed everlit {VERSION}: {}/everlit", to.display()));
    run.says(&format!("export PATH=\"{}:$PATH\"", to.display()));
    assert_eq!(succeeds(Command::new(to.join("everlit")).arg("--version")), format!("everlit {VERSION}\n"));
    assert_eq!(names_in(&to), ["everlit"]);

    let path = format!("{}:{}", to.display(), std::env::var("PATH").unwrap());
    let again = install(&project, &server, &[]).env("PATH", path).run().ended(0).says("Next,");
    assert!(!again.stdout.contains("export PATH"), "{again}");
}

#[test]
fn the_installer_takes_a_folder_and_works_with_wget() {
    let project = release_of_a_script();
    let server = Server::of(&project);
    let path = tools(&project, &["curl"]);
    let run = install(&project, &server, &["--to", "here/bin"]).env("PATH", path).run();
    run.ended(0).says("here/bin/everlit");
    assert!(project.has("here/bin/everlit"));

    let path = tools(&project, &["curl", "wget"]);
    let run = install(&project, &server, &["--to", "there"]).env("PATH", path).run();
    run.ended(1).notes("neither curl nor wget is installed");
    assert!(!project.has("there"));
}

#[test]
fn a_bad_download_keeps_the_installed_program() {
    for (fault, says) in [
        (Fault::Damaged, "is damaged: its SHA-256 is"),
        (Fault::CutOff, "could not be downloaded"),
        (Fault::Missing, "could not be downloaded"),
        (Fault::NoSum, "SHA256SUMS does not name"),
    ] {
        for without in ["wget", "curl"] {
            let project = release_of_a_script().with_file("bin/everlit", "the one that was there");
            let server = Server::with(&project, fault);
            let path = tools(&project, &[without]);
            let run = install(&project, &server, &["--to", "bin"]).env("PATH", path).run().ended(1);
            run.notes("everlit is not installed").notes(says);
            assert_eq!(project.read("bin/everlit"), "the one that was there", "{fault:?}");
            assert_eq!(names_in(&project.path().join("bin")), ["everlit"], "{fault:?}");
            assert_eq!(names_in(&project.path().join("temporary")), [""; 0], "{fault:?}");
        }
    }
}

#[test]
fn a_download_that_does_not_run_replaces_nothing() {
    let project = release_of("#!/no/such/interpreter\n").with_file("bin/everlit", "the one that was there");
    let run = install(&project, &Server::of(&project), &["--to", "bin"]).run().ended(1);
    run.notes("the program does not run on this machine");
    assert_eq!(names_in(&project.path().join("bin")), ["everlit"]);
    assert_eq!(project.read("bin/everlit"), "the one that was there");
}

#[test]
fn the_installer_refuses_other_platforms_before_downloading() {
    let project = release_of_a_script();
    let server = Server::of(&project);
    for (system, machine, says) in [
        ("Linux", "riscv64", "there is no everlit for Linux on riscv64"),
        ("SunOS", "x86_64", "there is no everlit for SunOS"),
        ("MINGW64_NT-10.0", "x86_64", "on Windows take install.ps1"),
        ("Linux", "aarch64", "everlit-aarch64-unknown-linux-musl.tar.gz"),
        ("Linux", "amd64", "everlit-x86_64-unknown-linux-musl.tar.gz"),
        ("Darwin", "arm64", "everlit-aarch64-apple-darwin.tar.gz"),
        ("Darwin", "x86_64", "everlit-x86_64-apple-darwin.tar.gz"),
    ] {
        let path = tools(&project, &["uname"]);
        let uname = project.path().join("tools/uname");
        fs::write(&uname, format!("#!/bin/sh\ncase $1 in -s) echo {system} ;; *) echo {machine} ;; esac\n")).unwrap();
        fs::set_permissions(&uname, PermissionsExt::from_mode(0o755)).unwrap();
        let run = install(&project, &server, &["--to", "there"]).env("PATH", path).run();
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains(says), "{system} {machine}\n{run}");
        assert_eq!(said.contains("Downloading"), says.starts_with("everlit-"), "{run}");
    }
}

#[test]
fn the_installer_fails_where_everlit_is_a_folder() {
    let project = release_of_a_script().with_file("bin/everlit/notes", "of somebody");
    let run = install(&project, &Server::of(&project), &["--to", "bin"]).run().ended(1);
    run.notes("bin/everlit is a folder; move it away");
    assert_eq!(names_in(&project.path().join("bin/everlit")), ["notes"]);
}

/// Programs that write down how they were called, in place of GitHub's, npm's and others.
fn recorded(project: &Project, script: &str, arguments: &[&str]) -> String {
    with_stubs(project, script, arguments).ended(0);
    project.read("calls")
}

fn with_stubs(project: &Project, script: &str, arguments: &[&str]) -> Run {
    let calls = project.path().join("calls");
    let calls = calls.display();
    for (name, answer) in [
        ("gh", ""),
        ("npm", "case $2 in @everlit/linux-x64@*) echo ${2##*@} ;; everlit@9.*) exit 1 ;; esac"),
        ("npx", "case $4 in --version) echo everlit 1.2.3 ;; esac"),
        (
            "cargo",
            r#"echo '{"packages": [{"name": "other", "version": "7"}, {"name": "everlit", "version": "1.2.3"}]}'"#,
        ),
        ("docker", "case $3 in inspect) echo '\"sha256:abc\"' ;; --username) cat >/dev/null ;; esac"),
    ] {
        let stub = format!("#!/bin/sh\nprintf '%s|' {name} \"$@\" >>{calls}\necho >>{calls}\n{answer}\n");
        project.write(&format!("stubs/{name}"), stub);
        project.set_mode(&format!("stubs/{name}"), 0o755);
    }
    let path = format!("{}:{}", project.path().join("stubs").display(), std::env::var("PATH").unwrap());
    let script = root().join("packaging").join(script);
    let call = project.command_line(&[&["bash", script.to_str().unwrap()], arguments].concat()).env("PATH", path);
    let call = call.env("GITHUB_ACTOR", "somebody").env("GH_TOKEN", "canaryFAKE").env("PAUSE", "0");
    call.env("CHANGELOG", project.path().join("CHANGELOG.md")).run()
}

#[test]
fn a_release_needs_a_tag_and_notes_for_its_version() {
    let project = Project::empty().with_file("CHANGELOG.md", "## [1.2.3]\n\n- this\n");
    let run = with_stubs(&project, "version.sh", &["v1.2.3"]).ended(0).notes("- this");
    assert_eq!(run.stdout, "1.2.3\n");
    with_stubs(&project, "version.sh", &["v1.2.4"]).ended(1).notes("the tag is v1.2.4, but Cargo.toml says 1.2.3");
    project.write("CHANGELOG.md", "## [1.0.0]\n\n- that\n");
    with_stubs(&project, "version.sh", &["v1.2.3"]).ended(1).notes("says nothing about 1.2.3");
}

#[test]
fn the_image_of_a_prerelease_is_never_the_latest() {
    for (version, tags) in [("1.2.3", "--tag|x/y:1.2.3|--tag|x/y:latest"), ("1.2.3-rc.1", "--tag|x/y:1.2.3-rc.1")] {
        let project = Project::empty();
        let run = with_stubs(&project, "image-index.sh", &["x/y", version]).ended(0);
        assert_eq!(run.stdout, "sha256:abc\n");
        let calls = project.read("calls");
        let create = format!("docker|buildx|imagetools|create|{tags}|x/y:{version}-amd64|x/y:{version}-arm64|");
        assert!(calls.lines().any(|call| call == create), "{calls}");
        assert!(calls.starts_with("docker|login|x|--username|somebody|--password-stdin|"), "{calls}");
        assert!(!calls.contains("canaryFAKE"), "{calls}");
    }
}

#[test]
fn what_is_published_to_npm_must_install_and_run() {
    let project = Project::empty();
    let calls = recorded(&project, "try-npm.sh", &["1.2.3"]);
    assert!(
        calls.ends_with(
            "npm|install|everlit@1.2.3|\nnpx|--no|--|everlit|--version|\nnpx|--no|--|everlit|demo|--fast|\n"
        )
    );
    let missing = Project::empty();
    with_stubs(&missing, "try-npm.sh", &["9.0.0"]).ended(1);
    assert_eq!(missing.read("calls").matches("npm|install|everlit@9.0.0|").count(), 10);
}

#[test]
fn a_prerelease_is_marked_as_one_on_github() {
    for (version, flags) in [("1.2.3", "--draft|--verify-tag"), ("1.2.3-rc.1", "--draft|--verify-tag|--prerelease")] {
        let project = Project::empty().with_file("CHANGELOG.md", &format!("## [{version}]\n\n- this\n"));
        let project = project.with_file("release/SHA256SUMS", "");
        let calls = recorded(&project, "draft.sh", &[version, "release"]);
        let expected =
            format!("gh|release|create|v{version}|{flags}|--title|{version}|--notes|- this|release/SHA256SUMS|");
        assert_eq!(calls.trim(), expected);
    }
}

#[test]
fn npm_gets_what_it_lacks_and_a_prerelease_as_next() {
    for (version, tag) in [("1.2.3", "latest"), ("1.2.3-rc.1", "next")] {
        let project = Project::empty();
        for name in ["linux-x64", "darwin-x64", "win32-x64", ""] {
            let (package, file) = match name {
                "" => ("everlit".to_owned(), format!("everlit-{version}.tgz")),
                name => (format!("@everlit/{name}"), format!("everlit-{name}-{version}.tgz")),
            };
            project.write("package/package.json", format!("{{\"name\": \"{package}\"}}"));
            fs::create_dir_all(project.path().join("packed")).unwrap();
            project.command_line(&["tar", "-czf", &format!("packed/{file}"), "package"]).run().ended(0);
        }
        let calls = recorded(&project, "publish-npm.sh", &[version, "packed"]);
        let published: Vec<&str> = calls.lines().filter(|call| call.starts_with("npm|publish|")).collect();
        let flags = format!("--tag|{tag}|--provenance|--access|public|");
        let expected = [format!("darwin-x64-{version}"), format!("win32-x64-{version}"), version.to_owned()]
            .map(|name| format!("npm|publish|./packed/everlit-{name}.tgz|{flags}"));
        assert_eq!(published, expected, "what npm has already is left out, and everlit comes last");
    }
}

#[test]
fn a_truncated_installer_does_nothing() {
    let project = release_of_a_script();
    let server = Server::of(&project);
    let whole = fs::read_to_string(root().join("packaging/install.sh")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for length in (0..lines.len()).step_by(7) {
        project.write("cut.sh", lines[..length].join("\n"));
        let _ = project.command_line(&["sh", "cut.sh"]).env("EVERLIT_DOWNLOAD_URL", &server.url).run();
        assert_eq!(names_in(&project.home()), [""; 0], "after {length} lines");
    }
}

#[test]
fn the_homebrew_formula_is_valid_and_names_the_release() {
    let project = Project::empty();
    let archives =
        ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin"];
    let sum = |index: usize| format!("{index}").repeat(64);
    let sums = archives.iter().enumerate().map(|(index, target)| format!("{}  everlit-{target}.tar.gz\n", sum(index)));
    project.write("SHA256SUMS", sums.collect::<String>());
    let mut xtask = Command::new(env!("CARGO"));
    xtask.args(["run", "--locked", "--quiet", "-p", "xtask", "--", "formula", "1.2.3"]);
    let formula = project.path().join("everlit.rb");
    succeeds(xtask.arg(project.path().join("SHA256SUMS")).arg(&formula).current_dir(root()));

    assert_eq!(succeeds(Command::new("ruby").arg("-c").arg(&formula)), "Syntax OK\n");
    let text = project.read("everlit.rb");
    assert!(!text.contains('@'), "{text}");
    for (index, target) in archives.iter().enumerate() {
        let url = format!("releases/download/v1.2.3/everlit-{target}.tar.gz\"\n      sha256 \"{}\"", sum(index));
        assert!(text.contains(&url), "no {url} in\n{text}");
    }
}

#[test]
fn release_notes_are_the_changelogs_section() {
    let changelog = "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.10.0] - 2026-01-02\n\n### Added\n\n- this\n\n## [1.1.0]\n\n- before\n";
    let project = Project::empty().with_file("CHANGELOG.md", changelog);
    let script = root().join("packaging/notes.sh");
    let notes = |version: &str| {
        let call = project.command_line(&["bash", script.to_str().unwrap(), version]);
        call.env("CHANGELOG", project.path().join("CHANGELOG.md")).run()
    };
    assert_eq!(notes("1.10.0").ended(0).stdout.trim(), "### Added\n\n- this");
    assert_eq!(notes("1.1.0").ended(0).stdout.trim(), "- before");
    notes("2.0.0").ended(1).notes("CHANGELOG.md says nothing about 2.0.0");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn target() -> String {
    format!("{}-unknown-linux-musl", std::env::consts::ARCH)
}

fn archive() -> String {
    format!("everlit-{}.tar.gz", target())
}

fn debian_architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
}

/// A folder with `dist`, as a release of this platform alone would offer it.
fn release() -> Project {
    let project = Project::empty();
    let program = project.path().join("programs").join(target()).join("everlit");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::copy(static_program(), program).unwrap();
    package(&project);
    project
}

/// The same around a script in place of the program, which is made much faster.
fn release_of_a_script() -> Project {
    release_of(&format!("#!/bin/sh\necho everlit {VERSION}\n"))
}

fn release_of(script: &str) -> Project {
    let project = Project::empty().with_file(&format!("programs/{}/everlit", target()), script);
    package(&project);
    project
}

fn package(project: &Project) {
    let script = root().join("packaging/package.sh");
    let message = ["bash", script.to_str().unwrap(), VERSION, "programs", "dist", &target()];
    project.command_line(&message).env("SOURCE_DATE_EPOCH", "1750000000").run().ended(0);
}

fn install(project: &Project, server: &Server, arguments: &[&str]) -> Call {
    let script = root().join("packaging/install.sh");
    fs::create_dir_all(project.path().join("temporary")).unwrap();
    let call = project.command_line(&[&["dash", script.to_str().unwrap()], arguments].concat());
    call.env("EVERLIT_DOWNLOAD_URL", &server.url).env("TMPDIR", project.path().join("temporary"))
}

/// A `PATH` that holds what the installer uses, but for `without`.
fn tools(project: &Project, without: &[&str]) -> String {
    let folder = project.path().join("tools");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    for tool in "awk cat chmod cp curl dash gzip mkdir mktemp mv rm sh sha256sum sysctl tar uname wget".split(' ') {
        let mut found = std::env::split_paths(&path).map(|folder| folder.join(tool));
        if let Some(found) = found.find(|found| found.is_file() && !without.contains(&tool)) {
            std::os::unix::fs::symlink(found, folder.join(tool)).unwrap();
        }
    }
    folder.to_str().unwrap().to_owned()
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn succeeds(command: &mut Command) -> String {
    let output: Output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: run tools/setup-tests.sh"));
    let run: Run = Call::ended(&output);
    run.ended(0).stdout
}

/// What goes wrong with a download.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// One byte of the archive is another one.
    Damaged,
    /// The connection ends in the middle of the archive.
    CutOff,
    /// There is no such archive.
    Missing,
    /// `SHA256SUMS` knows nothing of it.
    NoSum,
}

/// Serves the files of `dist` for as long as the test runs.
struct Server {
    url: String,
}

impl Server {
    fn of(project: &Project) -> Self {
        Self::with(project, Fault::None)
    }

    fn with(project: &Project, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let dist = project.path().join("dist");
        thread::spawn(move || {
            for stream in listener.incoming() {
                // Who asks may have hung up: that is its own affair.
                let _ = stream.and_then(|stream| answer(stream, &dist, fault));
            }
        });
        Self { url }
    }
}

fn answer(mut stream: TcpStream, dist: &Path, fault: Fault) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    while !request.ends_with("\r\n\r\n") && reader.read_line(&mut request)? > 0 {}
    let name = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let is_archive = name.ends_with(".tar.gz");
    let Some(mut content) = fs::read(dist.join(name)).ok().filter(|_| !(is_archive && fault == Fault::Missing)) else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    };
    let length = content.len();
    match fault {
        Fault::Damaged if is_archive => content[length / 2] ^= 1,
        Fault::CutOff if is_archive => content.truncate(length / 2),
        Fault::NoSum if name == "SHA256SUMS" => content.fill(b'\n'),
        _ => {}
    }
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(&content)
}
