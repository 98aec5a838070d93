//! Cloud Run, Azure Container Apps, AWS Lambda, and the functions of Vercel, Netlify and Cloudflare that call everlit.

use std::fs;
use std::path::{Path, PathBuf};

use everlit_schedule::{HostedMachine, Job, JobError, Scheduler, TokenPlace};
use serde_json::{Value, json};

use crate::{accepts, ask, by_npm, by_pip, job, read, refuses, render, text, write};

const WITH_SOURCE: [Scheduler; 3] = [Scheduler::CloudRun, Scheduler::Azure, Scheduler::AwsLambda];

fn place(kind: &'static str, key: &str, is_source: bool, options: &[(&'static str, &str)]) -> TokenPlace {
    let mut all = everlit_options::Options::default();
    for (name, value) in options {
        all.set(name, vec![(*value).to_owned()]);
    }
    TokenPlace { kind, key: key.to_owned(), is_source, options: all }
}

/// A job whose token comes from the first of these places.
fn job_with(places: Vec<TokenPlace>) -> Job {
    let variables = ["EVERLIT_TARGET_STORE_TOKEN", "META_APP_SECRET"].map(str::to_owned).to_vec();
    let machine = HostedMachine { variables, has_sources: true, places, environment: None };
    job("/srv/the bakery with the very long name").on_hosted_machine(machine)
}

fn file_of(scheduler: Scheduler, job: &Job, folder: &Path) -> PathBuf {
    write(folder, &render(scheduler, job)).remove(0)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators").join(name)
}

/// Fails unless a validator in Python accepts the file, and refuses it with the word replaced.
fn is_judged(script_name: &str, description: &str, file: &Path, word: &str) {
    let python = by_pip("python");
    let description = python.parent().unwrap().join("../..").join(description);
    let script = script(script_name);
    let arguments = [script.as_ref(), description.as_ref(), file.as_ref()];
    accepts(&python, &arguments);
    let good = fs::read_to_string(file).unwrap();
    fs::write(file, good.replace(word, "wrongWord")).unwrap();
    assert!(refuses(&python, &arguments), "a validator that accepts anything is useless");
    fs::write(file, good).unwrap();
}

#[test]
fn the_cloud_run_job_fits_googles_description() {
    let scratch = tempfile::tempdir().unwrap();
    let job = job_with(vec![place("gcp-secret", "IG_ACCESS_TOKEN", true, &[("project", "bakery-1")])]);
    let file = file_of(Scheduler::CloudRun, &job, scratch.path());
    is_judged("cloud_run.py", "google/run.v1.json", &file, "maxRetries");
    let read = read(&[file]).remove(0);
    let execution = &read["spec"]["template"]["spec"];
    assert_eq!((&execution["parallelism"], &execution["taskCount"]), (&json!(1), &json!(1)));
    let task = &execution["template"]["spec"];
    let container = &task["containers"][0];
    assert_eq!(container["args"], json!(["-C", "/project", "refresh", "--no-input"]));
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/project");
    let app =
        json!({"name": "META_APP_SECRET", "valueFrom": {"secretKeyRef": {"name": "META_APP_SECRET", "key": "latest"}}});
    assert_eq!(container["env"][1], app);
    assert_eq!(task["serviceAccountName"], "everlit@bakery-1.iam.gserviceaccount.com");
    assert_eq!(task["volumes"][0]["secret"]["items"], json!([{"key": "latest", "path": "everlit.toml"}]));
}

#[test]
fn the_azure_job_is_read_as_az_reads_it() {
    let scratch = tempfile::tempdir().unwrap();
    let url = [("url", "https://bakery.vault.azure.net")];
    let job = job_with(vec![place("azure-keyvault", "IG_ACCESS_TOKEN", true, &url)]);
    let file = file_of(Scheduler::Azure, &job, scratch.path());
    is_judged("azure_job.py", "azure", &file, "replicaTimeout");
    let read = read(&[file]).remove(0);
    // Longer names are refused.
    let name = read["name"].as_str().unwrap();
    assert!(name.len() < 32 && name.starts_with("everlit-the-bakery") && !name.contains("--"), "{name}");
    let configuration = &read["properties"]["configuration"];
    let schedule = &configuration["scheduleTriggerConfig"];
    assert_eq!(schedule["cronExpression"], format!("{} {} * * *", job.time().minute(), job.time().hour()));
    assert_eq!(schedule["parallelism"], 1);
    let secret = &configuration["secrets"][2];
    assert_eq!(secret["keyVaultUrl"], "https://bakery.vault.azure.net/secrets/meta-app-secret");
    let container = &read["properties"]["template"]["containers"][0];
    assert_eq!(container["env"][1], json!({"name": "META_APP_SECRET", "secretRef": "meta-app-secret"}));
}

#[test]
fn the_lambda_template_passes_cfn_lint() {
    let scratch = tempfile::tempdir().unwrap();
    fs::write(scratch.path().join("function.zip"), "").unwrap();
    let alone = HostedMachine { has_sources: true, ..HostedMachine::default() };
    for job in [job_with(places_at_aws()), job("/srv/bakery").on_hosted_machine(alone)] {
        let file = file_of(Scheduler::AwsLambda, &job, scratch.path());
        let arguments = ["--regions".as_ref(), "eu-central-1".as_ref(), "--".as_ref(), file.as_ref()];
        accepts(by_pip("cfn-lint"), &arguments);
        let good = fs::read_to_string(&file).unwrap();
        for (word, wrong) in [("ReservedConcurrent", "ReservedConcurent"), ("!Ref AlarmTopic]", "!Ref AlarmTopics]")] {
            fs::write(&file, good.replace(word, wrong)).unwrap();
            assert!(refuses(by_pip("cfn-lint"), &arguments), "{wrong}: a validator that accepts anything is useless");
        }
    }
}

fn places_at_aws() -> Vec<TokenPlace> {
    vec![
        place("aws-ssm", "/site/ig-token", true, &[("region", "eu-central-1"), ("kms_key", "alias/site")]),
        place("aws-secretsmanager", "site/copy", false, &[("kms_key", "1234abcd")]),
        place("vercel", "IG_ACCESS_TOKEN", false, &[]),
    ]
}

#[test]
fn the_function_has_rights_to_its_own_names_alone() {
    let template = render(Scheduler::AwsLambda, &job_with(places_at_aws())).remove(0).text;
    let rights: Vec<&str> = template
        .lines()
        .map(str::trim)
        .filter(|line| ["Action: ", "- !Sub ", "Condition: "].iter().any(|start| line.starts_with(start)))
        .collect();
    let arn = |rest: &str| format!("- !Sub \"arn:${{AWS::Partition}}:{rest}\"");
    let here = "${AWS::Region}:${AWS::AccountId}";
    let expected = [
        "Action: [ssm:GetParameter, ssm:PutParameter]".to_owned(),
        arn("ssm:eu-central-1:${AWS::AccountId}:parameter/site/ig-token"),
        arn("ssm:eu-central-1:${AWS::AccountId}:parameter/site/ig-token-everlit"),
        "Action: [kms:Decrypt, kms:Encrypt, kms:GenerateDataKey]".to_owned(),
        arn("kms:eu-central-1:${AWS::AccountId}:key/*"),
        "Condition: { ForAnyValue:StringEquals: { kms:ResourceAliases: \"alias/site\" } }".to_owned(),
        "Action: [secretsmanager:GetSecretValue, secretsmanager:PutSecretValue, secretsmanager:CreateSecret]"
            .to_owned(),
        arn(&format!("secretsmanager:{here}:secret:site/copy-??????")),
        "Action: [kms:Decrypt, kms:Encrypt, kms:GenerateDataKey]".to_owned(),
        arn(&format!("kms:{here}:key/1234abcd")),
    ];
    assert_eq!(rights, expected);
}

#[test]
fn nothing_is_written_that_could_not_keep_a_token() {
    let feeds_ci = HostedMachine { variables: vec!["IG_ACCESS_TOKEN".to_owned()], ..HostedMachine::default() };
    for scheduler in WITH_SOURCE {
        for job in [job("/srv/bakery"), job("/srv/bakery").on_hosted_machine(feeds_ci.clone())] {
            assert_eq!(scheduler.render(&job), Err(JobError::NoSource(scheduler)));
        }
        let flags = ["--ca-file", "ca.pem"].map(str::to_owned).to_vec();
        let refused = scheduler.render(&job_with(Vec::new()).with_flags(flags).unwrap());
        assert_eq!(refused, Err(JobError::FlagElsewhere { scheduler, flag: "--ca-file".to_owned() }));
    }
}

#[test]
fn a_cronjob_whose_token_comes_from_a_target_has_no_volume() {
    let scratch = tempfile::tempdir().unwrap();
    for (kind, account) in [("redis", false), ("kubernetes-secret", true)] {
        let job = job_with(vec![place(kind, "ig", true, &[])]);
        let file = file_of(Scheduler::Kubernetes, &job, scratch.path());
        accepts(by_pip("kubernetes-validate"), &["--strict".as_ref(), file.as_ref()]);
        let pod = read(&[file]).remove(0)["spec"]["jobTemplate"]["spec"]["template"]["spec"].clone();
        let settings = json!({"name": "project", "configMap": {"name": job.label()}});
        assert_eq!((&pod["volumes"][0], pod["volumes"][1]["name"].as_str()), (&settings, Some("tmp")));
        assert_eq!(pod["serviceAccountName"].as_str(), account.then_some(job.label()));
        assert_eq!(pod["automountServiceAccountToken"].is_null(), account);
        let key = &pod["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"];
        assert_eq!(key, &json!({"name": job.label(), "key": "EVERLIT_TARGET_STORE_TOKEN"}));
    }
}

/// What became of each case of the callers' test.
fn outcomes(scheduler: Scheduler) -> Value {
    let scratch = tempfile::tempdir().unwrap();
    write(scratch.path(), &render(scheduler, &job("/srv/bakery")));
    let (modules, script) = (by_npm(""), script("callers.mjs"));
    let arguments = [script.as_ref(), modules.as_ref(), scheduler.name().as_ref(), scratch.path().as_ref()];
    let ended = ask("node", &arguments);
    assert!(ended.status.success(), "{scheduler}: {}", text(&ended));
    serde_json::from_slice(&ended.stdout).unwrap()
}

#[test]
fn each_caller_makes_one_verified_call() {
    for scheduler in [Scheduler::Vercel, Scheduler::Netlify, Scheduler::Cloudflare] {
        let outcomes = outcomes(scheduler);
        let (first, second) = (&outcomes["works"], &outcomes["works again"]);
        for one in [first, second] {
            assert_eq!(one["failed"], false, "{scheduler}: {one}");
            let [call] = one["calls"].as_array().unwrap().as_slice() else { panic!("{scheduler}: {one}") };
            assert_eq!((&call["method"], &call["path"]), (&json!("POST"), &json!("/refresh")));
            assert_eq!((&call["verified"], &call["body"]), (&json!(true), &json!("{\"type\":\"refresh\"}")));
        }
        assert_ne!(first["calls"][0]["id"], second["calls"][0]["id"], "an id is used once");
        // Whatever goes wrong, the platform sees a failure, and nothing is called twice.
        for (case, calls) in
            [("refused", 1), ("fails", 1), ("moved", 1), ("no url", 0), ("no secret", 0), ("nobody there", 0)]
        {
            let outcome = &outcomes[case];
            assert_eq!(outcome["failed"], true, "{scheduler}, {case}: {outcome}");
            assert_eq!(outcome["calls"].as_array().map(Vec::len), Some(calls), "{scheduler}, {case}: {outcome}");
        }
        if scheduler == Scheduler::Vercel {
            for case in ["stranger", "stranger who guesses"] {
                let outcome = &outcomes[case];
                assert_eq!((&outcome["failed"], &outcome["calls"]), (&json!(true), &json!([])), "{case}");
            }
        }
        if scheduler != Scheduler::Cloudflare {
            let slow = &outcomes["slow"];
            // Netlify ends a function after 30 seconds, Vercel this one after 60.
            let deadline = if scheduler == Scheduler::Netlify { 25_000 } else { 55_000 };
            assert_eq!((&slow["failed"], &slow["deadline"]), (&json!(true), &json!(deadline)), "{scheduler}: {slow}");
        }
    }
}

#[test]
fn vercels_file_has_vercels_own_types() {
    let files = render(Scheduler::Vercel, &job("/srv/bakery"));
    // Modules are looked for in the folders above.
    let scratch = tempfile::tempdir_in(by_npm("").parent().unwrap()).unwrap();
    let module = scratch.path().join("vercel.ts");
    let compile = |text: &str| {
        let types = "import type { VercelConfig } from '@vercel/config/v1/types';\nexport const config: VercelConfig =";
        fs::write(&module, format!("{types} {text};\n")).unwrap();
        let strict = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"];
        let mut arguments: Vec<_> = strict.iter().map(AsRef::as_ref).collect();
        arguments.push(module.as_ref());
        ask(by_npm(".bin/tsc"), &arguments)
    };
    let ended = compile(&files[0].text);
    assert!(ended.status.success(), "{}", text(&ended));
    let wrong = compile(&files[0].text.replace("schedule", "schedules"));
    assert!(!wrong.status.success(), "a validator that accepts anything is useless");
}

#[test]
fn cloudflares_file_fits_wranglers_schema() {
    let scratch = tempfile::tempdir().unwrap();
    let file = file_of(Scheduler::Cloudflare, &job("/srv/bakery"), scratch.path());
    let schema = by_npm("wrangler/config-schema.json");
    // JSON5 is a superset of JSON with comments, and YAML is not: the comments are lines of their own.
    let plain = |text: &str| text.lines().filter(|line| !line.trim().starts_with("//")).collect::<Vec<_>>().join("\n");
    let good = plain(&fs::read_to_string(&file).unwrap());
    let json = scratch.path().join("wrangler.json");
    fs::write(&json, &good).unwrap();
    let arguments = ["--schemafile".as_ref(), schema.as_ref(), json.as_ref()];
    accepts(by_pip("check-jsonschema"), &arguments);
    fs::write(&json, good.replace("crons", "cron")).unwrap();
    assert!(refuses(by_pip("check-jsonschema"), &arguments), "a validator that accepts anything is useless");
}
