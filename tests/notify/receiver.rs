//! A receiver of webhooks that takes a request apart by itself and computes the
//! signature from the specification: HMAC as RFC 2104 tells it, over SHA-256.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::clinic::{PATIENCE, SECRET};

/// What was posted.
#[derive(Debug, Clone)]
pub struct Post {
    /// Such as `POST /in HTTP/1.1`.
    pub line: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Post {
    /// Stops the test if the signature is not the one that the specification asks for.
    pub fn verify(&self) {
        let (id, timestamp) = (
            &self.headers["webhook-id"],
            &self.headers["webhook-timestamp"],
        );
        let seconds: i64 = timestamp.parse().expect("seconds since 1970");
        let age = jiff::Timestamp::now().as_second() - seconds;
        assert!((0..300).contains(&age), "{age} s old");
        let key = STANDARD
            .decode(SECRET.trim_start_matches("whsec_"))
            .expect("base64");
        let digest = hmac_sha256(&key, format!("{id}.{timestamp}.{}", self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(digest));
        assert_eq!(self.headers["webhook-signature"], expected);
    }
}

/// H(K xor opad, H(K xor ipad, text)), for keys of at most one block.
fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded = |pad: u8| -> Vec<u8> {
        let key = key.iter().copied().chain(std::iter::repeat(0));
        key.take(64).map(|byte| byte ^ pad).collect()
    };
    let inner = Sha256::digest([&padded(0x36), text].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

/// Says how to answer: a status line and header lines, such as `204 No Content`. Nothing: never.
type Manner = Box<dyn FnMut(&Post) -> Option<String> + Send>;

pub struct Receiver {
    addr: SocketAddr,
    posts: mpsc::Receiver<Post>,
}

impl Receiver {
    /// One that takes everything.
    pub fn start() -> Self {
        Self::with(|_| Some("204 No Content".into()))
    }

    pub fn with(manner: impl FnMut(&Post) -> Option<String> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let addr = listener.local_addr().expect("it has an address");
        let (tell, posts) = mpsc::channel();
        let mut manner: Manner = Box::new(manner);
        std::thread::spawn(move || {
            let mut hanging = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(post) = read(&stream) else { continue };
                let answer = manner(&post);
                tell.send(post).unwrap_or_default();
                match answer {
                    Some(answer) => say(&stream, &answer),
                    None => hanging.push(stream),
                }
            }
        });
        Self { addr, posts }
    }

    pub fn url(&self) -> String {
        format!("http://{}/in?key=hush-hush", self.addr)
    }

    /// The next post; waits for it.
    pub fn post(&self) -> Post {
        self.posts.recv_timeout(PATIENCE).expect("a post comes")
    }

    /// Posts that came meanwhile.
    pub fn other_posts(&self) -> Vec<Post> {
        self.posts.try_iter().collect()
    }
}

fn read(stream: &TcpStream) -> Option<Post> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|count| *count > 0)?;
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let headers: BTreeMap<String, String> = head
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    // What follows a redirect may have no body.
    let length = headers.get("content-length");
    let length = length.map_or(Some(0), |length| length.parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Post {
        line: head.first()?.clone(),
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

fn say(mut stream: &TcpStream, answer: &str) {
    let answer = format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).unwrap_or_default();
}
