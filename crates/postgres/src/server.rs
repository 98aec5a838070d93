//! The server, as a URL describes it.

use std::fmt;
use std::sync::Arc;

use everlit_http::{DatabaseUrl, Roots, Tls};
use everlit_meta_api::BoxFuture;
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::{Client, Config};

use crate::Failure;
use crate::socket::Socket;
use crate::tls::Connector;

/// What a URL of PostgreSQL begins with.
pub const SCHEMES: &[&str] = &["postgres", "postgresql"];

/// The port where a URL names none.
pub const USUAL_PORT: u16 = 5432;

/// Drives a connection; ends, with a goodbye to the server, once its client is dropped. Must be polled for the client to get
/// answers.
pub type Connection = BoxFuture<'static, Result<(), tokio_postgres::Error>>;

/// A server, and how to log in. Its `Debug` shows neither user nor password.
pub struct Server {
    config: Config,
    tls: Arc<Tls>,
    host: String,
    port: u16,
    user: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server {}:{}", self.host, self.port)
    }
}

impl Server {
    /// The server of this URL. Where it is encrypted (see [`DatabaseUrl::is_encrypted`]), its certificate is verified with
    /// these roots.
    pub fn new(url: &DatabaseUrl, roots: Roots) -> Self {
        let mut config = Config::new();
        let ssl_mode = if url.is_encrypted() { SslMode::Require } else { SslMode::Disable };
        config.application_name("everlit").ssl_mode(ssl_mode);
        if !url.user.is_empty() {
            config.user(&url.user);
        }
        if let Some(password) = &url.password {
            config.password(password.expose());
        }
        if !url.database.is_empty() {
            config.dbname(&url.database);
        }
        if let Some(options) = url.parameter("options") {
            config.options(options);
        }
        if url.parameter("channel_binding") == Some("require") {
            config.channel_binding(ChannelBinding::Require);
        }
        Self { config, tls: Arc::new(Tls::new(roots)), host: url.host.clone(), port: url.port, user: url.user.clone() }
    }

    /// Opens a connection and logs in. Takes as long as the network does: set a limit.
    pub async fn connect(&self) -> Result<(Client, Connection), Failure> {
        let socket = Socket::open(&self.host, self.port).await.map_err(Failure::Unreached)?;
        let connector = Connector { tls: Arc::clone(&self.tls), host: self.host.clone() };
        let connected = self.config.connect_raw(socket, connector).await;
        let (client, connection) = connected.map_err(|error| self.failure(&error))?;
        Ok((client, Box::pin(connection)))
    }

    /// What an error of the driver means.
    pub fn failure(&self, error: &tokio_postgres::Error) -> Failure {
        Failure::of(error, &self.user)
    }
}
