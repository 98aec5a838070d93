//! Enums whose values have names in files and JSON.

/// Gives an enum `ALL`, `as_str`, `Display` and `FromStr`, all from one table of names.
macro_rules! names {
    ($enum:ident { $first:ident = $first_name:literal $(, $variant:ident = $name:literal)* $(,)? }) => {
        impl $enum {
            /// Every value.
            pub const ALL: [Self; [$first_name $(, $name)*].len()] = [Self::$first $(, Self::$variant)*];

            /// The name used in files and JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_name,
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $enum {
            type Err = crate::names::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.into_iter().find(|value| value.as_str() == text);
                found.ok_or(crate::names::UnknownName(concat!($first_name $(, ", ", $name)*)))
            }
        }
    };
}
pub(crate) use names;

/// The text is not one of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of {0}")]
pub struct UnknownName(pub(crate) &'static str);
