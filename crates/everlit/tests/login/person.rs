//! A login under way, and the person at the other end of it.

use std::collections::BTreeMap;
#[cfg(unix)]
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::process::{Child, Output, Stdio};

use everlit_sandbox::Endpoint;
use everlit_testkit::started;
#[cfg(unix)]
use rustix::fs::{Mode, OFlags};
#[cfg(unix)]
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{Call, Meta, Project, Run, USERNAME};

/// The secrets of the sandbox's apps end in 1, 2 and 3.
pub(crate) const SECRETS: &str = "fa4e5a4db0c5000000000000000000";

/// A project without a token.
pub(crate) fn project() -> Project {
    Project::empty().with_file(".env.local", "SITE_NAME=\"A bakery\"\n")
}

/// Every file of the project but the locks, which are empty and stay.
pub(crate) fn content(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project.lasting_files()
}

/// `everlit connect` with the sandbox's apps.
pub(crate) fn connect(project: &Project, meta: &Meta, arguments: &[&str]) -> Call {
    let call = project.everlit(&[&["connect"], arguments].concat()).asking(meta);
    ["INSTAGRAM", "META", "THREADS"].into_iter().zip(1..).fold(call, |call, (name, number)| {
        let call = call.env(&format!("{name}_APP_ID"), format!("100000000000000{number}"));
        call.env(&format!("{name}_APP_SECRET"), format!("{SECRETS}0{number}"))
    })
}

/// How many calls there were for the endpoints of a login: code, long-lived token (Instagram and Threads; Facebook), `/me`.
pub(crate) fn calls(meta: &Meta) -> [u64; 4] {
    [Endpoint::CodeExchange, Endpoint::LongLivedExchange, Endpoint::FacebookExchange, Endpoint::Me]
        .map(|endpoint| meta.sandbox.with(|meta| meta.calls_to(endpoint)))
}

/// `everlit connect`, started and listened to.
pub(crate) struct Login {
    pub(crate) child: Child,
    stderr: BufReader<Box<dyn Read>>,
    heard: String,
    /// What a person types at, or a program writes to.
    input: Option<Box<dyn Write>>,
}

impl Login {
    #[cfg(unix)]
    /// A person sits at the terminal, and what is said goes elsewhere.
    pub(crate) fn at_a_terminal(call: Call) -> Self {
        let (ours, theirs) = terminal();
        Self::start(call, Stdio::from(theirs), Stdio::piped(), |_| Box::new(File::from(ours)))
    }

    #[cfg(unix)]
    /// A person sits at the terminal, and what is said appears there, with the echo of what is typed.
    pub(crate) fn face_to_face(call: Call) -> Self {
        let (ours, theirs) = terminal();
        let said = theirs.try_clone().unwrap();
        let heard = File::from(ours.try_clone().unwrap());
        let login = Self::start(call.env("NO_COLOR", "1"), theirs.into(), said.into(), |_| Box::new(File::from(ours)));
        Self { stderr: BufReader::new(Box::new(heard)), ..login }
    }

    /// A program writes to stdin.
    pub(crate) fn by_a_program(call: Call) -> Self {
        Self::start(call, Stdio::piped(), Stdio::piped(), |child| Box::new(child.stdin.take().unwrap()))
    }

    fn start(call: Call, stdin: Stdio, stderr: Stdio, input: impl FnOnce(&mut Child) -> Box<dyn Write>) -> Self {
        let mut command = call.into_command();
        command.stdin(stdin).stdout(Stdio::piped()).stderr(stderr);
        let mut child = started(|| command.spawn()).unwrap();
        // The terminal's other side is ours alone from here on: its end is the program's.
        drop(command);
        let stderr: Box<dyn Read> = match child.stderr.take() {
            Some(pipe) => Box::new(pipe),
            None => Box::new(std::io::empty()),
        };
        let input = Some(input(&mut child));
        Self { child, stderr: BufReader::new(stderr), heard: String::new(), input }
    }

    /// The next line, with its end; empty at the end, which a terminal reports as an error.
    fn line(&mut self) -> String {
        let mut line = String::new();
        let _ = self.stderr.read_line(&mut line);
        self.heard.push_str(&line);
        line
    }

    /// Listens until a line holds this, and gives that line.
    #[track_caller]
    pub(crate) fn hears(&mut self, text: &str) -> String {
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "never said {text:?}:\n{}", self.heard);
            if line.contains(text) {
                return line.trim().to_owned();
            }
        }
    }

    /// The address where the login begins.
    pub(crate) fn address(&mut self) -> String {
        self.hears("/authorize?client_id=").trim_matches(|c: char| !c.is_ascii_graphic()).to_owned()
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Run {
        while !self.line().is_empty() {}
        // The input stays open until now: nothing may wait for its end.
        let output = self.child.wait_with_output().unwrap();
        drop(self.input);
        Call::ended(&Output { stderr: self.heard.into_bytes(), ..output })
    }
}

#[cfg(unix)]
/// Both sides of a terminal.
fn terminal() -> (OwnedFd, OwnedFd) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    (ours, theirs)
}

/// What the browser shows, or where it goes: status, `Location`, body.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

/// Presses "Allow" and gives the address that the browser ends at.
pub(crate) fn allows(address: &str) -> String {
    let form = format!("decision=approve&username={USERNAME}");
    request("POST", address, &form).location.unwrap_or_else(|| panic!("no redirect from {address}"))
}

/// Presses "Cancel".
pub(crate) fn cancels(address: &str) -> String {
    request("POST", address, "decision=deny").location.unwrap()
}

/// Goes to an address of plain http.
pub(crate) fn request(method: &str, address: &str, form: &str) -> Shown {
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(str::to_owned);
    Shown { status: head.split(' ').nth(1).unwrap().parse().unwrap(), location, body: body.to_owned() }
}

/// A parameter of an address, as it stands there.
pub(crate) fn param(address: &str, name: &str) -> String {
    let query = address.split('#').next().unwrap().split_once('?').unwrap().1;
    let value = query.split('&').find_map(|field| field.strip_prefix(&format!("{name}="))).unwrap();
    value.to_owned()
}
