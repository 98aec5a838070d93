//! Where fresh tokens go besides the env file: added, delivered to, tried again, removed.

mod support;

use std::io::{ErrorKind, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use serde_json::json;
use support::service::Service;
use support::{Meta, Project, SHELL};

/// A project with a token that is due.
fn due(meta: &Meta) -> (Project, String) {
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40);
    (project, token)
}

/// Ends with the code in the file `code`.
const CODE_OF_FILE: [&str; 2] = ["exit $(cat code)", "for /f %%c in (code) do exit /b %%c"];

/// Adds the target `hook`, which runs this script, for `sh` or for Windows' `cmd`.
fn add_hook(project: &Project, settings: &[&str], sh: &str, cmd: &str) {
    let add = ["target", "add", "hook", "--kind", "command"];
    project.everlit(&[&add, settings, &["--"], project.script(sh, cmd)].concat()).run().ended(0);
}

#[test]
fn p8_a_refresh_delivers_to_every_target() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    project.write("web.env", "OTHER=1 # kept\n");
    let add = |args: &[&str]| project.everlit(&[&["target", "add"], args].concat()).asking(&meta).run();
    add(&["web", "--kind", "env-file", "--set", "path=web.env", "--set", "key=TOKEN"])
        .ended(0)
        .says("writes TOKEN into web.env");
    add(&["data", "--kind", "file", "--set", "path=data/token.json", "--set", "format=json"]).ended(3);
    project.everlit(&["target", "remove", "data"]).run().ended(0);
    add(&["data", "--kind", "file", "--set", "path=token.json", "--set", "format=json"]).ended(0);
    add_hook(&project, &["--set", "stdin=line"], "cat > received", "set /p token=\n>received echo %token%");
    let received = || project.read("received").replace("\r\n", "\n");
    project.everlit(&["status"]).run().ended(4).says("not delivered to web: the next run does it");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("also written: web, data, hook");
    let token = meta.newest();
    assert_eq!(project.read("web.env"), format!("OTHER=1 # kept\nTOKEN={token}\n"));
    assert_eq!(project.read_json("token.json")["access_token"], token);
    project.assert_mode("token.json", 0o600);
    assert_eq!(received(), format!("{token}\n"));
    project.everlit(&["status"]).run().ended(0).says("healthy");
    let listed = project.everlit(&["target", "list"]).run().ended(0).never_shows(&token);
    listed.says("delivered").says(&format!("runs {SHELL} with the token on stdin (line)"));
    // Nothing is due: nothing is delivered.
    project.remove("received");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert!(!project.has("received"));
    project
        .everlit(&["target", "test", "hook"])
        .asking(&meta)
        .run()
        .ended(0)
        .says("default -> hook: delivered just now");
    assert_eq!(received(), format!("{token}\n"));
}

#[test]
fn a_dry_run_tells_where_a_new_token_would_go() {
    let project = Project::new();
    project.everlit(&["target", "add", "data", "--kind", "file", "--set", "path=token"]).run().ended(0);
    let run = project.everlit(&["refresh", "--dry-run"]).run();
    run.says("a new token goes to data, which writes the token into token");
    assert!(!project.has("token"));
}

#[test]
fn p8_a_command_that_fails_is_run_again_until_it_works() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    let [sh, cmd] = CODE_OF_FILE;
    let sh = format!("token=$(cat); echo \"no: $token\" >&2; {sh}");
    let cmd = format!("set /p token=\n>&2 echo no: %token%\n{cmd}");
    add_hook(&project, &["--set", "stdin=line"], &sh, &cmd);
    for (code, exit) in [("75", 4), ("9", 5)] {
        project.write("code", code);
        let run =
            project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(exit).says("not delivered to hook");
        run.says("no: [redacted]").never_shows(&meta.newest());
        project.everlit(&["status", "--check"]).run().ended(exit);
    }
    // What takes a person is no matter of running it again.
    project.everlit(&["status"]).run().ended(5).says("Next: everlit target test hook");
    project.everlit(&["history"]).run().ended(0).says("hook");
    project.everlit(&["doctor"]).asking(&meta).run().says("hook does not have the new token");
    let refreshes = meta.refreshes();
    project.write("code", "0");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status"]).run().ended(0);
    assert_eq!(meta.refreshes(), refreshes, "a delivery asks nothing of Meta");
}

#[test]
fn p3_a_command_gets_the_token_on_stdin_alone() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    let sh = "env > env; ps -o args= -p $$ > argv; cat > stdin";
    let cmd = "set >env\n>argv echo %cmdcmdline%\nset /p token=\n>stdin echo %token%";
    add_hook(&project, &["--set", "stdin=line"], sh, cmd);
    let mut refresh = project.everlit(&["refresh"]).asking(&meta);
    refresh = refresh.env("SOME_SECRET", "fakeSECRETfake");
    refresh.run().ended(0);
    let token = meta.newest();
    assert_eq!(project.read("stdin").trim_end(), token);
    for file in ["env", "argv"] {
        let text = project.read(file);
        assert!(!text.contains(&token[20..]) && !text.contains("fakeSECRETfake"), "{file}: {text}");
    }
    assert!(
        project.read("env").contains("EVERLIT_ACCOUNT=default")
            && project.read("env").contains("EVERLIT_EXPIRES_AT=20")
    );
}

#[test]
fn a_command_that_hangs_is_ended_with_its_children() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    // A child of the command calls a Meta that never answers.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (everlit, address) = (env!("CARGO_BIN_EXE_everlit"), listener.local_addr().unwrap());
    let sh = format!("EVERLIT_META_URL=http://{address} '{everlit}' status --live & wait");
    let cmd = format!("set EVERLIT_META_URL=http://{address}\n\"{everlit}\" status --live");
    add_hook(&project, &["--set", "timeout=2"], &sh, &cmd);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    run.says(&format!("{SHELL} did not end within 2 s and was ended"));
    listener.set_nonblocking(true).unwrap();
    let (mut call, _) = listener.accept().expect("the child called in time");
    call.set_nonblocking(false).unwrap();
    call.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let end = call.read_to_end(&mut Vec::new()).map_err(|error| error.kind());
    assert!(!matches!(end, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "the child still runs");
}

#[test]
fn a_target_that_left_the_settings_is_owed_nothing() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    add_hook(&project, &[], "exit 1", "exit /b 1");
    project.everlit(&["refresh"]).asking(&meta).run().ended(5);
    project.everlit(&["target", "remove", "hook"]).run().ended(0).says("the token that it holds stays there");
    project.everlit(&["status"]).run().ended(0);
}

#[test]
fn targets_that_can_never_work_are_refused_with_the_reason() {
    let project = Project::new();
    for (args, why) in [
        (vec!["--kind", "nothing"], "possible values"),
        (vec!["--kind", "env-file"], "`target.site.path` is missing"),
        (vec!["--kind", "env-file", "--set", "path"], "NAME=VALUE"),
        (vec!["--kind", "env-file", "--set", "pth=x"], "does not apply"),
        (vec!["--kind", "env-file", "--set", "path=x", "--set", "account=shop"], "no account is called that"),
        (vec!["--kind", "vercel", "--set", "project=p"], "`target.site.after` is missing"),
        (vec!["--kind", "file", "--set", "path=x", "--set", "format=xml"], "must be one of raw, json"),
    ] {
        let run = project.everlit(&[&["target", "add", "site"], &*args].concat()).run().ended(2);
        run.notes(why);
        assert!(!project.has("everlit.toml"), "{args:?}");
    }
    let public =
        ["target", "add", "site", "--kind", "env-file", "--set", "path=x.env", "--set", "key=NEXT_PUBLIC_TOKEN"];
    project
        .everlit(&public)
        .run()
        .ended(3)
        .says("NEXT_PUBLIC_TOKEN would be compiled into what every visitor downloads");
}

#[test]
fn doctor_sees_that_a_target_lost_its_token() {
    let meta = Meta::friendly();
    let (project, token) = due(&meta);
    project.write("web.env", "");
    let add = ["target", "add", "web", "--kind", "env-file", "--set", "path=web.env"];
    project.everlit(&add).asking(&meta).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["doctor", "--verbose"]).asking(&meta).run().says("web holds the token");
    // A deploy puts the file of its last release back.
    project.write("web.env", format!("IG_ACCESS_TOKEN={token}\n"));
    let run = project.everlit(&["doctor"]).asking(&meta).run().ended(5);
    run.says("web no longer holds the token that was delivered to it");
    project.everlit(&["target", "test", "web"]).asking(&meta).run().ended(0);
    assert_eq!(project.read("web.env"), format!("IG_ACCESS_TOKEN={}\n", meta.newest()));
}

#[test]
fn a_file_that_git_tracks_gets_no_token() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    let project = project.with_git().with_file("web.env", "");
    project.git(&["add", "--force", "web.env"]);
    let add = ["target", "add", "web", "--kind", "env-file", "--set", "path=web.env"];
    project.everlit(&add).run().ended(3).says("git tracks web.env");
    project.everlit(&["refresh"]).asking(&meta).run().ended(5).says("git tracks web.env");
    assert_eq!(project.read("web.env"), "");
}

#[test]
fn a_credential_that_ends_is_said_in_time() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    project.write("web.env", "");
    let add = ["target", "add", "web", "--kind", "env-file", "--set", "path=web.env"];
    project.everlit(&add).asking(&meta).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let in_days = |days: i64| {
        let mut metadata = project.read_json("scripts/instagram-token.json");
        let end = everlit_store::rfc3339(everlit_meta_api::Timestamp::from_unix(support::unix_now() + days * 86_400));
        metadata["everlit"]["deliveries"][0]["credential_ends_at"] = serde_json::json!(end);
        project.write("scripts/instagram-token.json", metadata.to_string());
    };
    in_days(40);
    project.everlit(&["status"]).run().ended(0);
    in_days(10);
    project.everlit(&["status"]).run().ended(0).says("the credential for web ends on");
    in_days(5);
    project.everlit(&["status", "--check"]).run().ended(3);
    project.everlit(&["doctor"]).asking(&meta).run().ended(3).says("the credential for web ends on");
}

#[test]
fn a_command_that_is_not_there_is_said_at_once() {
    let project = Project::new();
    let add = ["target", "add", "hook", "--kind", "command", "--", "no-such-program-of-everlit"];
    project.everlit(&add).run().ended(3).says("there is no program no-such-program-of-everlit");
}

#[test]
fn a_file_with_something_else_in_it_is_left_alone() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    project.write("notes.txt", "my notes\n");
    project.everlit(&["target", "add", "data", "--kind", "file", "--set", "path=notes.txt"]).run().ended(0);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(5);
    run.says("notes.txt holds something other than a token and was left alone");
    assert_eq!(project.read("notes.txt"), "my notes\n");
}

#[test]
fn p1_a_target_takes_no_place_of_an_account_or_of_everlit() {
    let meta = Meta::friendly();
    let (shop, blog) = (meta.token_of_age(40), meta.token_of_age(35));
    let own = |token: &str| format!("IG_ACCESS_TOKEN={token}\n");
    let accounts = "[account.shop]\n[account.blog]\nenv_file = \"blog/.env.local\"\n";
    for path in ["blog/.env.local", "everlit.toml", ".everlit/candidate", "package.json", "public/token.env"] {
        let project = Project::holding(&shop).with_file("blog/.env.local", &own(&blog)).with_package();
        let target = format!("[target.t]\nkind = \"env-file\"\naccount = \"shop\"\npath = \"{path}\"\n");
        project.write("everlit.toml", format!("{accounts}{target}"));
        project.everlit(&["refresh", "--account", "shop"]).asking(&meta).run().ended(5).says("not delivered to t");
        assert_eq!(project.read("blog/.env.local"), own(&blog), "{path}");
        assert!(!project.read("everlit.toml").contains("IGAA"), "{path}");
    }
}

#[test]
fn p8_a_delivery_that_fails_anew_is_no_longer_called_done() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    project.write("code", "0");
    let [sh, cmd] = CODE_OF_FILE;
    add_hook(&project, &[], sh, cmd);
    project.everlit(&["target", "test", "hook"]).asking(&meta).run().ended(0);
    project.write("code", "9");
    project.everlit(&["target", "test", "hook"]).asking(&meta).run().ended(5).says("ended with exit code 9");
    let listed = project.everlit(&["target", "list"]).run().ended(5);
    listed.says(&format!("not delivered: {SHELL} ended with exit code 9"));
}

#[test]
fn p8_another_place_under_the_same_name_has_nothing_yet() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    let add = |path: &str| {
        project.everlit(&["target", "add", "f", "--kind", "file", "--set", &format!("path={path}")]).run().ended(0);
    };
    add("one");
    project.everlit(&["target", "push"]).asking(&meta).run().ended(0);
    add("two");
    project.everlit(&["target", "list"]).run().ended(4).says("not delivered yet");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert_eq!((project.read("one"), project.read("two")), (token.clone(), token));
}

#[test]
fn adding_and_removing_speak_json_and_tell_what_is_missing() {
    let project = Project::new();
    let add = ["target", "add", "f", "--kind", "file", "--set", "path=token", "--json"];
    let added = project.everlit(&add).run().ended(0).json();
    assert_eq!((&added["schema"], &added["accounts"][0]["failure"]), (&"everlit.target-added/1".into(), &json!(null)));
    let removed = project.everlit(&["target", "remove", "f", "--json"]).run().ended(0).json();
    assert_eq!((&removed["removed"], &removed["secrets_removed"]), (&json!(true), &json!(false)));
    for (command, why) in [("target", "no target is called f"), ("notify", "no channel or monitor is called f")] {
        let run = project.everlit(&[command, "remove", "f"]).run().ended(2);
        assert!(run.stderr.contains(why), "{run}");
    }
}

#[test]
fn p8_a_secret_that_is_gone_or_changed_makes_another_place() {
    let (meta, first, second) = (Meta::friendly(), Service::new(), Service::new());
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    project.write("everlit.toml", "[target.hook]\nkind = \"webhook\"\n");
    let everlit = |arguments: &[&str], service: &Service| {
        let call = project.everlit(arguments).asking(&meta).env("EVERLIT_TARGET_HOOK_URL", &service.address);
        call.env("EVERLIT_TARGET_HOOK_SECRET", "whsec_ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtl").run()
    };
    everlit(&["target", "push"], &first).ended(0);
    everlit(&["status"], &first).ended(0);
    project.everlit(&["status"]).run().ended(4).says("not delivered to hook");
    project.everlit(&["refresh"]).asking(&meta).run().ended(5).says("EVERLIT_TARGET_HOOK_URL is not set");
    everlit(&["refresh"], &second).ended(0);
    assert_eq!((first.at("/").len(), second.at("/").len()), (1, 1));
    // Two that lack their secret are not taken for one place.
    let redis = |name: &str| format!("[target.{name}]\nkind = \"redis\"\nkey = \"{{account}}\"\n");
    project.write("everlit.toml", redis("a") + &redis("b"));
    project.everlit(&["target", "list"]).run().ended(5).says("EVERLIT_TARGET_A_URL is not set");
}

#[test]
fn p1_two_targets_do_not_take_turns_in_one_place() {
    let project = Project::empty();
    let target = |name: &str| {
        format!(
            "[account.{name}]\nenv_file = \"{name}.env\"\n[target.{name}]\nkind = \"vercel\"\nproject = \"p\"\n\
                 account = \"{name}\"\nkey = \"IG\"\nafter = \"none\"\n"
        )
    };
    project.write("everlit.toml", target("shop") + &target("blog"));
    let listed = project.everlit(&["target", "list"]).env("EVERLIT_TARGET_SHOP_TOKEN", "fakeSECRETfake");
    let listed = listed.env("EVERLIT_TARGET_BLOG_TOKEN", "fakeSECRETfake").run().ended(5);
    listed.says("IG is where blog puts the token of another account, not of shop alone");
}

#[test]
fn a_failed_delivery_tells_when_the_targets_token_dies() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    let [sh, cmd] = CODE_OF_FILE;
    add_hook(&project, &[], sh, cmd);
    project.write("code", "0");
    project.everlit(&["target", "push"]).asking(&meta).run().ended(0);
    project.write("code", "75");
    let run = project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(4);
    run.says("not delivered to hook: ").says("; it still has the old token, which dies on ");
}

#[test]
fn push_believes_the_place_and_not_its_own_notes() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    project.everlit(&["target", "add", "f", "--kind", "file", "--set", "path=there"]).run().ended(0);
    let push = |name: &str| project.everlit(&["target", "push", name]).asking(&meta).run();
    let an_hour_later = || meta.sandbox.with(|meta| meta.advance(3_600));
    push("f").ended(0).says("delivered just now");
    an_hour_later();
    push("f").ended(0).says("delivered 60 minutes ago, and as far as it tells still there");
    project.remove("there");
    push("f").ended(0).says("delivered just now");
    assert_eq!(project.read("there"), token);

    let app = format!("[target.app]\nkind = \"heroku\"\nproject = \"bakery\"\nurl = {:?}\n", service.address);
    project.write("everlit.toml", app);
    service.answers_with(200, &json!({"IG_ACCESS_TOKEN": token}).to_string());
    let push = || {
        let push = project.everlit(&["target", "push"]).asking(&meta);
        push.env("EVERLIT_TARGET_APP_TOKEN", "fakeSECRETfake").run()
    };
    push().ended(0);
    an_hour_later();
    service.answers(503);
    push().ended(4).says("it could not be asked whether it still has it");
}

#[test]
fn a_dead_token_is_delivered_nowhere() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(70);
    let project = Project::holding(&token).with_metadata(&token, 70).with_file("there", "");
    project.everlit(&["target", "add", "f", "--kind", "file", "--set", "path=there"]).run().ended(0);
    project.everlit(&["target", "push"]).asking(&meta).run().ended(3).says("its token no longer works");
    assert_eq!(project.read("there"), "");
}

#[test]
fn a_wrong_target_table_is_named_by_list_and_push() {
    let project = Project::new().with_file("everlit.toml", "[target.site]\nkind = \"vercel\"\nproject = \"b\"\n");
    for command in [&["target", "list"][..], &["target", "push"]] {
        let run = project.everlit(command).run().ended(2);
        assert!(run.stderr.contains("`target.site.after` is missing"), "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn p3_a_child_gets_no_secrets_of_targets() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    let list = project.script("env", "set");
    let call = project.everlit(&[&["run", "--"], list].concat()).asking(&meta);
    let run = call.env("EVERLIT_TARGET_S_TOKEN", "fakeSECRETfake").run().ended(0);
    run.says(&format!("IG_ACCESS_TOKEN={}", meta.newest())).never_shows("fakeSECRETfake");
}

/// `cmd` can hardly do that.
#[cfg(unix)]
#[test]
fn p3_a_command_that_mangles_the_token_is_not_quoted() {
    let meta = Meta::friendly();
    let (project, _) = due(&meta);
    for script in ["sed 's/./& /g'; exit 1", "cut -c20-40 >&2; exit 1", "fold -w 16 | tail -3 | tr '\\n' ' '; exit 1"] {
        add_hook(&project, &[], script, "");
        let run = project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(5);
        run.says("its output holds parts of the token and is not shown");
    }
}

#[test]
fn what_cannot_be_asked_is_not_called_working() {
    let project = Project::new();
    let add = ["target", "add", "hook", "--kind", "command", "--"];
    let add = project.everlit(&[&add, project.script("exit 0", "exit /b 0")].concat()).run().ended(0);
    add.says("Only a delivery shows whether it works");
    let run = project.everlit(&["doctor", "--verbose"]).run();
    run.says("hook is configured; only a delivery shows whether it works");
}
