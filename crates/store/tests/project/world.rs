//! A whole run: keeper, a Meta in this process, a clock that moves when told to, and a project on a disk that may fail.

#[cfg(unix)]
use std::fs;
use std::io::ErrorKind;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan, Step};
use everlit_keeper::{Keeper, Report};
use everlit_meta_api::{BoxFuture, Client, Fingerprint, HttpReply, HttpRequest, Transport, TransportError};
use everlit_sandbox::{Config, InProcess, Issue, Kind, OldAfterRefresh};

use everlit_testkit::World as Everybody;

use crate::site::Site;
use everlit_testkit::contract::{NOW, now};

/// What the env file looks like, and how it can be replaced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scene {
    /// By rename, beside a metadata file of the older script.
    Plain,
    /// In place: the env file has two names.
    #[cfg(unix)]
    HardLinked,
    /// In place, which is found out only when the rename is refused: a single file mounted into a container.
    Mounted,
    /// By rename, beside a metadata file that is mounted by itself.
    MetadataMounted,
    /// By rename, with a megabyte of other variables.
    Large,
    /// The first run of all: no folder for the metadata yet.
    Fresh,
}

/// A project, and the Meta that its token is from, to which it dereferences. After a refresh the old token is dead at
/// once.
pub struct World {
    pub site: Site,
    pub scene: Scene,
    pub base: Everybody,
    /// The token at the start.
    pub old: String,
    /// The env file at the start.
    env: Vec<u8>,
}

/// One run and its traces.
pub struct Run {
    pub report: Report,
    pub disk: FaultyDisk,
    /// How many steps the disk had done when Meta's reply to the refresh arrived, if it did.
    pub replied_after: Option<usize>,
}

impl Deref for World {
    type Target = Everybody;

    fn deref(&self) -> &Everybody {
        &self.base
    }
}

impl World {
    pub fn new(scene: Scene) -> Self {
        let mut config = Config::friendly();
        config.knobs.old_after_refresh = OldAfterRefresh::Dies;
        let base = Everybody::at(NOW.as_unix(), config, 7);
        let old = base.issue(&Issue::new(Kind::Instagram).username("bakery").aged_days(40));
        let padding = if scene == Scene::Large { 1 << 20 } else { 0 };
        let env = format!(
            "# the bakery\r\nIG_USER_ID=17841400000000001\nexport IG_ACCESS_TOKEN='{old}' # ours\n{}B=\"two words\"",
            format!("OTHER={}\n", "x".repeat(121)).repeat(padding / 128),
        );
        let site = Site::new(&env);
        set_mode(&site, ".env.local", 0o640);
        if scene != Scene::Fresh {
            let hint = format!("{}...", &old[..20]);
            let metadata = serde_json::json!({
                "access_token": hint, "token_type": "bearer", "expires_in": 5_184_000,
                "expires_at": NOW.as_unix() + 20 * 86_400, "refreshed_at": "2026-11-22T03:17:00.000Z", "note": "mine",
            });
            site.write("scripts/instagram-token.json", metadata.to_string());
        }
        #[cfg(unix)]
        if scene == Scene::HardLinked {
            fs::hard_link(site.at(".env.local"), site.at("another-name")).unwrap();
        }
        Self { site, scene, base, old, env: env.into_bytes() }
    }

    /// One run of everlit, on a disk with a plan.
    pub fn run(&self, plan: Plan) -> Run {
        let mounted = match self.scene {
            Scene::Mounted => Some(".env.local"),
            Scene::MetadataMounted => Some("scripts/instagram-token.json"),
            _ => None,
        };
        let mount = mounted.map_or(Plan::Nothing, |name| Plan::FailEvery {
            name: "rename",
            path: Some(self.site.at(name)),
            kind: ErrorKind::ResourceBusy,
        });
        self.run_on(FaultyDisk::new(FaultyDisk::new(RealDisk, mount), plan))
    }

    /// One run of everlit, on that disk.
    pub fn run_on(&self, disk: FaultyDisk) -> Run {
        let replied_after = Arc::default();
        let transport =
            Watched { meta: self.meta.clone(), disk: disk.clone(), replied_after: Arc::clone(&replied_after) };
        let (client, store) = (Client::new(Arc::new(transport)), Arc::new(self.site.files_on(disk.clone())));
        let keeper = Keeper::new(client, store, self.clock.clone(), 1);
        let report = now(keeper.refresh(&self.site.name()));
        let replied_after = *replied_after.lock().unwrap();
        Run { report, disk, replied_after }
    }

    /// The token that Meta issued last.
    pub fn newest(&self) -> String {
        self.meta.with(|meta| meta.newest_token("bakery").unwrap().text.to_string())
    }

    /// The env file as it was, and as it is to become: every other byte the same.
    pub fn whole_contents(&self) -> [Vec<u8>; 2] {
        let text = String::from_utf8(self.env.clone()).unwrap();
        let new = text.replace(&self.old, &self.newest());
        [self.env.clone(), new.into_bytes()]
    }

    pub fn holds_new_env(&self) -> bool {
        let [_, new] = self.whole_contents();
        self.site.read(".env.local") == new
    }

    /// P7: what the user's files must be, however a run ended; `true` once no write in place is under way any more.
    pub fn check_bytes(&self, story: &dyn Fn() -> String) {
        let copy = ".everlit/recovery/env";
        let copy_stands = self.site.at(copy).exists();
        let counts = if copy_stands { copy } else { ".env.local" };
        let found = self.site.read(counts);
        assert!(self.whole_contents().contains(&found), "{counts} is neither wholly old nor wholly new: {}", story());
        let in_use = self.site.load().unwrap_or_else(|error| panic!("{error}: {}", story())).current;
        assert!([&self.old, &self.newest()].contains(&&in_use.expose().to_owned()), "a mix of tokens: {}", story());
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let env = fs::metadata(self.site.at(".env.local")).unwrap();
            assert_eq!(env.mode() & 0o7777, 0o640, "{}", story());
            let names = if self.scene == Scene::HardLinked { 2 } else { 1 };
            assert_eq!(env.nlink(), names, "{}", story());
        }
    }

    /// Whether Meta would take the token in use or the one that waits.
    pub fn has_live_token(&self) -> bool {
        let stored = self.site.load().unwrap();
        self.is_live(&stored.current) || stored.candidate.is_some_and(|candidate| self.is_live(&candidate.token))
    }

    pub fn has_candidate(&self) -> bool {
        self.site.load().unwrap().candidate.is_some()
    }

    /// Everything as it should be after a refresh: new token, metadata about it, nothing left over.
    pub fn check_all_well(&self, story: &dyn Fn() -> String) {
        self.check_bytes(story);
        assert!(self.holds_new_env(), "{}", story());
        let stored = self.site.load().unwrap();
        assert!(self.is_live(&stored.current), "{}", story());
        assert_eq!(stored.candidate, None, "{}", story());
        assert_eq!(stored.notes, [""; 0], "{}", story());
        assert!(stored.record.expiry.instant() > Some(NOW), "{}", story());
        let expected: &[&str] = if self.has_another_name() { &["another-name"] } else { &[] };
        assert_eq!(self.site.leftovers(), expected, "{}", story());
        let metadata: serde_json::Value =
            serde_json::from_slice(&self.site.read("scripts/instagram-token.json")).unwrap();
        let fingerprint: Fingerprint = metadata["everlit"]["fingerprint"].as_str().unwrap().parse().unwrap();
        assert_eq!(fingerprint, stored.current.fingerprint());
        if self.scene != Scene::Fresh {
            assert_eq!(metadata["note"], "mine", "a field of the user's: {}", story());
        }
    }

    fn has_another_name(&self) -> bool {
        self.site.at("another-name").exists()
    }
}

/// ENOSPC, EROFS, EBUSY, EACCES, EINTR, and EIO, whose kind has no name in std.
pub fn kinds() -> [ErrorKind; 6] {
    #[cfg(unix)]
    let input_output = std::io::Error::from_raw_os_error(5).kind();
    #[cfg(not(unix))]
    let input_output = ErrorKind::Other;
    [
        ErrorKind::StorageFull,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::ResourceBusy,
        ErrorKind::PermissionDenied,
        ErrorKind::Interrupted,
        input_output,
    ]
}

/// A step, shown with the folder of the test left out.
pub fn shown(steps: &[Step], site: &Site) -> Vec<String> {
    let root = site.at("");
    steps
        .iter()
        .map(|step| format!("{} {}", step.name, step.path.strip_prefix(&root).unwrap_or(&step.path).display()))
        .collect()
}

#[cfg(unix)]
pub fn set_mode(site: &Site, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(site.at(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub fn set_mode(_: &Site, _: &str, _: u32) {}

/// Notes when the reply to a refresh arrives, in steps of the disk.
#[derive(Debug)]
struct Watched {
    meta: InProcess,
    disk: FaultyDisk,
    replied_after: Arc<Mutex<Option<usize>>>,
}

impl Transport for Watched {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        let is_refresh = request.path.contains("refresh_access_token");
        Box::pin(async move {
            let reply = self.meta.send(request).await;
            if is_refresh && reply.is_ok() {
                *self.replied_after.lock().unwrap() = Some(self.disk.steps().len());
            }
            reply
        })
    }
}
