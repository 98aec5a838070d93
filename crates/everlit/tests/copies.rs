//! The same token in other places: what the commands do with it and say about it.

mod support;

use support::{Meta, Project};

#[test]
fn refresh_updates_copies_and_says_so() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40).with_git();
    project.write(".env.production", format!("INSTAGRAM_TOKEN={token}\n"));
    project.write(".env.test", format!("IG_ACCESS_TOKEN={token}\n"));
    project.git(&["add", "--force", ".env.test"]);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(5).never_shows(&token);
    run.says("also written: ./.env.production:INSTAGRAM_TOKEN").says("./.env.test:IG_ACCESS_TOKEN: git tracks it");
    assert_eq!(project.read(".env.production"), format!("INSTAGRAM_TOKEN={}\n", meta.newest()));
    assert_eq!(project.read(".env.test"), format!("IG_ACCESS_TOKEN={token}\n"));
    // As long as that copy is stale, nothing is well; Meta is not asked for it.
    let calls = meta.calls();
    project.everlit(&["refresh"]).asking(&meta).run().ended(5);
    project.everlit(&["status", "--check"]).run().ended(5);
    assert_eq!(meta.calls(), calls);
    project.write(".env.test", format!("IG_ACCESS_TOKEN={}\n", meta.newest()));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy");
}

#[test]
fn connect_updates_the_copies_of_the_dead_token() {
    let meta = Meta::friendly();
    let (old, token) = (meta.token_of_age(70), meta.token_of_age(2));
    let project = Project::holding(&old);
    project.write(".env.production", format!("IG_ACCESS_TOKEN={old}\n"));
    project.everlit(&["connect", "--stdin"]).asking(&meta).fed(&token).ended(0);
    assert_eq!(project.read(".env.production"), format!("IG_ACCESS_TOKEN={token}\n"));
}

#[test]
fn another_token_that_would_win_is_named() {
    let meta = Meta::friendly();
    let (token, other) = (meta.token_of_age(10), meta.token_of_age(20));
    let project = Project::holding(&token).with_metadata(&token, 10);
    project.write(".env.production.local", format!("IG_ACCESS_TOKEN={other}\n"));
    project.write(".env", format!("IG_ACCESS_TOKEN={other}\n"));
    for command in ["status", "init", "doctor"] {
        let run = project.everlit(&[command]).asking(&meta).env("IG_ACCESS_TOKEN", &other).run().never_shows(&other);
        let run = run.says(".env.production.local holds another token in IG_ACCESS_TOKEN");
        run.says("Next.js in production reads that one").says("dotenv reads that one").says("environment variable");
    }
    project.everlit(&["status"]).run().ended(0);
    assert_eq!(project.read(".env"), format!("IG_ACCESS_TOKEN={other}\n"));
}

#[test]
fn p8_an_undelivered_copy_fails_until_it_is_done() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40);
    let copy = |token: &str| format!("IG_ACCESS_TOKEN={token}\n");
    project.write(".env.production", copy(&token));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert_eq!(project.read(".env.production"), copy(&meta.newest()));
    let mut metadata = project.read_json("scripts/instagram-token.json");
    metadata["everlit"]["deliveries"][0]["delivered"] = serde_json::json!("sha256:0123456789abcdef");
    metadata["everlit"]["deliveries"][0]["failure"] =
        serde_json::json!({"class": "retry", "message": "cannot replace it"});
    project.write("scripts/instagram-token.json", metadata.to_string());
    project.everlit(&["status"]).run().ended(4).says("not delivered to ./.env.production:IG_ACCESS_TOKEN");
    project.everlit(&["doctor"]).asking(&meta).run().ended(4).says("does not have the new token: cannot replace it");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status"]).run().ended(0);
    project.remove(".env.production");
    meta.sandbox.with(|meta| meta.advance(2 * 86_400));
    let run = project.everlit(&["refresh", "--force"]).asking(&meta).run();
    run.notes("no longer holds a token").never_shows("a different token");
}
