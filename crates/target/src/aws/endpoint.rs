//! Where a service of AWS is reached.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>

use everlit_http::Origin;

use crate::aws::profile::Profile;
use crate::error::Error;
use crate::setup::Setup;

/// The region: from the option, the environment or the profile.
pub(crate) fn region(setup: &Setup<'_>, profile: &Profile) -> Result<String, Error> {
    let mut variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter();
    let region = setup.options.text("region").or_else(|| variables.find_map(|name| setup.environment.variable(name)));
    let region = region.or_else(|| profile.setting("region")).ok_or_else(|| {
        let why = "is missing: set it, or AWS_REGION, or the region of the AWS profile";
        Error::Setting("region", why.to_owned())
    })?;
    if region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        Ok(region.to_owned())
    } else {
        Err(Error::Setting("region", "must be a name such as eu-central-1".to_owned()))
    }
}

/// The address given for the service, from a setting or else from one of AWS's variables; without one, AWS's own.
pub(crate) fn endpoint(
    setup: &Setup<'_>,
    option: Option<&str>,
    variable: &'static str,
    usual: &str,
) -> Result<Origin, Error> {
    let set = |name: &'static str| setup.environment.variable(name).map(|text| (name, text));
    let given = option.map(|text| ("url", text)).or_else(|| set(variable)).or_else(|| set("AWS_ENDPOINT_URL"));
    let (name, text) = given.unwrap_or(("url", usual));
    let origin = Origin::parse(text.trim_end_matches('/')).map_err(|error| Error::Url(name, error))?;
    setup.check_origin(&origin)?;
    Ok(origin)
}

/// The service's own address in a region. China and the European Sovereign Cloud have domains of their own.
pub(crate) fn usual(service: &str, region: &str) -> String {
    let domain = match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        _ => "amazonaws.com",
    };
    format!("https://{service}.{region}.{domain}")
}
