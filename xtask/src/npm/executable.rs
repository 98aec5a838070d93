//! Detects the platform an executable was built for, so that no package ever holds the executable of another one.

/// File format and processor of an executable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ElfX64,
    ElfArm64,
    MachoX64,
    MachoArm64,
    PeX64,
    PeArm64,
}

/// The kind of an executable; `None` for any other. Sources: elf(5), Apple's `mach-o/loader.h`, Microsoft's "PE Format".
pub(crate) fn kind_of(content: &[u8]) -> Option<Kind> {
    match content.get(..4)? {
        b"\x7fELF" => match u16_at(content, 18)? {
            62 => Some(Kind::ElfX64),
            183 => Some(Kind::ElfArm64),
            _ => None,
        },
        b"\xcf\xfa\xed\xfe" => match (u16_at(content, 4)?, u16_at(content, 6)?) {
            (7, 0x0100) => Some(Kind::MachoX64),
            (12, 0x0100) => Some(Kind::MachoArm64),
            _ => None,
        },
        [b'M', b'Z', ..] => {
            let header = usize::from(u16_at(content, 0x3c)?);
            let is_pe = content.get(header..)?.starts_with(b"PE\0\0");
            match u16_at(content, header + 4)? {
                0x8664 if is_pe => Some(Kind::PeX64),
                0xaa64 if is_pe => Some(Kind::PeArm64),
                _ => None,
            }
        }
        _ => None,
    }
}

fn u16_at(content: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(content.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize, parts: &[(usize, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; length];
        for (at, part) in parts {
            bytes[*at..at + part.len()].copy_from_slice(part);
        }
        bytes
    }

    #[test]
    fn executables_are_recognized_by_format_and_processor() {
        let pe = |machine: &[u8]| bytes(256, &[(0, b"MZ"), (0x3c, &[0x80, 0]), (0x80, b"PE\0\0"), (0x84, machine)]);
        for (content, kind) in [
            (bytes(64, &[(0, b"\x7fELF"), (18, &[62, 0])]), Some(Kind::ElfX64)),
            (bytes(64, &[(0, b"\x7fELF"), (18, &[183, 0])]), Some(Kind::ElfArm64)),
            (bytes(64, &[(0, b"\x7fELF"), (18, &[40, 0])]), None),
            (bytes(64, &[(0, b"\xcf\xfa\xed\xfe"), (4, &[7, 0, 0, 1])]), Some(Kind::MachoX64)),
            (bytes(64, &[(0, b"\xcf\xfa\xed\xfe"), (4, &[12, 0, 0, 1])]), Some(Kind::MachoArm64)),
            (pe(&[0x64, 0x86]), Some(Kind::PeX64)),
            (pe(&[0x64, 0xaa]), Some(Kind::PeArm64)),
            (pe(&[0x4c, 0x01]), None),
            (b"#!/bin/sh\n".to_vec(), None),
            (b"MZ".to_vec(), None),
            (bytes(64, &[(0, b"MZ"), (0x3c, &[0xff, 0xff])]), None),
            (Vec::new(), None),
        ] {
            assert_eq!(kind_of(&content), kind, "{content:?}");
        }
    }
}
