//! Machines whose disk is empty at every run: the token comes from the process environment or from a target.
#![cfg(unix)]

mod support;

use support::service::Service;
use support::{Meta, Project};

const CREATED: &str = r#"{"created": {}, "failed": []}"#;

/// A job of CI with a token that is due, and a host that keeps it.
fn job(host: &Service) -> Project {
    let project = Project::empty();
    let settings =
        format!("[target.site]\nkind = \"vercel\"\nproject = \"p\"\nafter = \"none\"\nurl = \"{}\"\n", host.address);
    project.write("everlit.toml", settings);
    project
}

fn everlit(project: &Project, meta: &Meta, token: &str, arguments: &[&str]) -> support::Call {
    let call = project.everlit(arguments).asking(meta).env("IG_ACCESS_TOKEN", token).env("EVERLIT_CACHE", "cache");
    call.env("EVERLIT_TARGET_SITE_TOKEN", "fakeCREDENTIALfake")
}

#[test]
fn p2_a_token_of_the_environment_goes_where_it_is_kept() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers_with(201, CREATED);
    let project = job(&host);
    let old = meta.token_of_age(40);
    let run = everlit(&project, &meta, &old, &["refresh"]).run();
    run.ended(0).never_shows(&old).says("site keeps the token, which comes from the environment");
    let new = meta.newest();
    let puts = || host.at("/v10/projects/p/env?upsert");
    assert_eq!(puts().len(), 1, "once, before the new token is verified");
    assert!(puts()[0].contains(&new));
    assert!(!project.has(".env.local") && !project.has(".everlit"), "{:?}", project.files().keys());
    let cached = project.read("cache/default.json");
    assert!(!cached.contains(&new[20..]) && !cached.contains(&old[20..]), "others can read a cache: {cached}");

    // The next job has the new token, and the cache of this one.
    let refreshes = meta.refreshes();
    everlit(&project, &meta, &new, &["refresh"]).run().ended(0).says("healthy");
    assert_eq!((meta.refreshes(), puts().len()), (refreshes, 1));
    everlit(&project, &meta, &new, &["status", "--check"]).run().ended(0).says("OK: 1 token safe");
    everlit(&project, &meta, &new, &["token"]).run().ended(0).says(&new);
    let doctor = everlit(&project, &meta, &new, &["doctor", "--verbose"]).run();
    doctor.says("ok       saving      site keeps the token");
    // Without the cache, how old the token is has to be asked.
    project.remove("cache/default.json");
    everlit(&project, &meta, &new, &["refresh"]).run();
    assert_eq!(meta.refreshes(), refreshes + 1);
}

#[test]
fn p2_meta_is_not_asked_while_nothing_keeps_the_token() {
    let (meta, host) = (Meta::friendly(), Service::new());
    host.answers(403);
    let project = job(&host);
    let old = meta.token_of_age(40);
    let run = everlit(&project, &meta, &old, &["refresh"]).run().ended(5);
    run.says("site cannot keep the token").says("does not allow the credential").never_shows(&old);
    assert_eq!(meta.refreshes(), 0);
}

#[test]
fn without_a_target_an_env_file_is_needed_as_ever() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let old = meta.token_of_age(40);
    let run = project.everlit(&["refresh"]).asking(&meta).env("IG_ACCESS_TOKEN", &old).run().ended(2);
    run.says("Could not load current token from .env.local");
}
