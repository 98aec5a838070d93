//! Renders a `CronJob` over a volume that holds the project (batch/v1 of the Kubernetes API).

use crate::compose::IMAGE;
use crate::{GeneratedFile, Job, JobError, WHY_DAILY, yaml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let args = job.container_args(&["refresh", "--no-input"])?;
    let (uid, gid) = job.owner.unwrap_or((1000, 1000));
    let text = format!(
        r#"# everlit refresh, once a day, on a volume that holds the project: the env file, the metadata and everlit.toml.
# First create the PersistentVolumeClaim named below and copy the project to it. A Secret does not work for the token:
# pods can only read it.
#
# {WHY_DAILY}
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
          automountServiceAccountToken: false
          securityContext:
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
              securityContext:
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
          volumes:
            - name: project
              persistentVolumeClaim:
                claimName: {label}
"#,
        label = job.label(),
        minute = job.time().minute(),
        hour = job.time().hour(),
        args = yaml::list(&args),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.yaml", job.label()), text, "your manifests")])
}
