# What tests/run and tests/lighthouse share: saying what is wrong, installing Debian packages, and
# serving the site on a free port. To be sourced by a script that has `set -euo pipefail`, from the
# root of the repository. What it starts, it ends when the script ends.

heading() { printf '\n== %s\n' "$1"; }

# Says in one line what is wrong and how to mend it.
fail() {
  printf 'tests/%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

need() { command -v "$1" >/dev/null || fail "\`$1\` is missing; $2"; }

target_folder() {
  cargo metadata --format-version 1 --no-deps --locked |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

apt_install() {
  need apt-get "install these by hand: $*"
  if [ "$(id -u)" -ne 0 ]; then need sudo "run as root once: apt-get install $*"; fi
  # A list that can't be fetched may be one that nothing here comes from; the next step tells.
  as_root apt-get update -qq || printf 'tests/%s: `apt-get update` failed; going on\n' "$(basename "$0")" >&2
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    fail "apt-get can't install: $*"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

server_pid=''
server_log=''
server_ledger=''
stop_serving() {
  if [ -n "$server_pid" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
  if [ -n "$server_log" ]; then rm -f "$server_log"; fi
  if [ -n "$server_ledger" ]; then rm -rf "$server_ledger"; fi
}
trap stop_serving EXIT

# Starts the site on a free port and waits until it is ready; leaves its address in SIGNPOST_URL.
serve() {
  server_log="$(mktemp)"
  # What the tests ask for is nothing to keep.
  server_ledger="$(mktemp -d)"
  # Many forms come from one address.
  "$1" serve --addr 127.0.0.1:0 --content . --ledger "$server_ledger/ledger.sqlite" --rate-limits off >"$server_log" 2>&1 &
  server_pid=$!
  local tries
  for tries in $(seq 1 300); do
    if ! kill -0 "$server_pid" 2>/dev/null; then
      cat "$server_log" >&2
      fail 'the site stopped before it was ready; its own words stand above'
    fi
    SIGNPOST_URL="$(sed -n 's/^listening on \(http:[^ ]*\)$/\1/p' "$server_log" | head -n 1)"
    if [ -n "$SIGNPOST_URL" ] && answers "$SIGNPOST_URL/readyz"; then
      export SIGNPOST_URL
      printf 'the site is ready at %s\n' "$SIGNPOST_URL"
      return
    fi
    sleep 0.1
  done
  cat "$server_log" >&2
  fail 'the site was not ready after 30 seconds; its own words stand above'
}

# Node is there already; curl may not be.
answers() {
  node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$1"
}
