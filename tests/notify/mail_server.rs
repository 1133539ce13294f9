//! A mail server that speaks as much of RFC 5321 as a sender needs, and that can
//! refuse or hang at any step.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use crate::clinic::PATIENCE;

/// What the server does at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// What it should.
    Usual,
    /// Says this line instead.
    Say(String),
    /// Hangs up.
    HangUp,
    /// Says nothing any more, until the other side goes away.
    Hang,
}

/// A mail that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Header and text, lines ended by `\n`.
    pub text: String,
}

impl Mail {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.text.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.text))
    }
}

/// Says what to do at a step: `connect`, a command line as it came, or `.` for the end of a mail.
type Manner = Box<dyn FnMut(&str) -> Reply + Send>;

pub struct MailServer {
    addr: SocketAddr,
    mails: Receiver<Mail>,
    steps: Receiver<String>,
    manner: Arc<Mutex<Manner>>,
}

impl MailServer {
    /// One that takes every mail.
    pub fn start() -> Self {
        Self::with(|_| Reply::Usual)
    }

    pub fn with(manner: impl FnMut(&str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let addr = listener.local_addr().expect("it has an address");
        let manner: Arc<Mutex<Manner>> = Arc::new(Mutex::new(Box::new(manner)));
        let ((tell_mail, mails), (tell_step, steps)) = (channel(), channel());
        let shared = Arc::clone(&manner);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let conversation = Conversation {
                    manner: Arc::clone(&shared),
                    mails: tell_mail.clone(),
                    steps: tell_step.clone(),
                };
                std::thread::spawn(move || conversation.lead(&stream));
            }
        });
        Self {
            addr,
            mails,
            steps,
            manner,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// The address with another scheme, or with user and password.
    pub fn url_with(&self, start: &str) -> String {
        format!("{start}{}", self.addr)
    }

    /// Does otherwise from now on.
    pub fn becomes(&self, manner: impl FnMut(&str) -> Reply + Send + 'static) {
        *self.manner.lock().expect("nobody failed") = Box::new(manner);
    }

    /// The next mail; waits for it.
    pub fn mail(&self) -> Mail {
        self.mails.recv_timeout(PATIENCE).expect("a mail comes")
    }

    /// Mails that came meanwhile.
    pub fn other_mails(&self) -> Vec<Mail> {
        self.mails.try_iter().collect()
    }

    /// Waits for a step that begins so, and gives it.
    pub fn until(&self, start: &str) -> String {
        loop {
            let step = self.steps.recv_timeout(PATIENCE).expect("the step comes");
            if step.starts_with(start) {
                return step;
            }
        }
    }

    /// Steps that were not waited for.
    pub fn other_steps(&self) -> Vec<String> {
        self.steps.try_iter().collect()
    }
}

struct Conversation {
    manner: Arc<Mutex<Manner>>,
    mails: Sender<Mail>,
    steps: Sender<String>,
}

impl Conversation {
    fn lead(&self, stream: &TcpStream) {
        let mut lines = BufReader::new(stream);
        let mut mail = Mail {
            from: String::new(),
            to: Vec::new(),
            text: String::new(),
        };
        if !self.answer(stream, "connect", "220 mail.clinic.example") {
            return;
        }
        while let Some(line) = read_line(&mut lines) {
            let usual = match line.split([' ', ':']).next() {
                Some("EHLO") => "250-mail.clinic.example\r\n250 AUTH PLAIN LOGIN",
                Some("AUTH") => "235 welcome",
                Some("DATA") => "354 go on",
                Some("QUIT") => "221 bye",
                Some("MAIL" | "RCPT") => "250 fine",
                _ => "500 what",
            };
            if !self.answer(stream, &line, usual) {
                continue;
            }
            if let Some(from) = line.strip_prefix("MAIL FROM:") {
                mail.from = from.to_owned();
            } else if let Some(to) = line.strip_prefix("RCPT TO:") {
                mail.to.push(to.to_owned());
            } else if line == "DATA" {
                mail.text = read_text(&mut lines);
                // It counts from when the sender could know of it.
                if self.answer(stream, ".", "250 taken") {
                    self.mails.send(mail.clone()).unwrap_or_default();
                }
            }
        }
    }

    /// Answers a step; whether it was done.
    fn answer(&self, mut stream: &TcpStream, step: &str, usual: &str) -> bool {
        let reply = (self.manner.lock().expect("nobody failed"))(step);
        self.steps.send(step.to_owned()).unwrap_or_default();
        let line = match &reply {
            Reply::Usual => usual,
            Reply::Say(line) => line,
            Reply::Hang => {
                std::io::copy(&mut stream, &mut std::io::sink()).unwrap_or_default();
                return false;
            }
            Reply::HangUp => {
                stream
                    .shutdown(std::net::Shutdown::Both)
                    .unwrap_or_default();
                return false;
            }
        };
        let sent = stream.write_all(format!("{line}\r\n").as_bytes());
        sent.is_ok() && reply == Reply::Usual
    }
}

fn read_line(lines: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let count = lines.read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end().to_owned())
}

/// A mail up to the line of a full stop.
fn read_text(lines: &mut impl BufRead) -> String {
    let mut text = String::new();
    while let Some(line) = read_line(lines).filter(|line| line != ".") {
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
    text
}
