//! Serves an unfriendly Meta at <http://127.0.0.1:4010> until interrupted.

use everlit_sandbox::{Config, Issue, Kind, Sandbox, State};

fn main() -> std::io::Result<()> {
    let sandbox = Sandbox::start(Config::default(), 1, Some(([127, 0, 0, 1], 4010).into()))?;
    sandbox.with(|meta| {
        meta.issue(&Issue::new(Kind::Instagram).username("sunny_bakery").aged_days(31));
        meta.issue(&Issue::new(Kind::Threads).username("knots_and_bows").aged_days(58));
        meta.issue(&Issue::new(Kind::FacebookPage).username("Café Größenwahn").aged_days(200));
        meta.issue(&Issue::new(Kind::Instagram).username("old_mill").aged_days(12).state(State::PasswordChanged));
        meta.issue(&Issue::new(Kind::Instagram).username("fresh_login").short());
    });
    sandbox.wait();
    Ok(())
}
