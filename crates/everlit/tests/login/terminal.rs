//! At a terminal: the browser's answer and a pasted one are waited for at the same time.

use everlit_sandbox::{Issue, Kind};

use crate::person::{Login, allows, calls, cancels, connect, content, param, project, request};
use crate::support::{Call, Meta, Project, USERNAME};

const BROWSER: [&str; 3] = ["--instagram", "--port", "0"];

fn begin(project: &Project, meta: &Meta, arguments: &[&str]) -> Login {
    Login::at_a_terminal(connect(project, meta, arguments))
}

#[test]
fn the_address_can_be_pasted_while_waiting_for_the_browser() {
    let (meta, project) = (Meta::friendly(), project());
    let mut login = begin(&project, &meta, &BROWSER);
    let address = login.address();
    let redirect_uri = param(&address, "redirect_uri");
    assert!(redirect_uri.starts_with("https%3A%2F%2Flocalhost%3A"), "{redirect_uri}");
    let waiting = login.hears("Waiting for the browser, 5 minutes");
    assert!(waiting.contains("Paste the final address here"), "{waiting}");
    login.types(&allows(&address));
    let run = login.ended().ended(0);
    assert!(project.read(".env.local").contains(&meta.newest()), "{run}");
}

#[test]
fn a_wrong_paste_is_explained_and_the_login_goes_on() {
    let (meta, project) = (Meta::friendly(), project());
    let mut login = begin(&project, &meta, &["--instagram", "--paste"]);
    let address = login.address();
    let end = allows(&address);
    for (line, message) in [
        ("hello", "Not taken: it contains no login code. Copy the whole address"),
        (&address, "Not taken: this is the URL where the login starts"),
        (&end.replace("state=", "state=0"), "Not taken: this is the answer to a different login"),
        (end.split("&state").next().unwrap(), "Not taken: the URL is incomplete"),
    ] {
        login.types(line);
        login.hears(message);
    }
    // A code alone may be somebody else's: it takes a word of the person.
    let code = param(&end, "code");
    login.types(&code);
    login.hears("everlit cannot tell whether it belongs to this login");
    login.types("n");
    login.hears("Then paste the whole address.");
    login.types(&code);
    login.hears("everlit cannot tell whether it belongs to this login");
    login.types("y");
    login.ended().ended(0).never_shows(&code);
    assert_eq!(calls(&meta)[0], 1);
}

#[test]
fn the_browser_answers_by_plain_http_with_the_http_flag() {
    let (meta, project) = (Meta::friendly(), project());
    let mut login = begin(&project, &meta, &["--facebook", "--http", "--port", "0", "--key", "FACEBOOK_ACCESS_TOKEN"]);
    let address = login.hears("/dialog/oauth?client_id=");
    login.hears("Waiting for the browser");
    let end = allows(&address);
    let forged = request("GET", &end.replace("state=", "state=0"), "");
    assert_eq!((forged.status, calls(&meta)[0]), (400, 0));
    let shown = request("GET", end.split('#').next().unwrap(), "");
    assert!(shown.status == 200 && shown.body.contains("You can close this tab"), "{}", shown.body);
    let run = login.ended();
    assert_eq!(calls(&meta)[..3], [1, 0, 1], "{run}");
    run.never_shows("certificate");
}

#[test]
fn cancelling_in_the_browser_ends_the_login() {
    let (meta, project) = (Meta::friendly(), project());
    let mut login = begin(&project, &meta, &["--facebook", "--http", "--port", "0"]);
    let address = login.hears("/dialog/oauth?client_id=");
    login.hears("Waiting for the browser");
    let shown = request("GET", &cancels(&address), "");
    assert!(shown.body.contains("access was denied"), "{}", shown.body);
    login.ended().ended(3).notes("access was denied").notes("Next: everlit connect --facebook");
    assert_eq!(calls(&meta), [0; 4]);
}

#[test]
fn an_unknown_page_is_asked_for_again_without_a_new_login() {
    const PAGE: [&str; 6] = ["--facebook", "--paste", "--key", "FACEBOOK_ACCESS_TOKEN", "--page", "Bakary"];
    let (meta, project) = (Meta::friendly(), project());
    let begun = |login: fn(Call) -> Login| {
        let mut login = login(connect(&project, &meta, &PAGE));
        let address = login.hears("/dialog/oauth?client_id=");
        login.types(&allows(&address));
        login
    };
    let none = "no page has exactly that name or id";
    // Nobody is asked where nobody reads the question.
    begun(Login::by_a_program).ended().ended(2).notes(none).notes("--page ID");
    begun(Login::at_a_terminal).ended().ended(2).notes(none);
    let mut given_up = begun(Login::face_to_face);
    given_up.hears("or Enter to give up");
    given_up.types("");
    given_up.ended().ended(2).notes(none);
    assert!(!project.read(".env.local").contains("FACEBOOK_ACCESS_TOKEN"));

    let mut login = begun(Login::face_to_face);
    let page = login.hears(&format!("{USERNAME}'s page"));
    login.hears("Which page's token is wanted?");
    login.types("another slip");
    login.hears("Which page's token is wanted?");
    login.types(page.split(' ').next().unwrap());
    let before = calls(&meta)[0];
    login.ended().ended(0).says("a Facebook page's token");
    assert_eq!(calls(&meta)[0], before, "one login is enough");
}

#[test]
fn a_login_of_another_account_needs_confirmation() {
    let meta = Meta::friendly();
    let other = meta.issue(&Issue::new(Kind::Instagram).username("rainy_florist").aged_days(2));
    let project = project();
    project.everlit(&["connect", "--stdin"]).asking(&meta).fed(&other).ended(0);
    let before = content(&project);
    let begun = |login: fn(Call) -> Login| {
        let mut login = login(connect(&project, &meta, &["--instagram", "--paste"]));
        let address = login.address();
        login.types(&allows(&address));
        login
    };
    // Nobody is asked where nobody reads the question.
    begun(Login::by_a_program).ended().ended(2).says("--replace-account");
    begun(Login::at_a_terminal).ended().ended(2).says("--replace-account");
    for answer in ["", "n", "x"] {
        let mut login = begun(Login::face_to_face);
        login.hears("rainy_florist");
        login.hears("Replace it? [y/N]");
        login.types(answer);
        login.ended().ended(2).says("--replace-account").says("nothing was changed");
    }
    assert_eq!(content(&project), before);
    let mut login = begun(Login::face_to_face);
    login.hears("Replace it? [y/N]");
    login.types("y");
    login.ended().ended(0).says(USERNAME);
    assert!(project.read(".env.local").contains(&meta.newest()));
    assert_eq!(calls(&meta)[0], 6, "one login is enough");
}

#[test]
fn a_port_in_use_is_named() {
    let (meta, project) = (Meta::friendly(), project());
    // `localhost` may mean either: with one of them somebody else would get the answer.
    for address in ["127.0.0.1:0", "[::1]:0"] {
        let taken = std::net::TcpListener::bind(address);
        // A machine without IPv6 has the first alone.
        let Ok(taken) = taken.inspect_err(|_| assert_eq!(address, "[::1]:0")) else { continue };
        let port = taken.local_addr().unwrap().port().to_string();
        let login = begin(&project, &meta, &["--instagram", "--port", &port]);
        login.ended().ended(2).notes(&format!("port {port} of this machine is in use")).notes("--port PORT");
    }
}

#[test]
fn a_login_needs_a_person_and_does_not_wait_for_ever() {
    let (meta, project) = (Meta::friendly(), project());
    let late = begin(&project, &meta, &["--instagram", "--port", "0", "--wait", "1"]);
    let late = late.ended().ended(3).notes("will warn about the certificate");
    late.notes("nobody logged in within 1 second")
        .notes("Next: everlit connect --instagram\n")
        .notes("--paste is for a browser");
    for arguments in [&["--instagram"][..], &["--instagram", "--no-input"], &["--instagram", "--paste", "--no-input"]] {
        let at_terminal = arguments.contains(&"--no-input");
        let call = connect(&project, &meta, arguments);
        let login = if at_terminal { Login::at_a_terminal(call) } else { Login::by_a_program(call) };
        login
            .ended()
            .ended(2)
            .notes("a login needs a person")
            .notes("Next: everlit connect --instagram\n")
            .notes("with --paste");
    }
    let in_ci = connect(&project, &meta, &["--instagram"]).env("CI", "true");
    Login::at_a_terminal(in_ci).ended().ended(2).notes("a login needs a person");
    assert_eq!(calls(&meta), [0; 4]);
}

#[test]
fn ctrl_c_ends_the_login_and_changes_nothing() {
    use std::os::unix::process::ExitStatusExt as _;
    let (meta, project) = (Meta::friendly(), project());
    let before = content(&project);
    let mut login = begin(&project, &meta, &BROWSER);
    login.hears("Waiting for the browser");
    let pid = rustix::process::Pid::from_child(&login.child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let status = login.child.wait().unwrap();
    // A shell makes 130 of it.
    assert_eq!(status.signal(), Some(2));
    assert_eq!(content(&project), before);
}
