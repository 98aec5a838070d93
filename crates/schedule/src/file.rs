//! What comes out.

/// A file to be put somewhere, or text to be put into one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GeneratedFile {
    /// Its name, without a folder: `everlit-bakery-1a2b3c4d.timer`. Safe in every file system.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// How the text becomes bytes.
    pub encoding: Encoding,
    /// Where it goes, for a person: a folder, or what to do with it.
    pub goes_to: &'static str,
}

/// How text becomes bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-16, little end first, with its mark: what `schtasks` reads for certain.
    Utf16,
}

impl GeneratedFile {
    pub(crate) fn utf8(name: String, text: String, goes_to: &'static str) -> Self {
        Self { name, text, encoding: Encoding::Utf8, goes_to }
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
