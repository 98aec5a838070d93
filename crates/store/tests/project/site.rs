//! A project folder for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::{Disk, RealDisk};
use everlit_keeper::{AccountName, Lease, Store, StoreError, Stored};
use everlit_store::{Key, ProjectAccount, ProjectFiles};
use everlit_testkit::Frozen;
use tempfile::TempDir;

use everlit_testkit::contract::{NOW, now};

/// `.env.local` and whatever comes to stand beside it.
pub struct Site {
    _folder: TempDir,
    /// Its real path, as runs see it.
    root: PathBuf,
    pub account: ProjectAccount,
}

impl Site {
    pub fn new(env: impl AsRef<[u8]>) -> Self {
        let site = Self::empty();
        site.write(".env.local", env);
        site
    }

    /// Not even an env file.
    pub fn empty() -> Self {
        // In memory where there is such a folder: thousands of runs, each of which syncs.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let account = ProjectAccount {
            name: AccountName::new("default"),
            env_file: ".env.local".into(),
            key: Key::Default,
            metadata: "scripts/instagram-token.json".into(),
        };
        Self { root: RealDisk.resolve(folder.path()).unwrap(), _folder: folder, account }
    }

    pub fn with_key(mut self, key: &str) -> Self {
        self.account.key = Key::Named(key.to_owned());
        self
    }

    pub fn name(&self) -> AccountName {
        self.account.name.clone()
    }

    pub fn files(&self) -> ProjectFiles {
        self.files_on(RealDisk)
    }

    pub fn files_on(&self, disk: impl Disk + 'static) -> ProjectFiles {
        files_of(disk, &self.at(""), vec![self.account.clone()])
    }

    pub fn load(&self) -> Result<Stored, StoreError> {
        now(self.files().load(&self.name(), NOW))
    }

    pub fn under_lease<T>(&self, work: impl FnOnce(&mut dyn Lease) -> T) -> T {
        let (files, name) = (self.files(), self.name());
        let mut lease = now(files.lease(&name, NOW)).unwrap();
        work(&mut *lease)
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    /// Every file, by its path from the project folder, sorted.
    pub fn listing(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, names: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, names);
                } else {
                    names.push(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        let mut names = Vec::new();
        walk(&self.root, &self.root, &mut names);
        names.sort();
        names
    }

    /// What no run should leave behind: everything but the env file, the metadata, locks and the folder's `.gitignore`.
    pub fn leftovers(&self) -> Vec<String> {
        let belongs = |name: &String| {
            let state = name.rsplit_once(".everlit/").map_or("", |(_, file)| file);
            let is_lock = state == "lock"
                || state.starts_with("lock-")
                || Path::new(state).extension().is_some_and(|it| it == "lock");
            let is_ours = Path::new(name) == self.account.env_file || Path::new(name) == self.account.metadata;
            is_ours || is_lock || state == ".gitignore" || state.starts_with("refused")
        };
        self.listing().into_iter().filter(|name| !belongs(name)).collect()
    }
}

/// These accounts in that folder, on a disk.
pub fn files_of(disk: impl Disk + 'static, folder: &Path, accounts: Vec<ProjectAccount>) -> ProjectFiles {
    ProjectFiles::new(
        Arc::new(disk),
        Arc::new(Frozen(NOW.as_unix())),
        folder.into(),
        accounts,
        "pid 4711 on web1".to_owned(),
    )
}
