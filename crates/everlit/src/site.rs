//! What kind of site lives in the folder, and what it takes for it to see a new token.

use std::path::Path;

use everlit_disk::Disk;

/// The framework, as `package.json` tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Site {
    Next,
    Vite,
    OtherNode,
    Unknown,
}

impl Site {
    pub(crate) fn of(folder: &Path, disk: &dyn Disk) -> Self {
        const LARGEST: usize = 4 << 20;
        let Ok(bytes) = disk.read(&folder.join("package.json"), LARGEST) else { return Self::Unknown };
        let Ok(package) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return Self::Unknown };
        let has =
            |name: &str| ["dependencies", "devDependencies"].iter().any(|group| package[group].get(name).is_some());
        match () {
            () if has("next") => Self::Next,
            () if has("vite") || has("astro") || has("@sveltejs/kit") || has("nuxt") => Self::Vite,
            () => Self::OtherNode,
        }
    }

    /// What must be done for the app to see a token that was put into `env_file`.
    pub(crate) fn how_to_see_it(self, env_file: &str) -> String {
        match self {
            Self::Next => {
                format!("Next.js reads {env_file} when it starts: restart `next dev`, or build and deploy again.")
            }
            Self::Vite => {
                format!("Vite reads {env_file} when it starts: restart the dev server, or build and deploy again.")
            }
            Self::OtherNode | Self::Unknown => format!("Whatever reads {env_file} sees the new token after a restart."),
        }
    }
}
