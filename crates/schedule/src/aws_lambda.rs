//! AWS Lambda: a template of SAM with the function, its schedule, its rights and an alarm ("AWS SAM template" and
//! "Scheduling events" on docs.aws.amazon.com).

use std::fmt::Write as _;

use crate::{GeneratedFile, HostedMachine, Job, JobError, Scheduler, TokenPlace, yaml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let machine = job.with_sources(Scheduler::AwsLambda)?;
    job.without_flags(Scheduler::AwsLambda, |_| true)?;
    let text = format!(
        r#"# everlit as a function of AWS Lambda, once a day. The token comes from a target and goes back there.
#
# {why_daily}
#
# function.zip holds the program, named `bootstrap`, and everlit.toml:
#   cp everlit bootstrap && zip function.zip bootstrap everlit.toml
{note}# Then: sam deploy --guided
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: Keeps access tokens of Instagram, Facebook and Threads from expiring.

Parameters:
  Architecture:
    Description: That of the program in function.zip.
    Type: String
    AllowedValues: [arm64, x86_64]
    Default: arm64
  AlarmTopic:
    Description: The ARN of a topic of SNS that hears if a person is needed; empty for none.
    Type: String
    Default: ""

Conditions:
  HasAlarmTopic: !Not [!Equals [!Ref AlarmTopic, ""]]

Resources:
  Everlit:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: {label}
      CodeUri: function.zip
      Handler: refresh
      Runtime: provided.al2023
      Architectures: [!Ref Architecture]
      MemorySize: 128
      Timeout: 120
      # One run at a time.
      ReservedConcurrentExecutions: 1
      # Tomorrow's run is the retry; everlit itself retries within a run.
      EventInvokeConfig:
        MaximumRetryAttempts: 0
{environment}{policies}      Events:
        Daily:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: rate(1 day)
            FlexibleTimeWindow:
              Mode: FLEXIBLE
              MaximumWindowInMinutes: 60

  Failures:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: everlit needs a person; the log of the function says for what.
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions:
        - Name: FunctionName
          Value: !Ref Everlit
      Statistic: Sum
      Period: 86400
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
      AlarmActions: !If [HasAlarmTopic, [!Ref AlarmTopic], []]
"#,
        note = note(job, machine),
        label = job.label(),
        environment = environment(job, machine),
        policies = policies(machine),
    );
    Ok(vec![GeneratedFile::utf8("template.yaml".to_owned(), text, "the folder of function.zip")])
}

/// The secret of Secrets Manager that has the value of a variable.
fn secret(job: &Job, variable: &str) -> String {
    format!("{}/{variable}", job.label())
}

fn note(job: &Job, machine: &HostedMachine) -> String {
    if machine.variables.is_empty() {
        return String::new();
    }
    let names: Vec<String> = machine.variables.iter().map(|name| secret(job, name)).collect();
    format!(
        "# Secrets of Secrets Manager with the values of the variables, read when this is deployed:\n#   {}\n",
        names.join(", ")
    )
}

fn environment(job: &Job, machine: &HostedMachine) -> String {
    if machine.variables.is_empty() {
        return String::new();
    }
    let mut text = "      Environment:\n        Variables:\n".to_owned();
    for name in &machine.variables {
        let _ = writeln!(text, "          {name}: \"{{{{resolve:secretsmanager:{}}}}}\"", secret(job, name));
    }
    text
}

/// The rights to the names of everlit.toml, and no others.
fn policies(machine: &HostedMachine) -> String {
    let statements: String = machine.places.iter().map(statements).collect();
    if statements.is_empty() {
        statements
    } else {
        format!("      Policies:\n        - Version: \"2012-10-17\"\n          Statement:\n{statements}")
    }
}

/// "Actions, resources, and condition keys" of both services and of KMS in the Service Authorization Reference.
fn statements(place: &TokenPlace) -> String {
    let (service, actions, ends): (_, &[&str], _) = match place.kind {
        "aws-ssm" => ("ssm", &["GetParameter", "PutParameter"], ""),
        // The service adds six characters to each name.
        "aws-secretsmanager" => ("secretsmanager", &["GetSecretValue", "PutSecretValue", "CreateSecret"], "-??????"),
        _ => return String::new(),
    };
    let region = place.options.text("region").unwrap_or("${AWS::Region}");
    let arn = |service: &str, resource: &str| {
        let arn = format!("arn:${{AWS::Partition}}:{service}:{region}:${{AWS::AccountId}}:{resource}");
        format!("                - !Sub {}\n", yaml::string(&arn))
    };
    let resource = |name: String| match service {
        "ssm" => arn(service, &format!("parameter/{}", name.trim_start_matches('/'))),
        _ => arn(service, &format!("secret:{name}{ends}")),
    };
    let actions: Vec<String> = actions.iter().map(|action| format!("{service}:{action}")).collect();
    let mut text = statement(&actions.join(", "), &place.names().map(resource).collect::<String>());
    if let Some(key) = place.options.text("kms_key") {
        let (resource, alias) = match key {
            key if key.starts_with("arn:") => (format!("                - {}\n", yaml::string(key)), None),
            alias if alias.starts_with("alias/") => (arn("kms", "key/*"), Some(alias)),
            id => (arn("kms", &format!("key/{id}")), None),
        };
        text.push_str(&statement("kms:Decrypt, kms:Encrypt, kms:GenerateDataKey", &resource));
        if let Some(alias) = alias {
            let _ = writeln!(
                text,
                "              Condition: {{ ForAnyValue:StringEquals: {{ kms:ResourceAliases: {} }} }}",
                yaml::string(alias)
            );
        }
    }
    text
}

fn statement(actions: &str, resources: &str) -> String {
    format!("            - Effect: Allow\n              Action: [{actions}]\n              Resource:\n{resources}")
}
