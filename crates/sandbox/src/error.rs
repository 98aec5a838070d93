//! Meta's errors: codes, messages and the JSON around them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{dates, variants::Language};

/// One of Meta's errors.
///
/// In JSON, everything except `code` is optional: `{"code": 190, "subcode": 463, "message": "..."}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct MetaError {
    /// `error.code`.
    pub code: i64,
    /// `error.error_subcode`.
    #[serde(default)]
    pub subcode: Option<i64>,
    /// `error.type`, such as `OAuthException`, `IGApiException`.
    #[serde(default = "oauth_exception", rename = "type")]
    pub kind: String,
    /// `error.message`.
    #[serde(default)]
    pub message: String,
    /// `error.is_transient`.
    #[serde(default)]
    pub is_transient: Option<bool>,
    /// HTTP status; defaults to the one Meta uses for this code on this host.
    #[serde(default)]
    pub status: Option<u16>,
    /// The JSON around it; defaults to that of the endpoint.
    #[serde(default)]
    pub envelope: Option<Envelope>,
}

fn oauth_exception() -> String {
    "OAuthException".into()
}

/// The JSON around an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelope {
    /// `{"error":{"message":...,"type":...,"code":...}}`: the graph hosts.
    Graph,
    /// `{"error_type":...,"code":400,"error_message":...}`: `api.instagram.com`.
    Legacy,
    /// `{"error_message":...,"error_code":...}`: the consent page of Threads.
    Threads,
}

impl MetaError {
    /// An `OAuthException` with that code.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            subcode: None,
            kind: oauth_exception(),
            message: message.into(),
            is_transient: None,
            status: None,
            envelope: None,
        }
    }

    /// With an `error_subcode`.
    pub fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// With that `type`.
    pub fn kind(mut self, kind: &str) -> Self {
        self.kind = kind.into();
        self
    }

    /// With that HTTP status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With `is_transient`.
    pub fn transient(mut self, is_transient: bool) -> Self {
        self.is_transient = Some(is_transient);
        self
    }

    /// The body; `trace` becomes `fbtrace_id`.
    pub(crate) fn body(&self, envelope: Envelope, trace: &str) -> Value {
        match self.envelope.unwrap_or(envelope) {
            Envelope::Legacy => json!({"error_type": self.kind, "code": 400, "error_message": self.message}),
            Envelope::Threads => json!({"error_message": self.message, "error_code": self.code}),
            Envelope::Graph => {
                let mut error = json!({"message": self.message, "type": self.kind, "code": self.code});
                if let Some(subcode) = self.subcode {
                    error["error_subcode"] = subcode.into();
                }
                if let Some(transient) = self.is_transient {
                    error["is_transient"] = transient.into();
                }
                error["fbtrace_id"] = trace.into();
                json!({ "error": error })
            }
        }
    }

    /// `190/463 Error validating access token: ...`, for the log. This crate's messages never contain a token.
    pub(crate) fn summary(&self) -> String {
        let subcode = self.subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default();
        format!("{}{subcode} {}", self.code, self.message)
    }
}

/// Why a token that was once valid is rejected. Each has a message in three languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rejection {
    Expired { at: i64, now: i64 },
    PasswordChanged,
    Checkpoint { site: &'static str },
    LoggedOut,
    NotAuthorized { app: String },
}

impl Rejection {
    pub(crate) fn error(&self, language: Language, with_subcode: bool) -> MetaError {
        let subcode = match self {
            Self::NotAuthorized { .. } => 458,
            Self::Checkpoint { .. } => 459,
            Self::PasswordChanged => 460,
            Self::Expired { .. } => 463,
            Self::LoggedOut => 467,
        };
        let error = MetaError::new(190, self.message(language));
        if with_subcode { error.subcode(subcode) } else { error }
    }

    fn message(&self, language: Language) -> String {
        let [english, portuguese, korean] = match self {
            Self::Expired { at, now } => {
                let (at, now) = (dates::in_message(*at), dates::in_message(*now));
                [
                    format!("Session has expired on {at}. The current time is {now}."),
                    format!("A sessão expirou em {at}. A hora atual é {now}."),
                    format!("세션이 {at}에 만료되었습니다. 현재 시간은 {now}입니다."),
                ]
            }
            Self::PasswordChanged => [
                "The session has been invalidated because the user changed their password or Facebook has changed the \
                 session for security reasons."
                    .into(),
                "A sessão foi invalidada porque o usuário alterou a senha ou o Facebook alterou a sessão por motivos \
                 de segurança."
                    .into(),
                "사용자가 비밀번호를 변경했거나 Facebook이 보안상의 이유로 세션을 변경하여 세션이 무효화되었습니다."
                    .into(),
            ],
            Self::Checkpoint { site } => [
                format!("You cannot access the app till you log in to {site} and follow the instructions given."),
                format!("Você não poderá acessar o aplicativo até entrar em {site} e seguir as instruções fornecidas."),
                format!("{site}에 로그인하여 안내를 따를 때까지 앱에 액세스할 수 없습니다."),
            ],
            Self::LoggedOut => [
                "The session is invalid because the user logged out.".into(),
                "A sessão é inválida porque o usuário saiu.".into(),
                "사용자가 로그아웃하여 세션이 유효하지 않습니다.".into(),
            ],
            Self::NotAuthorized { app } => [
                format!("The user has not authorized application {app}."),
                format!("O usuário não autorizou o aplicativo {app}."),
                format!("사용자가 앱 {app}을(를) 승인하지 않았습니다."),
            ],
        };
        match language {
            Language::En => format!("Error validating access token: {english}"),
            Language::Pt => format!("Erro ao validar o token de acesso: {portuguese}"),
            Language::Ko => format!("액세스 토큰 확인 중 오류 발생: {korean}"),
        }
    }
}

/// "Unsupported request": rarely about the method; mostly the app may not act for this account.
pub(crate) fn unsupported(method: &str) -> MetaError {
    MetaError::new(100, format!("Unsupported request - method type: {}", method.to_ascii_lowercase()))
        .kind("IGApiException")
}

/// The token is missing or does not look like one.
pub(crate) fn not_a_token(kind: &str) -> MetaError {
    MetaError::new(190, "Invalid OAuth 2.0 Access Token").kind(kind)
}

/// The token belongs to another host, was cut short, or was never issued.
pub(crate) fn cannot_parse() -> MetaError {
    MetaError::new(190, "Invalid OAuth access token - Cannot parse access token")
}

/// The token to exchange is already long-lived.
pub(crate) fn session_key(with_subcode: bool) -> MetaError {
    let message = "Session key invalid. This could be because the session key has an incorrect format, or because the \
                   user has revoked this session";
    let error = MetaError::new(452, message);
    if with_subcode { error.subcode(4_279_019) } else { error }
}

/// A parameter is missing or wrong.
pub(crate) fn bad_parameter(message: impl Into<String>) -> MetaError {
    MetaError::new(100, message)
}

/// A permission is missing.
pub(crate) fn no_permission(kind: &str) -> MetaError {
    MetaError::new(10, "Application does not have permission for this action").kind(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_envelope_has_its_own_json() {
        let error = MetaError::new(190, "Broken").subcode(463).kind("IGApiException").transient(false);
        assert_eq!(
            error.body(Envelope::Graph, "Atrace"),
            json!({"error": {"message": "Broken", "type": "IGApiException", "code": 190, "error_subcode": 463,
                             "is_transient": false, "fbtrace_id": "Atrace"}})
        );
        assert_eq!(
            error.body(Envelope::Legacy, ""),
            json!({"error_type": "IGApiException", "code": 400, "error_message": "Broken"})
        );
        assert_eq!(error.body(Envelope::Threads, ""), json!({"error_message": "Broken", "error_code": 190}));
    }

    #[test]
    fn each_rejection_has_its_subcode_and_a_message_per_language() {
        let table = [
            (Rejection::NotAuthorized { app: "77".into() }, 458, "has not authorized application 77"),
            (Rejection::Checkpoint { site: "www.instagram.com" }, 459, "log in to www.instagram.com"),
            (Rejection::PasswordChanged, 460, "changed their password"),
            (
                Rejection::Expired { at: 1_764_640_800, now: 1_764_644_400 },
                463,
                "expired on Monday, 01-Dec-25 18:00:00 PST",
            ),
            (Rejection::LoggedOut, 467, "logged out"),
        ];
        for (rejection, subcode, message) in table {
            let error = rejection.error(Language::En, true);
            assert_eq!((error.code, error.subcode), (190, Some(subcode)));
            assert!(error.message.contains(message), "{}", error.message);
            assert_eq!(rejection.error(Language::Ko, false).subcode, None);
            assert_ne!(rejection.message(Language::Pt), rejection.message(Language::Ko));
        }
    }
}
