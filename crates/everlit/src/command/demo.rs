//! `everlit demo`: the whole story in a few seconds. Only time and Meta are staged: each command is parsed and run as if
//! typed, on real files in a temporary folder.

mod meta;
mod site;
mod stage;

use everlit_engine::World;
use everlit_keeper::{Clock, Step};
use std::io::{self, IsTerminal};

use clap::Parser;
use everlit_sandbox::LoggedCall;

use self::meta::DemoMeta;
use self::site::{ENV_FILE, Site, token_in};
use self::stage::{Paper, Stage};
use crate::cli::{Cli, Demo};
use crate::output::{Exit, Problem, Screen, date};
use everlit_host::Environment;

/// Runs a command line in a world of the caller's.
type Run = fn(&Cli, &Environment, World, &mut Screen) -> Result<u8, Problem>;

pub(crate) fn run(flags: &Demo, run: Run, screen: &mut Screen) -> Result<Exit, Problem> {
    let meta = DemoMeta::new();
    let site = Site::create(&meta.token_made(25))?;
    let paced = !flags.fast && io::stdout().is_terminal();
    let mut story = Story { run, meta, stage: Stage::new(screen, paced), site, calls: 0 };
    story.play()?;
    let site = story.site;
    if flags.keep {
        screen.say(format!("Kept: {}", site.keep().display()));
    }
    screen.next(&Step::everlit("init").with_note("in your own project; or `everlit sandbox`, to try more"));
    Ok(Exit::Success)
}

struct Story<'a> {
    run: Run,
    meta: DemoMeta,
    stage: Stage<'a>,
    site: Site,
    /// Calls to Meta so far.
    calls: usize,
}

impl Story<'_> {
    fn play(&mut self) -> Result<(), Problem> {
        self.stage.tell(
            "A small Next.js site with an Instagram token, in a folder created for this demo. everlit's sandbox plays \
             Meta; nothing leaves this machine. Files, commands and output are real; the clock is moved ahead, and \
             tokens are fake and shortened.",
        );
        self.first_run()?;
        self.healthy()?;
        self.due()?;
        self.meta_fails()?;
        self.password_changed()?;
        self.a_person_has_acted()?;
        self.looking_back()
    }

    fn first_run(&mut self) -> Result<(), Problem> {
        self.scene(1, "a token of unknown age");
        self.stage.typed(&format!("cat {ENV_FILE}"));
        let env = self.site.env()?;
        self.stage.output(&shortened(&env));
        self.runs("everlit refresh", Exit::Success)
    }

    fn healthy(&mut self) -> Result<(), Problem> {
        self.scene(2, "every day from now on, from cron: nothing to do");
        self.runs("everlit refresh", Exit::Success)
    }

    fn due(&mut self) -> Result<(), Problem> {
        self.scene(31, "30 days left: due");
        self.runs("everlit refresh", Exit::Success)
    }

    fn meta_fails(&mut self) -> Result<(), Problem> {
        self.scene(61, "due again, and Meta has a bad morning");
        self.meta.break_refreshes(2);
        self.runs("everlit refresh", Exit::Success)
    }

    fn password_changed(&mut self) -> Result<(), Problem> {
        self.meta.change_password();
        self.scene(92, "the owner has changed the password: only a person can help");
        self.runs("everlit refresh", Exit::Person)
    }

    fn a_person_has_acted(&mut self) -> Result<(), Problem> {
        self.scene(93, "a person has put a new token into the file");
        self.site.put_by_hand(&self.meta.token_made(1))?;
        self.runs("everlit refresh", Exit::Success)
    }

    fn looking_back(&mut self) -> Result<(), Problem> {
        self.scene(94, "what happened, and the current state");
        self.runs("everlit history", Exit::Success)?;
        self.runs("everlit status", Exit::Success)?;
        let calls = self.calls;
        self.stage.tell(&format!("In 94 days everlit called Meta {calls} times."));
        match self.meta.violations() {
            0 => Ok(()),
            count => {
                Err(off_script("everlit refresh", &format!("the sandbox recorded {count} violations of its rules")))
            }
        }
    }

    fn scene(&mut self, day: i64, what: &str) {
        self.meta.go_to_day(day);
        self.stage.scene(day, &date(self.meta.now()), what);
    }

    /// Runs the command as typed, shows its output and changes, and requires the expected exit code.
    fn runs(&mut self, command: &str, expected: Exit) -> Result<(), Problem> {
        self.stage.typed(command);
        let before = self.site.env()?;
        let (code, printed) = Paper::of(|screen| self.run_as_typed(command, screen));
        let code = code?;
        self.stage.output(&printed);
        if code != Exit::Success.code() {
            self.stage.tell(&format!("exit code {code} (`everlit explain exit {code}`)"));
        }
        self.show_calls();
        self.show_change(&before)?;
        if code == expected.code() { Ok(()) } else { Err(off_script(command, &format!("it ended with {code}"))) }
    }

    fn run_as_typed(&self, command: &str, screen: &mut Screen) -> Result<u8, Problem> {
        let cli = Cli::try_parse_from(command.split(' ')).map_err(|error| off_script(command, &error.to_string()))?;
        let environment = Environment::empty(self.site.path().to_owned());
        (self.run)(&cli, &environment, self.meta.world(), screen)
    }

    /// Shows the sandbox's call log.
    fn show_calls(&mut self) {
        let log = self.meta.take_log();
        self.calls += log.len();
        if !log.is_empty() {
            self.stage.tell(&format!("Meta's log: {}", calls(&log)));
        }
    }

    /// Shows the token's line before and after, and proves that no other byte differs.
    fn show_change(&mut self, before: &str) -> Result<(), Problem> {
        let after = self.site.env()?;
        if after == before {
            return Ok(());
        }
        let (old, new) = (token_in(before), token_in(&after));
        if old.is_empty() || new.is_empty() || before.replacen(old, new, 1) != after {
            return Err(off_script("everlit refresh", &format!("more than the token changed in {ENV_FILE}")));
        }
        let line = |env: &str, token| env.lines().find(|line| line.contains(token)).map_or_else(String::new, shortened);
        self.stage.changed(&line(before, old), &line(&after, new));
        self.stage.tell(&format!("Every other byte of {ENV_FILE} is unchanged."));
        Ok(())
    }
}

/// `refresh 500, 2 s later refresh 200, me 200`.
fn calls(log: &[LoggedCall]) -> String {
    let mut last = log.first().map_or(0, |entry| entry.at);
    let shown = log.iter().map(|entry| {
        let later = entry.at - std::mem::replace(&mut last, entry.at);
        let when = if later > 0 { format!("{later} s later ") } else { String::new() };
        let endpoint = format!("{:?}", entry.endpoint).to_lowercase();
        let status = entry.status.map_or_else(|| "no reply".to_owned(), |status| status.to_string());
        format!("{when}{endpoint} {status}")
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// The text with its token shortened.
fn shortened(env: &str) -> String {
    let token = token_in(env);
    if token.len() < 40 || !token.is_ascii() {
        return env.to_owned();
    }
    env.replace(token, &format!("{}...{}", &token[..12], &token[token.len() - 6..]))
}

fn off_script(command: &str, why: &str) -> Problem {
    Problem::internal(format!("the demo failed at `{command}`: {why}"))
        .with_next(Step::everlit("doctor").with_note("and report this"))
}
