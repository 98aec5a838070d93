//! A file that a scheduler reads.

/// A file for a scheduler, or text to paste into one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GeneratedFile {
    /// The file's name, such as `everlit-bakery-1a2b3c4d.timer`; with folders where a platform wants it in one:
    /// `src/index.js`. Valid in every file system.
    pub name: String,
    /// The content.
    pub text: String,
    /// How the text is encoded.
    pub encoding: Encoding,
    /// Where the file goes, for a person: a folder, or what to do with the text.
    pub goes_to: &'static str,
}

/// How text becomes bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-16, little-endian, with a byte order mark: the one encoding that every `schtasks` reads.
    Utf16,
}

impl GeneratedFile {
    pub(crate) fn utf8(name: String, text: String, goes_to: &'static str) -> Self {
        Self { name, text, encoding: Encoding::Utf8, goes_to }
    }

    /// Whether nobody else has a file of this name, as they have a `vercel.json`.
    pub(crate) fn is_named_after_everlit(&self) -> bool {
        self.name.rsplit('/').next().is_some_and(|name| name.starts_with("everlit-"))
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => self.text.clone().into_bytes(),
            Encoding::Utf16 => {
                let mark = [0xFEFF_u16];
                mark.into_iter().chain(self.text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
        }
    }
}
