//! The bad days of those who are to tell: each service that refuses, hangs or speaks garbage is named in the run, kept in the
//! state, and changes nothing else.
#![allow(clippy::disallowed_methods, reason = "a test listens with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use everlit_sandbox::State;
use support::service::Service;
use support::{Meta, Project, Run, USERNAME};

/// A server that greets with this and then says no more, whatever it hears; with nothing it only takes connections.
fn greeting(message: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut open: Vec<TcpStream> = Vec::new();
        for mut stream in listener.incoming().map(Result::unwrap) {
            if message.is_empty() {
                open.push(stream);
                continue;
            }
            let _ = stream.write_all(message.as_bytes());
            // Until the other side has had enough.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    address
}

fn mail(name: &str, server: &str) -> String {
    format!(
        "[notify.{name}]\nkind = \"email\"\nserver = \"{server}\"\nsecurity = \"none\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\n"
    )
}

/// All at once, so that the one that hangs is waited for once.
#[test]
fn each_channel_that_fails_is_named_kept_and_changes_nothing_else() {
    let meta = Meta::friendly();
    let statuses = [("moved", 302), ("gone", 410), ("busy", 429), ("broken", 500)];
    let services = statuses.map(|(name, status)| {
        let service = Service::new();
        service.answers(status);
        (name, service)
    });
    let mails = [("refuses", "554 no service for you\r\n"), ("garbage", "SSH-2.0-OpenSSH_9.9\r\n"), ("hangs", "")];
    let chats = services.iter().map(|(name, _)| ["[notify.", name, "]\nkind = \"slack\"\n"].concat());
    let toml: String = chats.chain(mails.map(|(name, message)| mail(name, &greeting(message)))).collect();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31).with_file("everlit.toml", &toml);
    let run = || -> Run {
        let call = project.everlit(&["refresh"]).asking(&meta);
        let secret = |service: &Service| format!("{}/services/canaryFAKEcanary", service.address);
        let name = |name: &str| format!("EVERLIT_NOTIFY_{}_URL", name.to_uppercase());
        services.iter().fold(call, |call, (channel, service)| call.env(&name(channel), secret(service))).run()
    };
    meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
    let expected = [
        ("moved", "not followed"),
        ("gone", "(410"),
        ("busy", "429"),
        ("broken", "500"),
        ("refuses", "refuses the mail (554)"),
        ("garbage", "not as a mail server does"),
        ("hangs", "127.0.0.1 took longer than 30 seconds"),
    ];
    // The code is that of the dead token, and the token stays where it is.
    let first = run().ended(3).never_shows("canaryFAKE");
    let status = project.everlit(&["status", "--json"]).run().ended(3);
    let channels = status.json()["notify"].as_array().unwrap().clone();
    for (name, message) in expected {
        let said = first.stderr.lines().find(|line| line.contains(&format!("could not be sent to {name}: ")));
        assert!(said.is_some_and(|line| line.contains(message)), "{name}\n{first}");
        let kept = channels.iter().find(|channel| channel["name"] == name).unwrap();
        assert!(kept["failure"].as_str().is_some_and(|failure| failure.contains(message)), "{kept}");
    }
    assert!(project.read(".env.local").contains(&token));

    // Nobody has taken it, so it is tried again; whoever takes it is a failure no more.
    project.write("everlit.toml", toml.split("[notify.hangs]").next().unwrap());
    services[0].1.answers(200);
    services[3].1.answers(200);
    run().ended(3).never_shows("canaryFAKE");
    let channels = project.everlit(&["status", "--json"]).run().json()["notify"].as_array().unwrap().clone();
    let failing = |name: &str| channels.iter().any(|channel| channel["name"] == name && !channel["failure"].is_null());
    assert!(!failing("moved") && !failing("broken"), "{channels:?}");
}
