//! The strikes: what can be done to workers, servers and disks, and the order of chance in which it is.

use std::thread::sleep;
use std::time::{Duration, Instant};

use everlit_sandbox::{Fault, Injection, Meta, Sandbox};

use crate::accounts::now;
use crate::cluster::Cluster;
use crate::options::Options;
use crate::process::wait_for;
use crate::workers::{Setting, TIMEOUT, Worker};

/// How long a lease lasts.
pub(crate) const LEASE: Duration = Duration::from_secs(300);

/// How late an account may be that is tried again.
const SLACK: Duration = Duration::from_secs(30);

/// The longest work under a lease.
const LONGEST_WORK: Duration = Duration::from_secs(210);

/// What can be done to them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Strike {
    KillWorker,
    StopWorker,
    FillSpill,
    KillPrimary,
    FailOver,
    SwitchOver,
    RestartPooler,
    MetaDrops,
    MetaRefuses,
}

/// All that can be struck.
pub(crate) struct Stage<'o> {
    pub(crate) options: &'o Options,
    pub(crate) cluster: Cluster,
    pub(crate) sandbox: Sandbox,
    pub(crate) setting: Setting,
    pub(crate) workers: Vec<Worker>,
    rng: fastrand::Rng,
    began: Instant,
    /// What was done, and when.
    pub(crate) strikes: Vec<String>,
    /// When workers were killed, in Unix seconds.
    pub(crate) kills: Vec<i64>,
    /// The worker that is stopped for longer than a lease, and until when.
    stopped: Option<(usize, Instant)>,
}

impl<'o> Stage<'o> {
    pub(crate) fn new(
        options: &'o Options,
        cluster: Cluster,
        sandbox: Sandbox,
        setting: Setting,
        workers: Vec<Worker>,
    ) -> Self {
        let (rng, began) = (fastrand::Rng::with_seed(options.seed), Instant::now());
        let (strikes, kills, stopped) = (Vec::new(), Vec::new(), None);
        Self { options, cluster, sandbox, setting, workers, rng, began, strikes, kills, stopped }
    }

    /// Strikes until the time is up and each kind has been made.
    pub(crate) fn play(&mut self) -> Result<(), String> {
        let end = Duration::from_secs(self.options.seconds);
        let (mut next, mut is_first_round) = (self.shuffled(), true);
        self.pause()?;
        self.stop_for_longer_than_a_lease(end)?;
        while is_first_round || self.began.elapsed() < end {
            if let Some(strike) = next.pop() {
                self.strike(strike).map_err(|error| format!("{strike:?}: {error}"))?;
                self.pause()?;
            } else {
                (next, is_first_round) = (self.shuffled(), false);
                // After a third failure, an account waits for longer than the run lasts.
                next.retain(|strike| *strike != Strike::MetaRefuses);
            }
        }
        while self.stopped.is_some() {
            self.wait(Duration::from_secs(1))?;
        }
        Ok(())
    }

    /// All kinds, in an order of chance.
    fn shuffled(&mut self) -> Vec<Strike> {
        let mut kinds = self.kinds();
        self.rng.shuffle(&mut kinds);
        kinds
    }

    fn kinds(&self) -> Vec<Strike> {
        use Strike::{
            FailOver, FillSpill, KillPrimary, KillWorker, MetaDrops, MetaRefuses, RestartPooler, StopWorker, SwitchOver,
        };
        let mut kinds = vec![KillWorker, StopWorker, FillSpill, KillPrimary, RestartPooler, MetaDrops, MetaRefuses];
        if self.cluster.is_pair() {
            kinds.extend([FailOver, SwitchOver]);
        }
        kinds
    }

    /// Once, if the time is long enough: others take over the accounts of a worker that does not know that it was away.
    fn stop_for_longer_than_a_lease(&mut self, end: Duration) -> Result<(), String> {
        let longest = LEASE + Duration::from_secs(30);
        if self.began.elapsed() + longest > end || self.workers.len() < 2 {
            return Ok(());
        }
        let last = self.workers.len() - 1;
        self.note(&format!("StopWorker for {} s ({})", longest.as_secs(), self.workers[last].name));
        self.workers[last].stop()?;
        self.stopped = Some((last, Instant::now() + longest));
        Ok(())
    }

    fn strike(&mut self, strike: Strike) -> Result<(), String> {
        let chosen = self.chosen();
        let whom = match strike {
            Strike::KillWorker | Strike::StopWorker | Strike::FillSpill => format!(" ({})", self.workers[chosen].name),
            _ => String::new(),
        };
        self.note(&format!("{strike:?}{whom}"));
        match strike {
            Strike::KillWorker => {
                self.kill(chosen);
                self.setting.restart(&mut self.workers[chosen])
            }
            Strike::StopWorker => {
                self.workers[chosen].stop()?;
                self.wait(TIMEOUT + Duration::from_secs(3))?;
                self.workers[chosen].resume()
            }
            Strike::FillSpill => self.fill_spill(chosen),
            Strike::KillPrimary => {
                self.cluster.kill_primary()?;
                self.wait(self.options.part(84, 1, 5))?;
                self.wait_for_database()
            }
            Strike::FailOver => {
                let before = self.cluster.primary();
                self.cluster.kill_primary()?;
                let cluster = &mut self.cluster;
                wait_for("other primary", Duration::from_secs(90), || {
                    cluster.follow().is_ok() && cluster.primary() != before
                })?;
                self.note("the other one is the primary");
                self.wait_for_database()
            }
            Strike::SwitchOver => {
                self.cluster.switch_over()?;
                self.wait_for_database()
            }
            Strike::RestartPooler => self.cluster.restart_pooler(),
            Strike::MetaDrops => {
                self.sandbox.with(|meta| meta.inject(Injection::new(Fault::Dropped)));
                self.wait(self.options.part(84, 2, 5))?;
                self.sandbox.with(Meta::clear_injections);
                Ok(())
            }
            Strike::MetaRefuses => {
                self.sandbox.refuse_connections(true);
                self.wait(self.options.part(7, 3, 60))?;
                self.sandbox.refuse_connections(false);
                Ok(())
            }
        }
    }

    /// A worker that is not stopped already.
    fn chosen(&mut self) -> usize {
        let stopped = self.stopped.map(|(number, _)| number);
        let free: Vec<usize> = (0..self.workers.len()).filter(|number| Some(*number) != stopped).collect();
        free[self.rng.usize(..free.len())]
    }

    /// Fills the disk for what a worker spills, while it works; then it is killed, and begins with a full disk.
    fn fill_spill(&mut self, chosen: usize) -> Result<(), String> {
        let while_full = self.options.part(84, 2, 5);
        self.workers[chosen].fill_spill()?;
        self.wait(while_full)?;
        self.kill(chosen);
        self.setting.restart(&mut self.workers[chosen])?;
        self.wait(while_full)?;
        self.workers[chosen].empty_spill()
    }

    fn kill(&mut self, chosen: usize) {
        let worker = &mut self.workers[chosen];
        self.kills.push(now().as_unix());
        worker.kill();
    }

    fn wait_for_database(&mut self) -> Result<(), String> {
        let cluster = &mut self.cluster;
        wait_for("whole database", Duration::from_secs(150), || {
            let _ = cluster.follow();
            let _ = cluster.heal();
            cluster.is_whole()
        })?;
        self.note("the database is whole again");
        Ok(())
    }

    fn note(&mut self, what: &str) {
        let line = format!("{:4} s  {what}", self.began.elapsed().as_secs());
        println!("{line}");
        self.strikes.push(line);
    }

    fn pause(&mut self) -> Result<(), String> {
        let pause = self.options.part(30, 1, 14).mul_f64(0.5 + self.rng.f64());
        self.wait(pause)
    }

    /// Waits, while pgbouncer follows the primary.
    fn wait(&mut self, pause: Duration) -> Result<(), String> {
        let until = Instant::now() + pause;
        while Instant::now() < until {
            self.cluster.follow()?;
            if let Some((number, _)) = self.stopped.filter(|(_, until)| *until < Instant::now()) {
                self.workers[number].resume()?;
                self.stopped = None;
                self.note(&format!("{} goes on", self.workers[number].name));
            }
            sleep(Duration::from_millis(250));
        }
        Ok(())
    }

    /// Waits until nothing is overdue, nobody works and all is well that is not at its end; says how long that took.
    pub(crate) fn drain(&mut self) -> Result<Duration, String> {
        let began = Instant::now();
        self.note("the strikes are over");
        if self.options.hurry {
            self.workers.iter_mut().try_for_each(Worker::end)?;
            self.cluster.sql("vault", "UPDATE due SET lease_until = 0")?;
            self.workers.iter_mut().try_for_each(|worker| self.setting.restart(worker))?;
        }
        let sql = "SELECT count(*) FROM due WHERE lease_until > extract(epoch FROM now()) OR run_at <= extract(epoch FROM now())";
        let mut left = String::new();
        let drained = wait_for("end of the queue", LEASE + LONGEST_WORK, || {
            let _ = self.cluster.follow();
            left = self.cluster.sql("vault", sql).unwrap_or_else(|error| error);
            left == "0"
        });
        drained.map_err(|error| format!("{error}: {left} left"))?;
        let took = began.elapsed();
        self.note("nothing is overdue, and nobody works");
        // After a first failure an account waits for up to a minute, after a second for up to five: these are waited for. After a
        // third, it waits for longer than a run should last.
        let longest = if self.options.hurry { Duration::from_secs(60) } else { LEASE.saturating_sub(took) };
        let until = (now() + longest).as_unix();
        let sql = format!(
            "SELECT count(*) FROM accounts a JOIN due d ON d.account = a.id \
             WHERE a.state IN ('due', 'retrying', 'expiring', 'too_young') AND d.run_at BETWEEN 1 AND {until}"
        );
        let cluster = &mut self.cluster;
        let _ = wait_for("end of retries", longest + SLACK, || {
            let _ = cluster.follow();
            cluster.sql("vault", &sql).is_ok_and(|count| count == "0")
        });
        self.note("who could be tried again soon was, or the time is up");
        wait_for("ready workers", Duration::from_secs(90), || self.workers.iter().all(Worker::is_ready))?;
        Ok(took)
    }
}
