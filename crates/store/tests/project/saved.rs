//! Saved at every step: a whole refresh, killed or failing at each of its steps on the disk, one after the other.
//!
//! The steps are not listed here: each scene is run once whole, and the steps that were seen are then struck one by one.
//! Meta is the harshest there may be: the old token is dead as soon as a new one has been handed out.

use std::io::ErrorKind;
use std::ops::Range;

use everlit_disk::faults::{Plan, Step};
use everlit_keeper::{Outcome, Safety};

use crate::world::{Run, Scene, World, kinds, shown};

const SCENES: &[Scene] = &[
    Scene::Plain,
    #[cfg(unix)]
    Scene::HardLinked,
    Scene::Fresh,
    Scene::Mounted,
    Scene::MetadataMounted,
];

#[test]
fn an_undisturbed_refresh_leaves_everything_well() {
    for &scene in SCENES.iter().chain(&[Scene::Large]) {
        let world = World::new(scene);
        let run = world.run(Plan::Nothing);
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{scene:?}: {:?}", run.report);
        world.check_all_well(&|| format!("{scene:?}"));
        let again = world.run(Plan::Nothing);
        assert!(matches!(again.report.outcome, Outcome::Idle(_)), "{:?}", again.report);
        assert_eq!(world.refreshes(), 1);
    }
}

/// A process that dies takes with it what it has only in memory. Between Meta's reply and the moment when the token
/// outlives the process there is one call: the write into a file that is there, with its name and its room.
#[test]
fn p2_never_lost_but_before_the_one_write_of_the_candidate() {
    for &scene in SCENES {
        let world = World::new(scene);
        let (window, steps) = window_of(&world);
        let candidate = world.site.at(".everlit/candidate");
        assert_eq!(window.len(), 1, "{scene:?}: {:#?}", shown(&steps, &world.site));
        assert_eq!((steps[window.start].name, &steps[window.start].path), ("write_at", &candidate), "{scene:?}");
        assert_eq!((steps[window.end].name, &steps[window.end].path), ("sync", &candidate), "and durable at once");
        let before = &steps[..window.start];
        let last =
            |name, path: &std::path::Path| before.iter().rposition(|step| step.name == name && step.path == path);
        let reserved = [
            last("create_private", &candidate),
            last("write_at", &candidate),
            last("sync", &candidate),
            last("sync_folder", candidate.parent().unwrap()),
        ];
        assert!(reserved[0].is_some() && reserved.is_sorted(), "filled and durable before Meta is asked: {reserved:?}");
    }
}

#[test]
fn p1_p2_p7_never_lost_however_a_run_is_killed() {
    for &scene in SCENES {
        let (window, steps) = window_of(&World::new(scene));
        for step in 0..steps.len() {
            for torn in [false, true] {
                let world = World::new(scene);
                let run = world.run(Plan::DieAt { step, torn });
                assert!(run.disk.is_dead());
                let story = || format!("{scene:?}, killed at {step}, torn: {torn}: {:#?}", shown(&steps, &world.site));
                check_after_failure(&world, &run, window.contains(&step), &story);
            }
        }
    }
}

#[test]
fn p1_p2_p7_never_lost_whatever_step_fails() {
    for &scene in SCENES {
        let (_, steps) = window_of(&World::new(scene));
        for step in 0..steps.len() {
            for kind in kinds() {
                let world = World::new(scene);
                let run = world.run(Plan::FailOnce { step, kind });
                let story = || {
                    let outcome = &run.report.outcome;
                    format!("{scene:?}, {kind:?} at {step}: {outcome:?}, {:#?}", shown(&run.disk.steps(), &world.site))
                };
                if kind == ErrorKind::Interrupted {
                    assert!(
                        matches!(run.report.outcome, Outcome::Refreshed { .. }),
                        "a signal is no failure: {}",
                        story()
                    );
                }
                check_after_failure(&world, &run, false, &story);
            }
        }
    }
}

#[test]
fn p2_p7_never_lost_from_a_large_file() {
    let world = World::new(Scene::Large);
    let (window, steps) = window_of(&world);
    let env = world.site.at(".env.local");
    let renamed = steps.iter().position(|step| step.name == "exchange" && step.path == env).unwrap();
    let written = renamed - steps[..renamed].iter().rev().position(|step| step.name == "write_at").unwrap() - 1;
    assert!(steps[written].path.to_string_lossy().contains(".env.local.everlit-"), "{:?}", steps[written]);
    for step in [written, renamed, renamed + 1] {
        let world = World::new(Scene::Large);
        let run = world.run(Plan::DieAt { step, torn: true });
        check_after_failure(&world, &run, window.contains(&step), &|| format!("killed at {step}"));
    }
}

/// The steps that change nothing.
const READS: [&str; 7] = ["check_access", "list", "lstat", "read", "read_unlinked", "resolve", "stat"];

#[test]
fn p2_never_lost_if_the_run_that_finishes_dies_too() {
    let input_output = kinds()[5];
    for scene in SCENES.iter().copied().filter(|scene| !matches!(scene, Scene::Fresh | Scene::MetadataMounted)) {
        let (window, steps) = window_of(&World::new(scene));
        // A run that is killed before it reads leaves what one leaves that is killed before the next change.
        let changes = |step: &usize| !READS.contains(&steps[*step].name);
        for first in (window.end..steps.len()).filter(changes) {
            let killed = || {
                let world = World::new(scene);
                world.run(Plan::DieAt { step: first, torn: true });
                world
            };
            let finishing = killed().run(Plan::Nothing).disk.steps().len();
            // Every third, another third each time: together all of them, in a third of the time.
            for second in (first % 3..finishing).step_by(3) {
                for plan in
                    [Plan::DieAt { step: second, torn: true }, Plan::FailOnce { step: second, kind: input_output }]
                {
                    let world = killed();
                    let run = world.run(plan.clone());
                    check_after_failure(&world, &run, false, &|| {
                        format!("{scene:?}, killed at {first}, then {plan:?}")
                    });
                }
            }
        }
    }
}

#[test]
fn p2_never_lost_on_a_disk_that_is_full_before_or_while_saving() {
    for &scene in SCENES {
        let mut seen = [false; 2];
        for bytes in (0..64 << 10).step_by(251) {
            let world = World::new(scene);
            let run = world.run(Plan::Budget(bytes));
            let story = || format!("{scene:?}, {bytes} bytes: {:?}", run.report.outcome);
            match &run.report.outcome {
                Outcome::Refreshed { .. } => seen[1] = true,
                Outcome::NotSaved { token: Safety::NotAsked, .. } => {
                    assert_eq!(world.refreshes(), 0, "{}", story());
                    assert!(world.is_live(&world.site.load().unwrap().current));
                    seen[0] = true;
                }
                Outcome::NotSaved { token: Safety::Candidate | Safety::Current, .. } => {}
                _ => panic!("{}", story()),
            }
            check_after_failure(&world, &run, false, &story);
        }
        assert_eq!(seen, [true; 2], "{scene:?}: too little room, and enough");
    }
}

/// From here on the disk takes nothing any more: what was reserved before is enough to save the new token.
#[test]
fn p2_the_room_for_a_new_token_is_held_before_meta_is_asked() {
    // That a mounted file cannot be renamed over is not always known before.
    for scene in SCENES.iter().copied().filter(|scene| !matches!(scene, Scene::Mounted | Scene::MetadataMounted)) {
        let world = World::new(scene);
        let (window, steps) = window_of(&world);
        let written = |steps: &[Step]| steps.iter().filter(|step| step.name == "write_at").count();
        assert!(written(&steps[..window.start]) >= 3, "candidate, env file and metadata have their room: {steps:?}");
        let created = steps[window.start..].iter().filter(|step| step.name == "create_private").count();
        assert_eq!(created, 0, "{scene:?}: nothing is created once Meta has answered: {:?}", &steps[window.start..]);
    }
}

/// The steps of an undisturbed refresh, and those from Meta's reply until the candidate is written.
fn window_of(world: &World) -> (Range<usize>, Vec<Step>) {
    let run = world.run(Plan::Nothing);
    let steps = run.disk.steps();
    let replied = run.replied_after.unwrap();
    let written = steps[replied..].iter().position(|step| step.name == "write_at").unwrap();
    (replied..replied + written + 1, steps)
}

/// What holds after any failure, and what the next run makes of it. `may_be_lost`: the process died after Meta's reply
/// and before the candidate was written.
fn check_after_failure(world: &World, run: &Run, may_be_lost: bool, story: &dyn Fn() -> String) {
    world.check_bytes(story);
    let is_lost = !world.has_live_token();
    assert!(!is_lost || may_be_lost, "no token that Meta accepts is left: {}", story());
    check_words(world, run, story);

    let (had_candidate, asked_before) = (world.has_candidate(), world.refreshes());
    let next = world.run(Plan::Nothing);
    let story = || format!("{}\nthen {:?}", story(), next.report.outcome);
    if is_lost {
        assert!(matches!(next.report.outcome, Outcome::Failed(_)), "{}", story());
        return;
    }
    match &next.report.outcome {
        Outcome::Recovered { .. } => assert!(had_candidate, "{}", story()),
        Outcome::Refreshed { .. } => assert!(!had_candidate && asked_before == 0, "{}", story()),
        Outcome::Idle(_) => assert!(!had_candidate && asked_before == 1, "{}", story()),
        _ => panic!("{}", story()),
    }
    assert_eq!(world.refreshes(), 1, "Meta was asked for no second refresh: {}", story());
    world.check_all_well(&story);
}

/// The run said where the token is, and it is there.
fn check_words(world: &World, run: &Run, story: &dyn Fn() -> String) {
    if run.disk.is_dead() {
        return;
    }
    match &run.report.outcome {
        // The token is in use, and what is wrong with its notes is said.
        Outcome::Refreshed { .. } | Outcome::Recovered { .. } if !run.report.notes.is_empty() => {
            assert!(world.holds_new_env(), "{}", story());
        }
        Outcome::Refreshed { .. } | Outcome::Recovered { .. } => world.check_all_well(story),
        Outcome::NotSaved { token: Safety::NotAsked, .. } | Outcome::Refused(_) => {
            assert_eq!(run.replied_after, None, "{}", story());
        }
        Outcome::NotSaved { token: Safety::Candidate, .. } => assert!(world.has_candidate(), "{}", story()),
        Outcome::Idle(_) | Outcome::NotSaved { token: Safety::Current, .. } => {
            assert!(world.holds_new_env(), "{}", story());
        }
        _ => panic!("{}", story()),
    }
}
