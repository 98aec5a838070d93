//! What every command starts from.

use everlit_engine::{
    AccountStore, OpenFailure, Overrides, Project, Settings, StandInTime, TargetSettings, World, dispatcher,
};
use std::ops::Deref;
use std::sync::Arc;

use everlit_host::Environment;
use everlit_keeper::{Dispatcher, Keeper};

use crate::cli::Global;
use crate::output::{Hints, Mark, Problem, Screen, TerminalProgress, apart};

/// A project, and the flags that say how it is shown. Dereferences to the project.
#[derive(Debug)]
pub struct Context<'a> {
    /// The flags that every command takes.
    pub global: &'a Global,
    project: Project<'a>,
}

impl<'a> Context<'a> {
    /// Opens the project that the flags name.
    pub fn new(global: &'a Global, environment: &'a Environment, world: World) -> Result<Self, Problem> {
        Ok(Self { global, project: Project::open(&global.overrides(), environment, world)? })
    }

    /// The same for a command that only reads, and so may be about paused accounts.
    pub fn with_paused(global: &'a Global, environment: &'a Environment, world: World) -> Result<Self, Problem> {
        let overrides = Overrides { with_paused: true, ..global.overrides() };
        Ok(Self { global, project: Project::open(&overrides, environment, world)? })
    }

    /// The same for a pass: people and monitors are to hear of a vault that cannot be opened.
    pub fn for_pass(global: &'a Global, environment: &'a Environment, world: World) -> Result<Self, OpenFailure<'a>> {
        Ok(Self { global, project: Project::open_for_pass(&global.overrides(), environment, world)? })
    }

    /// The same without its vault, which may not be there yet, or not be readable.
    pub fn without_vault(global: &'a Global, environment: &'a Environment) -> Result<Self, Problem> {
        Ok(Self { global, project: Project::open_without_vault(&global.overrides(), environment, World::real())? })
    }

    /// The same project with other settings.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { project: self.project.with_settings(settings), ..self }
    }

    /// A keeper that shows its pauses on the terminal.
    pub fn keeper(&self, store: &Arc<AccountStore>) -> Result<Keeper, Problem> {
        Ok(self.project.keeper(store, false)?.with_progress(Arc::new(TerminalProgress)))
    }

    /// A keeper that delivers to these targets alone, whatever they have asked for.
    pub fn keeper_for(&self, targets: &[&TargetSettings], store: &Arc<AccountStore>) -> Result<Keeper, Problem> {
        let keeper = self.project.keeper_without_targets(Arc::clone(store), true)?;
        Ok(self.project.with_targets(keeper, store, targets.iter().copied()))
    }

    /// Sends alerts to the channels of the settings.
    pub fn dispatcher(&self, store: Arc<AccountStore>) -> Dispatcher {
        dispatcher(self, store, || Arc::new(Hints::new(self.global, self)))
    }

    /// Says on stderr what is wrong with settings of the whole run.
    pub fn warn_of_settings(&self, screen: &mut Screen) {
        warn_of_settings(&self.settings, screen);
    }

    /// Says on stderr that a stand-in takes Meta's place, and what time it is there.
    pub fn warn_of_stand_in(&self, screen: &mut Screen) {
        let Some(url) = &self.settings.meta_url else { return };
        let time = match self.stand_in_time() {
            Some(StandInTime::Ahead(seconds)) => format!(". Its clock, {} this machine's, is used.", apart(seconds)),
            Some(StandInTime::Unknown) => ". It does not answer, so this machine's clock is used.".to_owned(),
            Some(StandInTime::Same) | None => String::new(),
        };
        screen.note(format!("Not the real Meta: {} ({}){time}", url.value, url.origin));
    }
}

/// The same for settings alone.
pub fn warn_of_settings(settings: &Settings, screen: &mut Screen) {
    for error in settings.problems_of_run() {
        screen.note(format!("{} {}", Mark::Warning.painted(), error.message));
    }
}

impl<'a> Deref for Context<'a> {
    type Target = Project<'a>;

    fn deref(&self) -> &Project<'a> {
        &self.project
    }
}
