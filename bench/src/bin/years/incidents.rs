//! What goes wrong in the simulated years. Everything begins and ends on the hour.

use fastrand::Rng;

/// An hour in seconds.
pub(crate) const HOUR: u32 = 60 * 60;
/// A day in seconds.
pub(crate) const DAY: u32 = 24 * HOUR;
/// A year in seconds.
pub(crate) const YEAR: u32 = 365 * DAY;

/// Each account belongs to one of this many apps.
pub(crate) const APPS: u32 = 20;

/// Something that goes wrong for a while.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Incident {
    pub(crate) kind: Kind,
    /// The first second, counted from the start of the simulation.
    pub(crate) from: u32,
    /// The first second afterwards.
    pub(crate) to: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// No call to Meta succeeds.
    Meta,
    /// Meta refuses all calls for this app.
    App(u32),
    /// Half the workers are gone. In the first hour the others crash as well: what they have begun is done again once its
    /// lease has run out.
    Workers,
    /// No account can be claimed.
    Database,
}

/// What works at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weather {
    pub(crate) is_meta_down: bool,
    pub(crate) restricted_app: Option<u32>,
    pub(crate) is_database_down: bool,
    pub(crate) workers: Workers,
}

/// How the workers are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Workers {
    #[default]
    All,
    /// Half of them are gone.
    Half,
    /// Half of them are gone, and whatever is begun is lost.
    Crashing,
}

impl Weather {
    pub(crate) fn is_bad(&self) -> bool {
        let is_cut_off = self.is_meta_down || self.is_database_down;
        is_cut_off || self.restricted_app.is_some() || self.workers != Workers::All
    }

    /// The conditions in the hour that begins at `now`.
    pub(crate) fn at(incidents: &[Incident], now: u32) -> Self {
        let mut weather = Self::default();
        for incident in incidents.iter().filter(|incident| incident.from <= now && now < incident.to) {
            match incident.kind {
                Kind::Meta => weather.is_meta_down = true,
                Kind::App(app) => weather.restricted_app = Some(app),
                Kind::Workers if now < incident.from + HOUR => weather.workers = Workers::Crashing,
                Kind::Workers => weather.workers = Workers::Half,
                Kind::Database => weather.is_database_down = true,
            }
        }
        weather
    }
}

/// The incidents of this many years: each month an outage of 1 to 12 hours, each year one of 1 to 3 days, one of 7 and one of
/// 14 days; an app that is restricted for a day in each quarter; two weeks with half the workers; two database outages.
pub(crate) fn of_years(years: u32, seed: u64) -> Vec<Incident> {
    let mut rng = Rng::with_seed(seed);
    let whole = years * YEAR;
    let share = |percent: u32| whole / 100 * percent / HOUR * HOUR;
    let of = |kind, from, length| Incident { kind, from, to: from + length };
    let mut all = vec![
        of(Kind::Meta, share(30), 7 * DAY),
        of(Kind::Meta, share(60), 14 * DAY),
        of(Kind::Workers, share(20), 7 * DAY),
        of(Kind::Workers, share(75), 7 * DAY),
        of(Kind::Database, share(45), 6 * HOUR),
        of(Kind::Database, share(85), 2 * DAY),
    ];
    let mut within = |from: u32, length: u32| from + rng.u32(0..(length - 3 * DAY) / HOUR) * HOUR;
    let months = years * 12;
    let starts: Vec<u32> = (0..months).map(|month| within(month * (YEAR / 12), YEAR / 12)).collect();
    let long: Vec<u32> = (0..years).map(|year| within(year * YEAR, YEAR)).collect();
    let restricted: Vec<u32> = (0..years * 4).map(|quarter| within(quarter * (YEAR / 4), YEAR / 4)).collect();
    all.extend(starts.into_iter().map(|from| of(Kind::Meta, from / HOUR * HOUR, rng.u32(1..=12) * HOUR)));
    all.extend(long.into_iter().map(|from| of(Kind::Meta, from, rng.u32(24..=72) * HOUR)));
    all.extend(restricted.into_iter().map(|from| of(Kind::App(rng.u32(0..APPS)), from / HOUR * HOUR, DAY)));
    all.sort_by_key(|incident| (incident.from, incident.to));
    all
}
