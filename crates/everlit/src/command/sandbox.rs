//! `everlit sandbox`: a Meta on this machine, until Ctrl-C.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use everlit_sandbox as meta;

use crate::cli::Sandbox;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Screen, dim};
use everlit_host::seed;

/// Serves until the process is ended.
pub(crate) fn run(flags: &Sandbox, quiet: bool, screen: &mut Screen) -> Result<Exit, Problem> {
    let seed = flags.seed.unwrap_or_else(short_seed);
    let config = if flags.friendly { meta::Config::friendly() } else { meta::Config::default() };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, flags.port));
    let sandbox =
        meta::Sandbox::spawn_thread(config, seed, Some(address)).map_err(|error| cannot_listen(address, &error))?;
    let url = sandbox.url();
    // Programs wait for this line and take the address from it.
    screen.say(format!("Sandbox on {url}"));
    if !quiet {
        introduce(&url, flags.friendly, seed, screen);
    }
    sandbox.wait();
    Ok(Exit::Success)
}

/// Short enough to be read out and typed.
fn short_seed() -> u64 {
    fastrand::Rng::with_seed(seed()).u64(1..1_000_000)
}

fn introduce(url: &str, friendly: bool, seed: u64, screen: &mut Screen) {
    let (manner, flag) = if friendly {
        ("It is calm: nothing goes wrong unless you order it.", " --friendly")
    } else {
        ("It is unfriendly: some calls fail, some replies are lost, as with the real one.", "")
    };
    screen.say(format!(
        "A Meta on this machine: the same endpoints, a clock you can set, fake tokens.\n\
         {manner}\n\
         The same tokens and faults again: everlit sandbox{flag} --seed {seed}\n"
    ));
    let post = |path: &str, json: &str| {
        format!("curl -s -H 'Content-Type: application/json' -d '{json}' {url}/_sandbox/{path}")
    };
    let use_it = if cfg!(windows) {
        format!("$env:EVERLIT_META_URL = '{url}'; everlit refresh")
    } else {
        format!("EVERLIT_META_URL={url} everlit refresh")
    };
    for (what, how) in [
        ("See and change everything on its page", format!("{url}/")),
        (
            "Issue a token that is 40 days old, to be put into .env.local",
            post("tokens", r#"{"kind":"instagram","age_days":40}"#),
        ),
        ("Let everlit ask it instead of the real Meta", use_it),
        ("Let 30 days pass", post("clock", r#"{"advance_days":30}"#)),
    ] {
        screen.say(format!("{}\n  {how}", dim(what)));
    }
    screen.say(format!("{}\n  Ctrl-C", dim("End it; nothing is kept")));
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Problem {
    let port = address.port();
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} is in use; perhaps another sandbox runs already: http://{address}/")
        }
        io::ErrorKind::PermissionDenied => format!("port {port} may not be used by this user; ports from 1024 on may"),
        _ => format!("cannot listen on {address}: {error}"),
    };
    Problem::config(message).with_next("everlit sandbox --port 0 takes a free one")
}
