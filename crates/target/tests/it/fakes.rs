//! Hosts as their documentation describes them. Each keeps what it is given in its state, so that a test can look.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::server::{Answer, Asked, json};
use crate::support::CREDENTIAL;

pub(crate) const KEY: &str = "IG_ACCESS_TOKEN";

/// A host, and the settings with which everlit reaches it.
pub(crate) struct Host {
    pub(crate) kind: &'static str,
    /// The suffix of the secret that is its credential; `None` if the machine has one.
    pub(crate) secret: Option<&'static str>,
    /// `URL` stands for the address of the server.
    pub(crate) options: &'static [(&'static str, &'static [&'static str])],
    pub(crate) answer: fn(&mut Value, &Asked) -> Answer,
    /// Where its state keeps the token.
    pub(crate) kept_at: &'static str,
    /// Whether it shows what it holds.
    pub(crate) is_readable: bool,
}

pub(crate) const HOSTS: &[Host] = &[
    Host {
        kind: "netlify",
        secret: Some("TOKEN"),
        options: &[("project", &["bakery.netlify.app"]), ("environments", &["production"]), ("after", &["none"])],
        answer: netlify,
        kept_at: "/values/0/value",
        is_readable: true,
    },
    Host {
        kind: "gitlab-variable",
        secret: Some("TOKEN"),
        options: &[("project", &["ada/bakery"])],
        answer: gitlab,
        kept_at: "/*/value",
        is_readable: true,
    },
    Host {
        kind: "heroku",
        secret: Some("TOKEN"),
        options: &[("project", &["bakery"])],
        answer: heroku,
        kept_at: "/IG_ACCESS_TOKEN",
        is_readable: true,
    },
    Host {
        kind: "cloudflare-kv",
        secret: Some("TOKEN"),
        options: &[("account_id", &["acc"]), ("namespace", &["ns"])],
        answer: cloudflare,
        kept_at: "/value",
        is_readable: true,
    },
    Host {
        kind: "cloudflare-worker-secret",
        secret: Some("TOKEN"),
        options: &[("account_id", &["acc"]), ("project", &["site"])],
        answer: cloudflare,
        kept_at: "/text",
        is_readable: false,
    },
    Host {
        kind: "vault-kv",
        secret: Some("TOKEN"),
        options: &[("secret_path", &["sites/bakery"]), ("namespace", &["team/"])],
        answer: vault,
        kept_at: "/data/IG_ACCESS_TOKEN",
        is_readable: true,
    },
    Host {
        kind: "doppler",
        secret: Some("TOKEN"),
        options: &[("project", &["bakery"]), ("config", &["prd"])],
        answer: doppler,
        kept_at: "/IG_ACCESS_TOKEN",
        is_readable: true,
    },
    Host {
        kind: "kubernetes-secret",
        secret: Some("TOKEN"),
        options: &[("namespace", &["web"]), ("project", &["site"])],
        answer: kubernetes,
        kept_at: "/decoded/IG_ACCESS_TOKEN",
        is_readable: true,
    },
    Host {
        kind: "azure-keyvault",
        secret: Some("SECRET"),
        options: &[("tenant", &["bakery.example"]), ("client", &["app-1"]), ("authority", &["URL"])],
        answer: azure,
        kept_at: "/value",
        is_readable: true,
    },
    Host {
        kind: "gcp-secret",
        secret: None,
        options: &[("project", &["bakery-1"])],
        answer: gcp,
        kept_at: "/decoded",
        is_readable: true,
    },
];

/// What no host documents: a test that sees it fails.
fn unknown(asked: &Asked) -> Answer {
    json(418, &json!({"message": format!("no such call: {}", asked.line)}))
}

fn is_bearer(asked: &Asked) -> bool {
    asked.header("authorization") == format!("Bearer {CREDENTIAL}")
}

/// Puts the fields of a merge patch (RFC 7396) into an object.
pub(crate) fn merge(into: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    for (name, value) in fields {
        merge(&mut into[name], value);
    }
}

/// <https://open-api.netlify.com/>
pub(crate) fn netlify(state: &mut Value, asked: &Asked) -> Answer {
    if !is_bearer(asked) {
        return json(401, &json!({"code": 401, "message": "Access Denied"}));
    }
    let variable =
        |state: &Value| json!({"key": KEY, "scopes": ["builds"], "values": state["values"], "is_secret": false});
    let not_found = json(404, &json!({"code": 404, "message": "Not Found"}));
    match asked.decoded().as_str() {
        "GET /api/v1/sites/bakery.netlify.app" => json(200, &json!({"id": "site-1", "account_slug": "ada"})),
        "GET /api/v1/accounts/ada/env?site_id=site-1" if state.is_null() => json(200, &json!([])),
        "GET /api/v1/accounts/ada/env?site_id=site-1" => json(200, &json!([variable(state)])),
        "POST /api/v1/accounts/ada/env?site_id=site-1" => {
            let created = asked.json();
            assert_eq!(created[0]["key"], KEY);
            assert!(created[0].get("scopes").is_none(), "scopes fail on the free plan");
            *state = json!({"values": created[0]["values"]});
            json(201, &json!([variable(state)]))
        }
        "GET /api/v1/accounts/ada/env/IG_ACCESS_TOKEN?site_id=site-1" if !state.is_null() => {
            json(200, &variable(state))
        }
        "PATCH /api/v1/accounts/ada/env/IG_ACCESS_TOKEN?site_id=site-1" if !state.is_null() => {
            let value = asked.json();
            let values = state["values"].as_array_mut().unwrap();
            let is_other = |one: &Value| {
                (&one["context"], one.get("context_parameter")) != (&value["context"], value.get("context_parameter"))
            };
            values.retain(is_other);
            values.insert(0, value);
            json(201, &variable(state))
        }
        line if line.contains("/env/IG_ACCESS_TOKEN") => not_found,
        "POST /api/v1/sites/bakery.netlify.app/builds" => json(200, &json!({"id": "build-1", "deploy_id": "d"})),
        _ => unknown(asked),
    }
}

/// <https://docs.gitlab.com/api/project_level_variables/>. Its state is a variable for each scope.
pub(crate) fn gitlab(state: &mut Value, asked: &Asked) -> Answer {
    if asked.header("private-token") != CREDENTIAL {
        return json(401, &json!({"message": "401 Unauthorized"}));
    }
    let (method, path) = asked.line.split_once(' ').unwrap();
    let one = "/api/v4/projects/ada%2Fbakery/variables/IG_ACCESS_TOKEN?filter%5Benvironment%5Fscope%5D=";
    match (method, path) {
        ("GET", "/api/v4/personal_access_tokens/self") => {
            json(200, &json!({"id": 1, "scopes": ["api"], "expires_at": "2027-03-01"}))
        }
        ("GET", "/api/v4/projects/ada%2Fbakery/variables?per_page=1") => json(200, &json!([])),
        ("POST", "/api/v4/projects/ada%2Fbakery/variables") => {
            let variable = asked.json();
            state[variable["environment_scope"].as_str().unwrap()] = variable.clone();
            json(201, &variable)
        }
        (_, path) if path.starts_with(one) => {
            let scope = path[one.len()..].replace("%2A", "*");
            let Some(variable) = state.get_mut(&scope) else {
                return json(404, &json!({"message": "404 Variable Not Found"}));
            };
            if method == "PUT" {
                let body = asked.json();
                let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
                assert_eq!(fields, ["value"], "a hidden variable refuses the rest");
                merge(variable, &body);
            }
            json(200, variable)
        }
        _ => unknown(asked),
    }
}

/// <https://devcenter.heroku.com/articles/platform-api-reference#config-vars>
fn heroku(state: &mut Value, asked: &Asked) -> Answer {
    if !is_bearer(asked) {
        return json(401, &json!({"id": "unauthorized", "message": "Invalid credentials provided."}));
    }
    assert_eq!(asked.header("accept"), "application/vnd.heroku+json; version=3");
    match asked.line.as_str() {
        "GET /apps/bakery" => return json(200, &json!({"id": "01234567-89ab", "name": "bakery"})),
        "GET /apps/bakery/config-vars" => {}
        "PATCH /apps/bakery/config-vars" => merge(state, &asked.json()),
        _ => return unknown(asked),
    }
    merge(state, &json!({"OTHER": "stays"}));
    json(200, state)
}

/// <https://developers.cloudflare.com/api/>
fn cloudflare(state: &mut Value, asked: &Asked) -> Answer {
    if !is_bearer(asked) {
        let error = json!({"code": 10000, "message": "Authentication error"});
        return json(403, &json!({"success": false, "errors": [error], "messages": [], "result": null}));
    }
    let answer = |result: Value| json(200, &json!({"success": true, "errors": [], "messages": [], "result": result}));
    match asked.line.as_str() {
        "GET /user/tokens/verify" => {
            json(401, &json!({"success": false, "errors": [{"message": "Invalid API Token"}]}))
        }
        "GET /accounts/acc/tokens/verify" => answer(json!({"status": "active", "expires_on": "2027-03-01T00:00:00Z"})),
        "GET /accounts/acc/storage/kv/namespaces/ns" => answer(json!({"id": "ns", "title": "site"})),
        "PUT /accounts/acc/storage/kv/namespaces/ns/values/IG%5FACCESS%5FTOKEN" => {
            assert_eq!(asked.header("content-type"), "application/octet-stream");
            *state = json!({"value": asked.body});
            answer(Value::Null)
        }
        "GET /accounts/acc/storage/kv/namespaces/ns/values/IG%5FACCESS%5FTOKEN" => match state["value"].as_str() {
            Some(value) => (200, "content-type: application/octet-stream\r\n", value.to_owned()),
            None => json(404, &json!({"success": false, "errors": [{"code": 10009, "message": "key not found"}]})),
        },
        "GET /accounts/acc/workers/scripts/site/secrets" => answer(json!([])),
        "PUT /accounts/acc/workers/scripts/site/secrets" => {
            *state = asked.json();
            assert_eq!((&state["name"], &state["type"]), (&json!(KEY), &json!("secret_text")));
            answer(json!({"name": KEY, "type": "secret_text"}))
        }
        _ => unknown(asked),
    }
}

/// <https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2>
pub(crate) fn vault(state: &mut Value, asked: &Asked) -> Answer {
    if asked.header("x-vault-token") != CREDENTIAL || asked.header("x-vault-namespace") != "team/" {
        return json(403, &json!({"errors": ["permission denied"]}));
    }
    match asked.line.as_str() {
        "GET /v1/auth/token/lookup-self" => json(200, &json!({"data": {"expire_time": "2027-03-01T00:00:00.5Z"}})),
        "GET /v1/sys/internal/ui/mounts/secret" => {
            json(200, &json!({"data": {"type": "kv", "options": {"version": "2"}}}))
        }
        "POST /v1/sys/capabilities-self" => {
            assert_eq!(asked.json(), json!({"paths": ["secret/data/sites/bakery"]}));
            let rights = json!(["create", "patch", "read"]);
            json(200, &json!({"data": {"secret/data/sites/bakery": rights}, "capabilities": rights}))
        }
        "GET /v1/secret/data/sites/bakery" if state.is_null() => json(404, &json!({"errors": []})),
        "GET /v1/secret/data/sites/bakery" => {
            json(200, &json!({"data": {"data": state["data"], "metadata": {"version": state["version"]}}}))
        }
        "POST /v1/secret/data/sites/bakery" | "PATCH /v1/secret/data/sites/bakery" => {
            let (body, version) = (asked.json(), state["version"].as_u64().unwrap_or(0));
            let is_patch = asked.line.starts_with("PATCH");
            let kind = if is_patch { "application/merge-patch+json" } else { "application/json" };
            assert_eq!(asked.header("content-type"), kind);
            if body["options"]["cas"] != version {
                let error = "check-and-set parameter did not match the current version";
                return json(400, &json!({"errors": [error]}));
            }
            if !is_patch {
                *state = json!({});
            }
            merge(state, &json!({"data": body["data"], "version": version + 1}));
            json(200, &json!({"data": {"version": state["version"], "created_time": "2026-11-27T00:00:00Z"}}))
        }
        _ => unknown(asked),
    }
}

/// <https://docs.doppler.com/reference/secrets-update>
fn doppler(state: &mut Value, asked: &Asked) -> Answer {
    if !is_bearer(asked) {
        return json(401, &json!({"messages": ["Invalid Auth token"], "success": false}));
    }
    let shown = |value: &Value| json!({"raw": value, "computed": value, "note": ""});
    match asked.line.as_str() {
        "GET /v3/configs/config?project=bakery&config=prd" => {
            json(200, &json!({"config": {"name": "prd", "project": "bakery"}, "success": true}))
        }
        "POST /v3/configs/config/secrets" => {
            let body = asked.json();
            assert_eq!((&body["project"], &body["config"]), (&json!("bakery"), &json!("prd")));
            merge(state, &body["secrets"]);
            json(200, &json!({"secrets": {KEY: shown(&state[KEY])}, "success": true}))
        }
        "GET /v3/configs/config/secret?project=bakery&config=prd&name=IG%5FACCESS%5FTOKEN" => match state.get(KEY) {
            Some(value) => json(200, &json!({"name": KEY, "value": shown(value), "success": true})),
            None => json(404, &json!({"messages": ["Could not find requested secret"], "success": false})),
        },
        _ => unknown(asked),
    }
}

/// <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>. Its state is the data.
pub(crate) fn kubernetes(state: &mut Value, asked: &Asked) -> Answer {
    let status = |code: u16, message: &str| {
        json(code, &json!({"kind": "Status", "status": "Failure", "message": message, "code": code}))
    };
    if !is_bearer(asked) {
        return status(401, "Unauthorized");
    }
    assert_eq!(asked.header("content-type"), "application/merge-patch+json");
    match asked.line.split_once('?') {
        Some(("PATCH /api/v1/namespaces/web/secrets/site", "fieldManager=everlit&dryRun=All")) => {
            assert_eq!(asked.json(), json!({}), "a dry run changes nothing");
        }
        Some(("PATCH /api/v1/namespaces/web/secrets/site", "fieldManager=everlit")) => {
            merge(state, &asked.json());
            for (name, value) in state["data"].clone().as_object().unwrap() {
                let decoded = STANDARD.decode(value.as_str().unwrap()).unwrap();
                state["decoded"][name] = String::from_utf8(decoded).unwrap().into();
            }
        }
        Some(("PATCH /apis/apps/v1/namespaces/web/deployments/shop", "fieldManager=everlit")) => {
            return json(200, &json!({"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "shop"}}));
        }
        _ => return status(404, "secrets \"other\" not found"),
    }
    let metadata = json!({"name": "site", "namespace": "web"});
    json(200, &json!({"kind": "Secret", "apiVersion": "v1", "metadata": metadata, "data": state["data"]}))
}

/// <https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret>, and the token endpoint of Microsoft Entra.
pub(crate) fn azure(state: &mut Value, asked: &Asked) -> Answer {
    let id = "https://bakery.vault.azure.net/secrets/IG-ACCESS-TOKEN/4387e9f3d6e14c459867679a90fd0f79";
    if asked.line == "POST /bakery%2Eexample/oauth2/v2.0/token" {
        assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
        let form = format!(
            "grant%5Ftype=client%5Fcredentials&client%5Fid=app%2D1&client%5Fsecret={CREDENTIAL}\
             &scope=https%3A%2F%2Fvault%2Eazure%2Enet%2F%2Edefault"
        );
        if asked.body != form {
            let why = "AADSTS7000215: Invalid client secret provided.";
            return json(400, &json!({"error": "invalid_client", "error_description": why}));
        }
        return json(200, &json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "fakeACCESSfake"}));
    }
    if asked.header("authorization") != "Bearer fakeACCESSfake" {
        return json(
            401,
            &json!({"error": {"code": "Unauthorized", "message": "AKV10000: Request is missing a token"}}),
        );
    }
    match asked.line.as_str() {
        "GET /secrets?api%2Dversion=7%2E4&maxresults=1" => return json(200, &json!({"value": [], "nextLink": null})),
        "PUT /secrets/IG-ACCESS-TOKEN?api%2Dversion=7%2E4" => merge(state, &asked.json()),
        "GET /secrets/IG-ACCESS-TOKEN?api%2Dversion=7%2E4" if !state.is_null() => {}
        "GET /secrets/IG-ACCESS-TOKEN?api%2Dversion=7%2E4" => {
            return json(404, &json!({"error": {"code": "SecretNotFound", "message": "A secret was not found"}}));
        }
        _ => return unknown(asked),
    }
    json(200, &json!({"value": state["value"], "id": id, "attributes": state["attributes"]}))
}

/// <https://cloud.google.com/secret-manager/docs/reference/rest>, and the metadata server. Its state is the versions.
pub(crate) fn gcp(state: &mut Value, asked: &Asked) -> Answer {
    if asked.line == "GET /computeMetadata/v1/instance/service-accounts/default/token" {
        assert_eq!(asked.header("metadata-flavor"), "Google");
        return json(200, &json!({"access_token": CREDENTIAL, "expires_in": 3599, "token_type": "Bearer"}));
    }
    if !is_bearer(asked) {
        return json(
            401,
            &json!({"error": {"code": 401, "message": "Invalid credentials", "status": "UNAUTHENTICATED"}}),
        );
    }
    let secret = "/v1/projects/bakery%2D1/secrets/IG_ACCESS_TOKEN";
    let (method, path) = asked.line.split_once(' ').unwrap();
    let Some(call) = path.strip_prefix(secret) else { return unknown(asked) };
    let name = |number: usize| format!("projects/7/secrets/IG_ACCESS_TOKEN/versions/{number}");
    let count = state["versions"].as_array().map_or(0, Vec::len);
    match (method, call) {
        ("POST", ":testIamPermissions") => json(200, &asked.json()),
        ("POST", ":addVersion") => {
            let payload = asked.json()["payload"].clone();
            let data = STANDARD.decode(payload["data"].as_str().unwrap()).unwrap();
            let version = json!({"name": name(count + 1), "state": "ENABLED"});
            merge(state, &json!({"payload": payload, "decoded": String::from_utf8(data).unwrap()}));
            if count == 0 {
                state["versions"] = json!([]);
            }
            state["versions"].as_array_mut().unwrap().push(version.clone());
            json(200, &version)
        }
        ("GET", "/versions?filter=state%3AENABLED&pageSize=100") => {
            let mut versions = state["versions"].clone();
            versions.as_array_mut().unwrap().retain(|version| version["state"] == "ENABLED");
            json(200, &json!({"versions": versions}))
        }
        ("GET", "/versions/latest:access") if count > 0 => {
            json(200, &json!({"name": name(count), "payload": state["payload"]}))
        }
        ("POST", call) if call.ends_with(":disable") => {
            let number: usize = call["/versions/".len()..].trim_end_matches(":disable").parse().unwrap();
            state["versions"][number - 1]["state"] = json!("DISABLED");
            json(200, &state["versions"][number - 1])
        }
        _ => json(404, &json!({"error": {"code": 404, "message": "Secret not found", "status": "NOT_FOUND"}})),
    }
}
