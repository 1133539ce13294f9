//! The form of a visit as a browser sends it, complete: what several tests send many times.

/// The bytes that ask for a visit of the small site for one person. `fields` stand before the others, each with `&` at
/// its end; `header` lines end with `\r\n`. The connection ends after the answer.
pub fn visit_form(name: &str, fields: &str, header: &str) -> String {
    let body = format!(
        "go=send&{fields}state=NY&how-soon=soonest&patient=new&name={name}&phone=5555550123\
         &preferred=phone&message=yes&payment=medicare&consent=yes"
    );
    format!(
        "POST /book/test-visit HTTP/1.1\r\nHost: clinic.example\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
