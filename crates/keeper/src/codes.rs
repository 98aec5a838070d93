//! The `snake_case` words under which values are stored and shown to programs.

/// Gives an enum its words, in one table. They never change: files and dashboards hold them.
macro_rules! codes {
    ($type:ty, $count:literal: $($value:expr => $code:literal,)+) => {
        impl $type {
            /// Every value.
            pub const ALL: [Self; $count] = [$($value),+];

            const CODES: [&str; $count] = [$($code),+];

            /// The word under which it is stored and shown to programs.
            pub fn code(self) -> &'static str {
                Self::ALL.iter().position(|value| *value == self).map_or("unknown", |index| Self::CODES[index])
            }

            /// Reads the word back.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::CODES.iter().position(|known| *known == code).map(|index| Self::ALL[index])
            }
        }
    };
}
pub(crate) use codes;
