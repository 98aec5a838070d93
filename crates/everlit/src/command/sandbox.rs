//! `everlit sandbox`: serves a local stand-in for Meta until Ctrl-C.

use everlit_keeper::Step;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use everlit_sandbox as meta;

use crate::cli::Sandbox;
use crate::output::{Exit, Problem, Screen, dim};
use everlit_host::{seed, shell};

/// Serves until the process is killed.
pub(crate) fn run(flags: &Sandbox, quiet: bool, screen: &mut Screen) -> Result<Exit, Problem> {
    let seed = flags.seed.unwrap_or_else(short_seed);
    let config = if flags.friendly { meta::Config::friendly() } else { meta::Config::default() };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, flags.port));
    let sandbox = meta::Sandbox::start(config, seed, Some(address)).map_err(|error| cannot_listen(address, &error))?;
    let url = sandbox.url();
    // Programs wait for this line to learn the address.
    screen.say(format!("Sandbox on {url}"));
    if !quiet {
        introduce(&url, flags.friendly, seed, screen);
    }
    sandbox.wait();
    Ok(Exit::Success)
}

/// A seed short enough to type.
fn short_seed() -> u64 {
    fastrand::Rng::with_seed(seed()).u64(1..1_000_000)
}

fn introduce(url: &str, friendly: bool, seed: u64, screen: &mut Screen) {
    let (behavior, flag) = if friendly {
        ("Friendly: nothing fails unless you inject a fault.", " --friendly")
    } else {
        ("Unfriendly: some calls fail and some replies are lost, as with the real Meta.", "")
    };
    screen.say(format!(
        "A local stand-in for Meta: the same endpoints, a settable clock, fake tokens.\n\
         {behavior}\n\
         To get the same tokens and faults again: everlit sandbox{flag} --seed {seed}\n"
    ));
    let post = |path: &str, json: &str| shell::post(&format!("{url}/_sandbox/{path}"), json);
    for (what, how) in [
        ("See and change everything in a browser", format!("{url}/")),
        ("Issue a 40-day-old token for your .env.local", post("tokens", r#"{"kind":"instagram","age_days":40}"#)),
        ("Point everlit at it", shell::refresh_with("EVERLIT_META_URL", url)),
        ("Advance the clock by 30 days", post("clock", r#"{"advance_days":30}"#)),
    ] {
        screen.say(format!("{}\n  {how}", dim(what)));
    }
    screen.say(format!("{}\n  Ctrl-C", dim("Stop it (nothing is saved)")));
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Problem {
    let port = address.port();
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} is in use, perhaps by another sandbox: http://{address}/")
        }
        io::ErrorKind::PermissionDenied => format!("this user may not open port {port}; choose 1024 or higher"),
        _ => format!("cannot listen on {address}: {error}"),
    };
    Problem::config(message).with_next(Step::everlit("sandbox --port 0").with_note("picks a free port"))
}
