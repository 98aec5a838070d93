//! Addresses that can never work are refused before anything is sent.

use everlit_http::Secret;
use everlit_notify::{Error, Options, kind};

use crate::{NOW, Stepping, setup};

/// What `notify add` says to this URL.
fn check(of: &str, url: &str) -> Result<(), Error> {
    let checked = kind(of).unwrap().secrets[0].validate(url);
    let (options, clock) = (Options::default(), Stepping::at(NOW));
    let secrets = [("URL", Secret::new(url)), ("SECRET", Secret::new("whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"))];
    let setup = setup(of, &options, &secrets, &clock);
    let built = if setup.kind.is_monitor() { setup.heartbeat(1).map(drop) } else { setup.channel().map(drop) };
    assert_eq!(built, checked, "a URL from the environment is judged alike: {of} {url}");
    checked
}

#[test]
fn an_address_of_a_page_is_refused_with_the_right_way() {
    for (kind, url, way) in [
        ("teams", "https://contoso.webhook.office.com/webhookb2/fake@2222/IncomingWebhook/FAKE/3", "create a workflow"),
        ("teams", "https://outlook.office.com/webhook/fake@2222/IncomingWebhook/FAKE/3", "create a workflow"),
        ("teams", "https://teams.microsoft.com/l/channel/19%3afake/General", "open the workflow"),
        ("teams", "https://make.powerautomate.com/environments/fake/flows/fake", "open the workflow"),
        ("discord", "https://discord.com/channels/1/2", "Integrations > Webhooks"),
        ("discord", "https://discord.gg/fake", "Integrations > Webhooks"),
        ("discord", "https://discord.com/api/webhooks/1/fake/slack", "remove its last part"),
        ("slack", "https://discord.com/api/webhooks/1/fake", "append /slack"),
        ("slack", "https://app.slack.com/client/T0/C0", "incoming webhook"),
        ("slack", "https://hooks.slack.com/triggers/T0/1/fake", "incoming webhook"),
        ("ntfy", "https://ntfy.sh", "must end in a topic"),
        ("ntfy", "https://ntfy.sh/app", "must end in a topic"),
        ("ntfy", "https://ntfy.sh/topic/json", "must end in a topic"),
        ("healthchecks", "https://healthchecks.io/checks/11111111-2222-3333-4444-555555555555/details/", "ping URL"),
        ("healthchecks", "https://hc.example.org/checks/11111111-2222-3333-4444-555555555555/details/", "ping URL"),
        ("healthchecks", "https://healthchecks.io/projects/fake/checks/", "ping URL"),
        ("healthchecks", "https://hc-ping.com/11111111-2222-3333-4444-555555555555/start", "adds /start"),
        ("uptime-kuma", "https://kuma.example.org/dashboard/7", "/api/push/"),
        ("uptime-kuma", "https://kuma.example.org/push/fake", "/api/push/"),
        ("cronitor", "https://cronitor.io/app/monitors/fake", "https://cronitor.link/p/"),
        ("snitch", "https://deadmanssnitch.com/snitches/fake", "https://nosnch.in/"),
    ] {
        let error = check(kind, url).expect_err(url).to_string();
        assert!(error.contains(way) && !error.contains("fake") && !error.contains("FAKE"), "{kind} {url}: {error}");
    }
}

#[test]
fn addresses_that_the_services_hand_out_are_accepted() {
    for (kind, url) in [
        ("teams", "https://prod-1.westus.logic.azure.com:443/workflows/fake/triggers/manual/paths/invoke?sig=fake"),
        ("teams", "https://default1.2.environment.api.powerplatform.com:443/powerautomate/workflows/fake?sig=fake"),
        ("discord", "https://discord.com/api/webhooks/1/fake?wait=true"),
        ("discord", "https://canary.discord.com/api/v10/webhooks/1/fake"),
        ("slack", "https://hooks.slack.com/services/T0/B0/fake"),
        ("slack", "https://discord.com/api/webhooks/1/fake/slack"),
        ("slack", "https://mattermost.example.org/hooks/fake"),
        ("ntfy", "https://ntfy.sh/topic"),
        ("ntfy", "https://push.example.org/below/topic"),
        ("healthchecks", "https://hc-ping.com/11111111-2222-3333-4444-555555555555"),
        ("healthchecks", "https://hc-ping.com/fakekey/everlit"),
        ("healthchecks", "https://hc.example.org/ping/11111111-2222-3333-4444-555555555555"),
        ("uptime-kuma", "https://kuma.example.org/below/api/push/fake?status=up&msg=OK&ping="),
        ("cronitor", "https://cronitor.link/p/fakekey/everlit"),
        ("snitch", "https://nosnch.in/fake"),
        ("webhook", "https://hooks.example.org/"),
    ] {
        assert_eq!(check(kind, url), Ok(()), "{kind} {url}");
    }
}
