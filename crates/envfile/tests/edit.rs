//! A new value changes the bytes of the value and nothing else. What cannot be changed safely is refused.

mod cases;

use cases::{EDITED, FILLED, KEY, NEW, OLD, REFUSED, file};
use everlit_envfile::{EnvError, EnvFile, Quote};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_new_value_changes_no_other_byte() {
    for (what, content) in EDITED {
        let old = file(content, OLD);
        let parsed = EnvFile::parse(&old);
        assert_eq!(parsed.value(KEY).as_ref().map(Option::as_deref), Ok(Some(OLD.as_bytes())), "{what}");
        let new = parsed.with_value(KEY, NEW.as_bytes()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(text(&new), text(&file(content, NEW)), "{what}");
        let back = EnvFile::parse(&new).with_value(KEY, OLD.as_bytes());
        assert_eq!(back.as_deref().map(text), Ok(text(&old)), "{what}: and back");
    }
}

#[test]
fn an_empty_value_is_filled() {
    for (what, content, filled) in FILLED {
        let new = EnvFile::parse(&file(content, OLD)).with_value(KEY, NEW.as_bytes());
        let new = new.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(text(&new), filled.replace("NEW", NEW), "{what}");
    }
}

#[test]
fn what_readers_disagree_on_is_refused_with_its_line() {
    for (what, content, line, says) in REFUSED {
        let old = file(content, OLD);
        let error = EnvFile::parse(&old).with_value(KEY, NEW.as_bytes()).expect_err(what);
        assert_eq!(error.line(), *line, "{what}: {error}");
        assert!(error.to_string().contains(says), "{what}: {error}");
    }
}

#[test]
fn errors_and_debug_output_show_no_value() {
    let every = EDITED.iter().map(|case| case.1).chain(REFUSED.iter().map(|case| case.1));
    for content in every {
        let old = file(content, OLD);
        let parsed = EnvFile::parse(&old);
        let mut shown = vec![format!("{parsed:?} {:?}", parsed.assignments(KEY).collect::<Vec<_>>())];
        for new in [NEW.to_owned(), format!("{NEW}$"), format!("{NEW}\n")] {
            if let Err(error) = parsed.with_value(KEY, new.as_bytes()) {
                shown.push(format!("{error} {error:?}"));
            }
        }
        assert!(shown.iter().all(|shown| !shown.contains("fakeFAKE")), "{shown:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_stay() {
    let old = b"A=caf\xe9\n# \xff\xfe\nTOKEN=x # \xe9\nB=\xc3\n";
    let new = EnvFile::parse(old).with_value("TOKEN", b"yy").unwrap();
    assert_eq!(new, b"A=caf\xe9\n# \xff\xfe\nTOKEN=yy # \xe9\nB=\xc3\n");
}

#[test]
fn a_very_long_line_is_edited() {
    let long = "x".repeat(1 << 20);
    let old = format!("A={long}\nTOKEN={long}{OLD} # {long}\nB='{long}'\n");
    let value = format!("{long}{OLD}");
    let new = EnvFile::parse(old.as_bytes()).with_value(KEY, NEW.as_bytes()).unwrap();
    assert!(text(&new) == old.replace(&value, NEW));
}

#[test]
fn keys_are_listed_in_file_order() {
    let file = EnvFile::parse(b"\xef\xbb\xbfA=1\n#B=2\nexport C: 3\nD='\nE=5\n'\nA=6\njunk\nF.G-h = 7");
    assert_eq!(file.keys().collect::<Vec<_>>(), ["A", "C", "D", "A", "F.G-h"]);
}

#[test]
fn an_assignment_reports_how_it_is_written() {
    let file = EnvFile::parse(b"A=1\r\n\r\nexport TOKEN = \"a\\nb\" # c\rTOKEN: `x`\nTOKEN=\n");
    let found: Vec<_> =
        file.assignments("TOKEN").map(|copy| (copy.line(), copy.value().into_owned(), copy.quote())).collect();
    assert_eq!(
        found,
        [(3, b"a\nb".to_vec(), Quote::Double), (4, b"x".to_vec(), Quote::Backtick), (5, b"".to_vec(), Quote::None),]
    );
}

#[test]
fn a_missing_key_has_no_value_and_an_empty_one_is_empty() {
    assert_eq!(EnvFile::parse(b"").value("TOKEN"), Ok(None));
    assert_eq!(EnvFile::parse(b"A=1\n").value("TOKEN"), Ok(None));
    assert_eq!(EnvFile::parse(b"TOKEN=\n").value("TOKEN").unwrap().as_deref(), Some(&b""[..]));
}

#[test]
fn a_value_is_quoted_if_needed_or_refused() {
    let written = |file: &str, new: &str| EnvFile::parse(file.as_bytes()).with_value("TOKEN", new.as_bytes());
    let ok = |file: &str| Ok(file.as_bytes().to_vec());
    for plain in ["a", "a-b_c.d", "a/b+c==", "a:b@c,d%", "äpfel"] {
        assert_eq!(written("TOKEN=x\n", plain), ok(&format!("TOKEN={plain}\n")));
    }
    for quoted in ["a b", "a#b", "#a", " a ", "a\"b", "a`b", "a\\b", "a;b", "a&b", "a(b", "~a", "a*b", "a!b", "{a}"] {
        assert_eq!(written("TOKEN=x # c\n", quoted), ok(&format!("TOKEN='{quoted}' # c\n")));
        assert_eq!(written("TOKEN='x'\n", quoted), ok(&format!("TOKEN='{quoted}'\n")));
    }
    assert_eq!(written("TOKEN=x\n", "it's"), ok("TOKEN=\"it's\"\n"));
    assert_eq!(written("TOKEN=\"x\"\n", "it's # 1"), ok("TOKEN=\"it's # 1\"\n"));
    for (file, new) in [
        ("TOKEN='x'\n", "it's"),
        ("TOKEN=\"x\"\n", "a\"b"),
        ("TOKEN=\"x\"\n", "a\\b"),
        ("TOKEN=\"x\"\n", "a`b"),
        ("TOKEN=x\n", "it's \"b\""),
        ("TOKEN=x\n", "a\\"),
        ("TOKEN=x\n", "a\\\\b"),
        ("TOKEN=`x`\n", "a`b"),
    ] {
        let error = written(file, new).expect_err(new);
        assert!(
            matches!(error, EnvError::Unwritable { line: 1, .. } | EnvError::Disturbs { line: 1, .. }),
            "{new}: {error}"
        );
    }
    for new in ["a\nb", "a\rb", "a\0b", "a\tb", "a\u{85}b", "a\u{2028}b", "a$b", "${a}", "\u{a0}a"] {
        assert!(matches!(written("TOKEN='x'\n", new), Err(EnvError::BadValue { .. })), "{new:?}");
    }
    assert!(matches!(EnvFile::parse(b"TOKEN=x\n").with_value("TOKEN", b"\xff"), Err(EnvError::BadValue { .. })));
}

#[test]
fn a_key_is_added_in_the_line_ending_of_the_file() {
    for (old, new) in [
        ("", "TOKEN=v\n"),
        ("A=1\n", "A=1\nTOKEN=v\n"),
        ("A=1", "A=1\nTOKEN=v\n"),
        ("A=1\r\nB=2", "A=1\r\nB=2\r\nTOKEN=v\r\n"),
        ("A=1\rB=2\r", "A=1\rB=2\rTOKEN=v\r"),
        ("# TOKEN=DEAD", "# TOKEN=DEAD\nTOKEN=v\n"),
        ("A=\"x\ny\"", "A=\"x\ny\"\nTOKEN=v\n"),
        ("\u{feff}", "\u{feff}\nTOKEN=v\n"),
    ] {
        let added = EnvFile::parse(old.as_bytes()).with_added("TOKEN", b"v");
        assert_eq!(added.as_deref().map(text), Ok(new.to_owned()), "{old:?}");
    }
    assert_eq!(EnvFile::parse(b"").with_added("TOKEN", b"a b"), Ok(b"TOKEN='a b'\n".to_vec()));
}

#[test]
fn a_key_is_not_added_if_it_would_be_misread() {
    let added = |old: &str, key: &str| EnvFile::parse(old.as_bytes()).with_added(key, b"v").expect_err(old);
    assert_eq!(added("A=1\nTOKEN=\n", "TOKEN"), EnvError::AlreadyThere { line: 2 });
    for key in ["", "1A", "A B", "A-B", "A.B", "Ä", "A="] {
        assert_eq!(added("", key), EnvError::BadKey);
    }
    assert_eq!(added("A='x\n", "TOKEN"), EnvError::UnclosedQuote { line: 1 });
    assert!(matches!(added("A=x\\", "TOKEN"), EnvError::Disturbs { line: 1, .. }));
    assert!(matches!(added("A=1\nB= \n", "TOKEN"), EnvError::Disturbs { .. }));
    assert!(matches!(added("section:", "TOKEN"), EnvError::Unwritable { .. } | EnvError::Disturbs { .. }));
}
