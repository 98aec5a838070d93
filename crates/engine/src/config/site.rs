//! What kind of site lives in the folder.

use std::path::Path;

use everlit_disk::Disk;
use serde_json::Value;

/// The framework of a site, according to its `package.json`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Site {
    /// Next.js.
    Next,
    /// Vite, or a framework built on it.
    Vite,
    /// Another Node.js project.
    OtherNode,
    /// Not a Node.js project.
    Unknown,
}

impl Site {
    /// The site in `folder`.
    pub fn of(folder: &Path, disk: &dyn Disk) -> Self {
        const LARGEST: usize = 4 << 20;
        let Ok(bytes) = disk.read(&folder.join("package.json"), LARGEST) else { return Self::Unknown };
        let Ok(package) = serde_json::from_slice::<Value>(&bytes) else { return Self::Unknown };
        let has =
            |name: &str| ["dependencies", "devDependencies"].iter().any(|group| package[group].get(name).is_some());
        match () {
            () if has("next") => Self::Next,
            () if has("vite") || has("astro") || has("@sveltejs/kit") || has("nuxt") => Self::Vite,
            () => Self::OtherNode,
        }
    }

    /// What it takes for the site to use a token that was written to `env_file`.
    pub fn reload_hint(self, env_file: &str) -> String {
        match self {
            Self::Next => {
                format!("Next.js reads {env_file} when it starts: restart `next dev`, or build and deploy again.")
            }
            Self::Vite => {
                format!("Vite reads {env_file} when it starts: restart the dev server, or build and deploy again.")
            }
            Self::OtherNode | Self::Unknown => {
                format!("Restart whatever reads {env_file}, so that it uses the new token.")
            }
        }
    }
}
