//! The settings of taplo, which the Even Better TOML extension reads too: which schema
//! belongs to which file, and how TOML is set. They name no address, so nothing is fetched.

use super::{ALL, Format};

/// The text of `.taplo.toml`.
pub fn taplo() -> String {
    let mut text = String::from(
        "# Written by `signpost schema --all .`\n\
         include = [\"clinic/**/*.toml\"]\n\n\
         [formatting]\nreorder_keys = false\nreorder_arrays = false\narray_auto_expand = false\narray_auto_collapse = false\n",
    );
    for schema in ALL.iter().filter(|schema| schema.format == Format::Toml) {
        let (name, files) = (schema.name, schema.files);
        text.push_str(&format!(
            "\n[[rule]]\ninclude = [\"{files}\"]\n\n[rule.schema]\npath = \"schemas/{name}.schema.json\"\n"
        ));
    }
    text
}
