//! A real Next.js site with the token in its environment, installed and built by `tests/nextjs/setup.sh`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{Meta, Project};

/// The site of `tests/nextjs`, installed and built by its `setup.sh`, with that token.
pub fn nextjs_site(token: &str) -> Project {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("nextjs");
    assert!(
        built.with_extension("installed").is_file(),
        "no built site in {}: run tools/setup-tests.sh",
        built.display()
    );
    let project = Project::holding(token);
    succeeds(Command::new("cp").arg("-R").arg(built.join(".")).arg(project.path()));
    project
}

/// The one heading of the site's page, as a visitor of the started site gets it.
pub fn shown(site: &Project, meta: &Meta) -> String {
    let graph = format!("{}/graph.instagram.com", meta.sandbox.url());
    let next = site.path().join("node_modules/next/dist/bin/next");
    let call = site.command_line(&["node", next.to_str().unwrap(), "start", "--hostname", "127.0.0.1", "--port", "0"]);
    let mut command = call.env("GRAPH_URL", graph).env("NEXT_TELEMETRY_DISABLED", "1").into_command();
    let mut server = Ended(command.stdout(Stdio::piped()).spawn().unwrap());
    let address = address_after("http://", &mut BufReader::new(server.0.stdout.as_mut().unwrap()));

    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    let heading = page.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>"));
    heading.unwrap_or_else(|| panic!("no heading:\n{page}")).0.to_owned()
}

/// Reads until a line says where a server listens, which it does once it does.
pub fn address_after(mark: &str, out: &mut impl BufRead) -> SocketAddr {
    let mut said = String::new();
    loop {
        let start = said.len();
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended without saying where it listens:\n{said}");
        if let Some((_, rest)) = said[start..].split_once(mark) {
            let address = rest.trim_start_matches("http://").trim();
            return address.parse().unwrap_or_else(|_| panic!("{said}"));
        }
    }
}

/// Killed at the end of the test, also of one that fails.
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What it printed.
pub fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: run tools/setup-tests.sh"));
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
