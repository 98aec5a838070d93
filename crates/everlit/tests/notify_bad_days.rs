//! Services that refuse, hang or send garbage are named in the run's output, recorded, and change nothing else.
#![allow(clippy::disallowed_methods, reason = "a test listens with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use everlit_sandbox::State;
use support::service::Service;
use support::{Meta, Project, Run, USERNAME};

/// A server that sends this greeting and nothing more. With an empty one it only accepts connections.
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
            // Until the other side closes.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    address
}

fn mail(name: &str, server: &str) -> String {
    format!(
        "[notify.{name}]\nkind = \"email\"\nserver = \"{server}\"\nsecurity = \"none\"\n\
         from = \"a@b.example\"\nto = [\"c@d.example\"]\n"
    )
}

/// All in one run, so that only one timeout is waited for.
#[test]
fn failing_channels_are_named_and_recorded_and_nothing_else() {
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
        ("refuses", "rejected the mail (554)"),
        ("garbage", "does not respond like a mail server"),
        ("hangs", "127.0.0.1 took longer than 30 seconds"),
    ];
    // The exit code is that of the dead token, which stays in place.
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

    // Nobody has received it, so it is retried, and a channel that receives it is healthy again.
    project.write("everlit.toml", toml.split("[notify.hangs]").next().unwrap());
    services[0].1.answers(200);
    services[3].1.answers(200);
    run().ended(3).never_shows("canaryFAKE");
    let channels = project.everlit(&["status", "--json"]).run().json()["notify"].as_array().unwrap().clone();
    let failing = |name: &str| channels.iter().any(|channel| channel["name"] == name && !channel["failure"].is_null());
    assert!(!failing("moved") && !failing("broken"), "{channels:?}");
}
