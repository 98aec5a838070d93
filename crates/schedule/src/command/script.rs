//! Splits a script for `sh` into its simple commands, and says what each depends on (POSIX, "Shell Command Language").
//!
//! This is no shell: variables and substitutions stay as they are. What is not understood makes a command depend on
//! something rather than on nothing.

use super::guard::Guard;
use super::program::{is_endless, is_harmless, is_test};

/// A program and its arguments.
#[derive(Debug)]
pub(super) struct Simple {
    /// Without quotes.
    pub(super) words: Vec<String>,
    /// What decides whether it runs.
    pub(super) guard: Option<Guard>,
}

/// The simple commands of a script, in order. Empty if its quotes do not match.
pub(super) fn commands(text: &str) -> Vec<Simple> {
    let mut reader = Reader::default();
    for token in tokens(text).unwrap_or_default() {
        reader.take(token);
    }
    reader.end_of_command();
    reader.found
}

#[derive(Debug, Eq, PartialEq)]
enum Token {
    Word(String),
    /// `&&`, `||`, `;`, `|`, `&`, `(`, `)`, a newline.
    Operator(&'static str),
}

#[derive(Default)]
struct Reader {
    found: Vec<Simple>,
    words: Vec<String>,
    /// The operator in front of the current command.
    joint: &'static str,
    /// What the rest of the list of `&&` and `||` depends on.
    list: Option<Guard>,
    /// What everything up to the end of the group depends on.
    group: Option<Guard>,
    /// What ends each open group, and what it lies in depends on.
    open: Vec<(&'static str, Option<Guard>)>,
    /// What the end of the last command, and with it that of a group, may decide.
    last: Option<Guard>,
    /// `set -e`: any command that fails ends the script.
    ends_on_failure: bool,
}

impl Reader {
    fn take(&mut self, token: Token) {
        match token {
            Token::Operator("(") => {
                self.end_of_command();
                self.begin(")", self.list);
            }
            Token::Operator(")") => {
                self.end_of_command();
                self.end(")");
            }
            Token::Operator(operator) => {
                self.end_of_command();
                self.joint = operator;
                if !matches!(operator, "&&" | "||") {
                    self.list = None;
                }
            }
            Token::Word(word) if self.words.is_empty() => self.first_word(word),
            Token::Word(word) => self.words.push(word),
        }
    }

    /// The first word of a command may belong to the shell.
    fn first_word(&mut self, word: String) {
        match word.as_str() {
            "{" => self.begin("}", self.list),
            "if" => self.begin("fi", Some(Guard::Condition)),
            "case" => {
                self.begin("esac", Some(Guard::Condition));
                self.words.push(word);
            }
            "while" | "until" => {
                // It may never end.
                self.begin("done", Some(Guard::Condition));
                self.open.last_mut().into_iter().for_each(|(_, outer)| *outer = outer.or(Some(Guard::Condition)));
            }
            // A loop over a list runs.
            "for" => {
                self.begin("done", self.list);
                self.words.push(word);
            }
            "}" => self.end("}"),
            "fi" => self.end("fi"),
            "esac" => self.end("esac"),
            "done" => self.end("done"),
            "then" | "else" | "elif" | "do" | "!" => {}
            _ => self.words.push(word),
        }
    }

    fn begin(&mut self, end: &'static str, guard: Option<Guard>) {
        self.open.push((end, self.group));
        self.group = self.group.or(guard).or_else(|| (self.joint == "||").then_some(Guard::Command));
    }

    fn end(&mut self, end: &'static str) {
        if let Some((_, outer)) = self.open.pop_if(|(expected, _)| *expected == end) {
            self.group = outer;
            self.list = self.list.or(self.last);
        }
    }

    fn end_of_command(&mut self) {
        let words = std::mem::take(&mut self.words);
        let Some(first) = words.first() else { return };
        let is_or = self.joint == "||";
        let guard = self.group.or(self.list).or_else(|| is_or.then_some(Guard::Command));
        if matches!(first.as_str(), "exit" | "return" | "break" | "continue") {
            // `cd x || exit`: what follows runs if all is well. After any other test, or alone, it decides about the rest.
            let unless = if is_or { self.list } else { Some(self.list.unwrap_or(Guard::Condition)) };
            self.group = self.group.or(unless);
            self.last = Some(Guard::Condition);
            return;
        }
        let own = if is_test(&words) { Guard::Test } else { Guard::Command };
        self.last = Some(own).filter(|_| !is_harmless(&words));
        self.list = self.list.or(self.last);
        let is_flag = |word: &String| word.starts_with('-') && word.contains('e') || word == "errexit";
        self.ends_on_failure |= words[0] == "set" && words.iter().skip(1).any(is_flag);
        if self.ends_on_failure && !is_or {
            self.group = self.group.or(self.last);
        }
        // It takes the shell's place, or lasts for ever: nothing follows.
        if words.len() > 1 && words[0] == "exec" || is_endless(&words) {
            self.group = self.group.or(Some(Guard::Condition));
        }
        self.found.push(Simple { words, guard });
    }
}

/// `None` if a quote is not closed.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '#' if word.is_none() => while rest.next_if(|c| *c != '\n').is_some() {},
            '\\' => match rest.next() {
                Some('\n') | None => {}
                Some(c) => word.get_or_insert_default().push(c),
            },
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => word.push(rest.next()?),
                        inside => word.push(inside),
                    }
                }
            }
            '$' if rest.peek() == Some(&'(') => substitution(&mut rest, word.get_or_insert_default())?,
            '>' | '<' => {
                // What a redirection names is not part of the command; `2>&1` has its number before it.
                word = word.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
                tokens.extend(word.take().map(Token::Word));
                while rest.next_if(|c| ">&|<".contains(*c) || *c == ' ').is_some() {}
                while rest.next_if(|c| !c.is_whitespace() && !";&|)".contains(*c)).is_some() {}
            }
            c if c.is_whitespace() && c != '\n' => tokens.extend(word.take().map(Token::Word)),
            ';' | '&' | '|' | '(' | ')' | '\n' => {
                tokens.extend(word.take().map(Token::Word));
                let is_double = rest.next_if(|next| *next == c && ";&|".contains(c)).is_some();
                tokens.push(Token::Operator(match (c, is_double) {
                    ('&', true) => "&&",
                    ('|', true) => "||",
                    ('|', false) => "|",
                    ('(', _) => "(",
                    (')', _) => ")",
                    _ => ";",
                }));
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    tokens.extend(word.map(Token::Word));
    Some(tokens)
}

/// Takes `(...)` as it stands.
fn substitution(rest: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    word.push('$');
    let mut depth = 0;
    loop {
        let c = rest.next()?;
        word.push(c);
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(()),
            ')' => depth -= 1,
            _ => {}
        }
    }
}
