//! Renders a job for `az containerapp job create --yaml` ("Jobs in Azure Container Apps" on learn.microsoft.com).

use crate::compose::IMAGE;
use crate::{GeneratedFile, Job, JobError, Scheduler, yaml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let machine = job.with_sources(Scheduler::Azure)?;
    let args = job.args_elsewhere(Scheduler::Azure)?;
    let vault = machine.option("azure-keyvault", "url").unwrap_or("https://VAULT.vault.azure.net");
    let vault = vault.trim_end_matches('/');
    let settings = job.label();
    let names: Vec<String> = machine.variables.iter().map(|name| secret_name(name)).collect();
    let secret = |name: &str| {
        let url = yaml::string(&format!("{vault}/secrets/{name}"));
        format!("      - name: {name}\n        keyVaultUrl: {url}\n        identity: {IDENTITY}\n")
    };
    let secrets: String = std::iter::once(settings).chain(names.iter().map(String::as_str)).map(secret).collect();
    let variable = |(variable, name)| format!("          - name: {variable}\n            secretRef: {name}\n");
    let env: String = machine.variables.iter().zip(&names).map(variable).collect();
    let (env, values) = match names.as_slice() {
        [] => (String::new(), String::new()),
        _ => (
            format!("        env:\n{env}"),
            format!("\n#    and secrets with the values of the variables: {}", names.join(", ")),
        ),
    };
    let text = format!(
        r#"# everlit refresh as a job of Azure Container Apps, once a day. The token comes from a target and goes back there.
#
# {why_daily}
#
# 1. Create a user-assigned identity `everlit` with the role Key Vault Secrets User on the vault; Secrets Officer if tokens are
#    in it, too. Then set the identity's client id as the `client` of that target, and give the target no secret.
# 2. Create in the vault:
#    az keyvault secret set --vault-name VAULT --name {settings} --file everlit.toml{values}
# 3. Put your own in place of SUBSCRIPTION, GROUP and ENVIRONMENT, then:
#    az containerapp job create --name {name} --resource-group GROUP --yaml {settings}.azure.yaml
name: {name}
type: Microsoft.App/jobs
identity:
  type: UserAssigned
  userAssignedIdentities:
    {IDENTITY}: {{}}
properties:
  environmentId: {GROUP}/Microsoft.App/managedEnvironments/ENVIRONMENT
  configuration:
    triggerType: Schedule
    scheduleTriggerConfig:
      # Five fields, in UTC.
      cronExpression: "{minute} {hour} * * *"
      # One run at a time.
      parallelism: 1
      replicaCompletionCount: 1
    replicaTimeout: 900
    # Tomorrow's run is the retry; everlit itself retries within a run.
    replicaRetryLimit: 0
    secrets:
{secrets}  template:
    containers:
      - name: everlit
        image: {IMAGE}
        args: {args}
{env}        resources:
          cpu: 0.25
          memory: 0.5Gi
        volumeMounts:
          - volumeName: settings
            mountPath: /project
    volumes:
      - name: settings
        storageType: Secret
        secrets:
          - secretRef: {settings}
            path: everlit.toml
"#,
        name = job_name(settings),
        minute = job.time().minute(),
        hour = job.time().hour(),
        args = yaml::list(&args),
    );
    Ok(vec![GeneratedFile::utf8(format!("{settings}.azure.yaml"), text, "az containerapp job create")])
}

const GROUP: &str = "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers";
const IDENTITY: &str = "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/everlit";

/// Neither vaults nor jobs have `_` in the names of secrets, and jobs have no capitals.
fn secret_name(variable: &str) -> String {
    variable.to_ascii_lowercase().replace('_', "-")
}

/// The job's name: a job may have at most 31 characters, so the middle of a label may be cut.
pub(crate) fn job_name(label: &str) -> String {
    const LONGEST: usize = 31;
    let (name, id) = label.rsplit_once('-').unwrap_or((label, ""));
    let room = LONGEST.saturating_sub(id.len() + 1).min(name.len());
    format!("{}-{id}", name[..room].trim_end_matches('-'))
}
