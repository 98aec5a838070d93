//! Renders a `CronJob` over a volume that holds the project, or over everlit.toml alone if the token comes from a target
//! (batch/v1 of the Kubernetes API).

use crate::compose::IMAGE;
use crate::{GeneratedFile, HostedMachine, Job, JobError, Scheduler, TokenPlace, yaml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let (args, pod) = match job.with_sources(Scheduler::Kubernetes) {
        Ok(machine) => (job.args_elsewhere(Scheduler::Kubernetes)?, Pod::with_settings(job, machine)),
        Err(_) => (job.container_args(&["refresh", "--no-input"])?, Pod::with_volume(job)),
    };
    let Pod { about, account, ids: (uid, gid), env, mount, volume } = pod;
    let text = format!(
        r#"{about}#
# {why_daily}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {label}
  labels:
    app.kubernetes.io/name: everlit
    app.kubernetes.io/instance: {label}
spec:
  schedule: "{minute} {hour} * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  # Without it, a cluster that was down for 100 days would never run the job again.
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      # Tomorrow's run is the retry; everlit itself retries within a run.
      backoffLimit: 0
      activeDeadlineSeconds: 900
      template:
        spec:
          restartPolicy: Never
{account}          securityContext:
            runAsNonRoot: true
            runAsUser: {uid}
            runAsGroup: {gid}
            fsGroup: {gid}
            fsGroupChangePolicy: OnRootMismatch
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: everlit
              image: {IMAGE}
              args: {args}
{env}              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              resources:
                requests:
                  cpu: 10m
                  memory: 16Mi
                limits:
                  memory: 128Mi
              volumeMounts:
                - name: project
                  mountPath: /project
{mount}          volumes:
            - name: project
{volume}"#,
        label = job.label(),
        minute = job.time().minute(),
        hour = job.time().hour(),
        args = yaml::list(&args),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.yaml", job.label()), text, "your manifests")])
}

/// What differs between the two.
struct Pod {
    about: String,
    account: String,
    ids: (u32, u32),
    env: String,
    /// In addition to that of the project.
    mount: &'static str,
    volume: String,
}

impl Pod {
    fn with_volume(job: &Job) -> Self {
        let about = "\
# everlit refresh, once a day, on a volume that holds the project: the env file, the metadata and everlit.toml.
# First create the PersistentVolumeClaim named below and copy the project to it. A Secret does not work for the token:
# pods can only read it.
";
        Self {
            about: about.to_owned(),
            account: NO_ACCOUNT.to_owned(),
            ids: job.owner.unwrap_or((1000, 1000)),
            env: String::new(),
            mount: "",
            volume: format!("              persistentVolumeClaim:\n                claimName: {}\n", job.label()),
        }
    }

    fn with_settings(job: &Job, machine: &HostedMachine) -> Self {
        let label = job.label();
        let mut about = format!(
            "# everlit refresh, once a day. The token comes from a target and goes back there: no volume is needed. First:\n\
             # kubectl create configmap {label} --from-file everlit.toml\n"
        );
        let variable = |name: &String| {
            let key = format!("secretKeyRef: {{ name: {label}, key: {name} }}");
            format!("                - name: {name}\n                  valueFrom:\n                    {key}\n")
        };
        let mut env: String = machine.variables.iter().map(variable).collect();
        if !env.is_empty() {
            env.insert_str(0, "              env:\n");
            let keys = machine.variables.join(", ");
            about = format!("{about}# and a Secret of that name with the keys {keys}\n");
        }
        let mut account = NO_ACCOUNT.to_owned();
        // Without an address of its own, the target uses the account of the pod.
        let is_in_cluster =
            |place: &TokenPlace| place.kind == "kubernetes-secret" && place.options.text("url").is_none();
        if machine.places.iter().any(is_in_cluster) {
            about.push_str(
                "# and a service account of that name with the role in docs/targets/kubernetes.md of everlit\n",
            );
            account = format!("          serviceAccountName: {label}\n");
        }
        // The image's own user.
        let ids = (65532, 65532);
        let volume = format!(
            "              configMap:\n                name: {label}\n            - name: tmp\n              \
             emptyDir: {{ medium: Memory, sizeLimit: 16Mi }}\n"
        );
        let mount = "                - name: tmp\n                  mountPath: /tmp\n";
        Self { about, account, ids, env, mount, volume }
    }
}

const NO_ACCOUNT: &str = "          automountServiceAccountToken: false\n";
