//! Where credentials come from: the environment, a profile, or a service that gives them to a machine, container or job.
//!
//! The order is that of AWS's own tools: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>.

use std::path::PathBuf;

use everlit_http::{Origin, Secret, Url};

use crate::aws::endpoint::{endpoint, usual};
use crate::aws::profile::Profile;
use crate::error::Error;
use crate::setup::Setup;

/// What a request is signed with.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    /// Only temporary credentials have one.
    pub(crate) session_token: Option<Secret>,
}

/// Where to get credentials.
#[derive(Debug)]
pub(crate) enum Source {
    /// From the environment or a profile.
    Static(Credentials),
    /// From STS, in exchange for the token of another identity provider: GitHub Actions, EKS.
    WebIdentity(WebIdentity),
    /// From the endpoint that ECS and EKS give to a container.
    Container { url: Url, authorization: Option<Authorization> },
    /// From the metadata service of an EC2 instance.
    Instance(Origin),
}

#[derive(Debug)]
pub(crate) struct WebIdentity {
    pub(crate) sts: Origin,
    pub(crate) role_arn: String,
    pub(crate) session_name: String,
    pub(crate) token_file: PathBuf,
}

/// What a container's endpoint wants to see.
#[derive(Debug)]
pub(crate) enum Authorization {
    Token(Secret),
    File(PathBuf),
}

impl Source {
    /// The source that AWS's own tools would use. Connects to nothing.
    pub(crate) fn find(setup: &Setup<'_>, profile: &Profile, region: &str) -> Result<Self, Error> {
        // A profile in the settings is meant; one in the environment gives way to keys there.
        let is_chosen = setup.options.text("profile").is_some();
        let variable = |name: &str| setup.environment.variable(name).filter(|_| !is_chosen);
        if let Some(keys) = keys("the environment", |name| variable(&name.to_ascii_uppercase()))? {
            return Ok(Self::Static(keys));
        }
        let web_identity = [
            (variable("AWS_WEB_IDENTITY_TOKEN_FILE"), variable("AWS_ROLE_ARN"), variable("AWS_ROLE_SESSION_NAME")),
            (
                profile.setting("web_identity_token_file"),
                profile.setting("role_arn"),
                profile.setting("role_session_name"),
            ),
        ];
        for (file, role, session) in web_identity {
            if let (Some(file), Some(role)) = (file, role) {
                return Ok(Self::WebIdentity(WebIdentity {
                    sts: endpoint(setup, None, "AWS_ENDPOINT_URL_STS", &usual("sts", region))?,
                    role_arn: role.to_owned(),
                    session_name: session.unwrap_or("everlit").to_owned(),
                    token_file: setup.environment.folder.join(file),
                }));
            }
        }
        let place = format!("the AWS profile {}", profile.name);
        if profile.setting("role_arn").is_none()
            && let Some(keys) = keys(&place, |name| profile.setting(name))?
        {
            return Ok(Self::Static(keys));
        }
        match ["role_arn", "sso_session", "sso_start_url", "credential_process"]
            .into_iter()
            .find(|key| profile.setting(key).is_some())
        {
            Some(key) => Err(Error::Credentials(format!(
                "{place} uses {key}, which everlit does not follow: name a `profile` with access keys, or run everlit where \
                 AWS gives it a role (EC2, ECS, Lambda, EKS, GitHub Actions with OIDC)"
            ))),
            None => Self::of_the_machine(setup),
        }
    }

    fn of_the_machine(setup: &Setup<'_>) -> Result<Self, Error> {
        let variable = |name: &str| setup.environment.variable(name);
        let relative =
            variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map(|path| format!("http://169.254.170.2{path}"));
        let full = || variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").map(str::to_owned);
        if let Some(url) = relative.or_else(full) {
            let url =
                Url::parse_metadata(&url).map_err(|error| Error::Url("AWS_CONTAINER_CREDENTIALS_FULL_URI", error))?;
            setup.check_origin(url.origin())?;
            let in_folder = |path: &str| Authorization::File(setup.environment.folder.join(path));
            let file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").map(in_folder);
            let token =
                || variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(|token| Authorization::Token(Secret::new(token)));
            return Ok(Self::Container { url, authorization: file.or_else(token) });
        }
        if variable("AWS_EC2_METADATA_DISABLED").is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            return Err(Error::Credentials(NO_CREDENTIALS.to_owned()));
        }
        let instance = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        let url = Url::parse_metadata(variable(instance).unwrap_or("http://169.254.169.254"));
        let url = url.map_err(|error| Error::Url(instance, error))?;
        setup.check_origin(url.origin())?;
        Ok(Self::Instance(url.origin().clone()))
    }
}

pub(crate) const NO_CREDENTIALS: &str = "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`, \
                                         or run everlit where AWS gives it a role";

/// The access keys in one place. Half of them is an error, as it is for AWS's own tools.
fn keys<'a>(place: &str, setting: impl Fn(&str) -> Option<&'a str>) -> Result<Option<Credentials>, Error> {
    match (setting("aws_access_key_id"), setting("aws_secret_access_key")) {
        (Some(id), Some(secret)) => {
            let session_token = setting("aws_session_token").map(Secret::new);
            Ok(Some(Credentials {
                access_key_id: id.to_owned(),
                secret_access_key: Secret::new(secret),
                session_token,
            }))
        }
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(Error::Credentials(format!("{place} has an AWS access key id without its secret access key")))
        }
        (None, Some(_)) => {
            Err(Error::Credentials(format!("{place} has an AWS secret access key without its access key id")))
        }
    }
}
