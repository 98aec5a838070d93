//! Google Cloud Run: a job that Cloud Scheduler starts ("Cloud Run YAML Reference" and "Execute jobs on a schedule" on
//! docs.cloud.google.com).

use crate::compose::VERSIONED;
use crate::{GeneratedFile, Job, JobError, Scheduler, yaml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let machine = job.with_sources(Scheduler::CloudRun)?;
    let args = job.args_elsewhere(Scheduler::CloudRun)?;
    let project = machine.option("gcp-secret", "project").unwrap_or("PROJECT");
    let variable = |name: &String| {
        format!(
            "                - name: {name}\n                  valueFrom:\n                    \
             secretKeyRef: {{ name: {name}, key: latest }}\n"
        )
    };
    let variables: String = machine.variables.iter().map(variable).collect();
    let (env, secrets) = match machine.variables.as_slice() {
        [] => (String::new(), String::new()),
        names => (
            format!("              env:\n{variables}"),
            format!("\n#    Secrets with the values of {}.", names.join(", ")),
        ),
    };
    let text = format!(
        r#"# everlit refresh on Cloud Run, started once a day by Cloud Scheduler. The token comes from a target and goes back there.
#
# {why_daily}
#
# 1. Create a service account `everlit`, and secrets that it may read (role Secret Manager Secret Accessor):
#    gcloud secrets create {label} --data-file everlit.toml{secrets}
# 2. Cloud Run takes no image from ghcr.io itself, but from a remote repository of Artifact Registry:
#    gcloud artifacts repositories create ghcr --location REGION --repository-format docker --mode remote-repository \
#      --remote-docker-repo https://ghcr.io
# 3. Put your region in place of REGION, then:
#    gcloud run jobs replace {label}.cloud-run.yaml --region REGION
#    gcloud run jobs add-iam-policy-binding {label} --region REGION --role roles/run.invoker \
#      --member serviceAccount:everlit@{project}.iam.gserviceaccount.com
#    gcloud scheduler jobs create http {label} --location REGION --schedule "{minute} {hour} * * *" --time-zone Etc/UTC \
#      --uri https://run.googleapis.com/v2/projects/{project}/locations/REGION/jobs/{label}:run --http-method POST \
#      --oauth-service-account-email everlit@{project}.iam.gserviceaccount.com
apiVersion: run.googleapis.com/v1
kind: Job
metadata:
  name: {label}
spec:
  template:
    spec:
      # One run at a time.
      parallelism: 1
      taskCount: 1
      template:
        spec:
          serviceAccountName: everlit@{project}.iam.gserviceaccount.com
          # Tomorrow's run is the retry; everlit itself retries within a run.
          maxRetries: 0
          timeoutSeconds: "900"
          containers:
            - name: everlit
              image: REGION-docker.pkg.dev/{project}/ghcr/{VERSIONED}
              args: {args}
{env}              resources:
                limits: {{ cpu: "1", memory: 512Mi }}
              volumeMounts:
                - name: settings
                  mountPath: /project
          volumes:
            - name: settings
              secret:
                secretName: {label}
                items:
                  - {{ key: latest, path: everlit.toml }}
"#,
        label = job.label(),
        minute = job.time().minute(),
        hour = job.time().hour(),
        args = yaml::list(&args),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.cloud-run.yaml", job.label()), text, "gcloud run jobs replace")])
}
