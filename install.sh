#!/bin/sh
# Installs virga: sh install.sh [--prefix DIR] [--from DIR-OR-URL]
#
#   --prefix DIR   where to: DIR/bin/virga, DIR/share/man …; ~/.local by default
#   --from PLACE   a folder, or the address of one, with the files of a release; the release's own by default
#   --print        says what would be done, and does nothing
#
# It fetches one file, checks its SHA-256 against the list below, and unpacks it. It never asks for more rights: for a
# folder that is not yours, run it as whoever owns that. A release writes the version, the list and its address in here.

set -eu

VERSION=''
PLACE=''
# sha256  file
SUMS='
'

prefix=${HOME:-}/.local
print=no

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || fail '--prefix needs a folder'; prefix=$2; shift 2 ;;
    --prefix=*) prefix=${1#*=}; shift ;;
    --from) [ $# -gt 1 ] || fail '--from needs a folder or an address'; PLACE=$2; shift 2 ;;
    --from=*) PLACE=${1#*=}; shift ;;
    --print) print=yes; shift ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "there is no option $1; see --help" ;;
  esac
done

[ -n "$VERSION" ] || fail 'this is the source of the script; a release has one that knows its files (npm run release)'
[ -n "$PLACE" ] || fail 'where are the files of the release? --from FOLDER or --from https://…'
case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac

case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) fail "there is no program for $(uname -s) here; on Windows: npm install -g virga" ;;
esac
case $(uname -m) in
  x86_64 | amd64) cpu=x64 ;;
  aarch64 | arm64) cpu=arm64 ;;
  *) fail "there is no program for $(uname -m)" ;;
esac
libc=''
if [ $os = linux ]; then
  for loader in /lib/ld-musl-*; do
    [ ! -e "$loader" ] || [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] || libc=-musl
  done
fi

file=cli-$os-$cpu$libc-$VERSION.tgz
wanted=$(printf '%s' "$SUMS" | sed -n "s/^\([0-9a-f]*\)  $file\$/\1/p")
[ -n "$wanted" ] || fail "this release has no $file"

if [ $print = yes ]; then
  say "fetch  $PLACE/$file"
  say "sha256 $wanted"
  say "into   $prefix"
  exit 0
fi

sum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1" | cut -d' ' -f1
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 "$1" | cut -d' ' -f1
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r "$1" | cut -d' ' -f1
  else fail 'sha256sum, shasum or openssl is needed to check what was fetched'
  fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

case $PLACE in
  http://* | https://*)
    if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$scratch/$file" "$PLACE/$file"
    elif command -v wget >/dev/null 2>&1; then wget -q -O "$scratch/$file" "$PLACE/$file"
    else fail 'curl or wget is needed to fetch it'
    fi || fail "$PLACE/$file cannot be fetched"
    ;;
  *) cp "$PLACE/$file" "$scratch/$file" || fail "there is no $PLACE/$file" ;;
esac

got=$(sum "$scratch/$file")
[ "$got" = "$wanted" ] || fail "$file is not what it should be: its SHA-256 is $got, not $wanted. Nothing was installed"

tar -xzf "$scratch/$file" -C "$scratch"
mkdir -p "$prefix/bin" 2>/dev/null || fail "$prefix cannot be written to: choose another --prefix, or be who owns it"
[ -w "$prefix/bin" ] || fail "$prefix/bin cannot be written to: choose another --prefix, or be who owns it"

# The program last, and in one step: one that runs goes on running.
mkdir -p "$prefix/share"
cp -R "$scratch/package/share/." "$prefix/share/"
cp "$scratch/package/bin/virga" "$prefix/bin/.virga.$$"
chmod 755 "$prefix/bin/.virga.$$"
mv -f "$prefix/bin/.virga.$$" "$prefix/bin/virga"

"$prefix/bin/virga" --version >/dev/null || {
  [ -z "$libc" ] || say 'On Alpine it needs libstdc++: apk add libstdc++' >&2
  fail "$prefix/bin/virga is there, but cannot be run here"
}

say "virga $VERSION is $prefix/bin/virga"
case :${PATH:-}: in
  *:"$prefix/bin":*) ;;
  *) say "$prefix/bin is not on your PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
say "To have it under the name aws, too: virga shim install"
say "To take it away: rm $prefix/bin/virga $prefix/share/man/man1/virga.1 \\"
say "  $prefix/share/bash-completion/completions/virga $prefix/share/zsh/site-functions/_virga \\"
say "  $prefix/share/fish/vendor_completions.d/virga.fish $prefix/share/virga/completion.ps1; its data: rm -r ~/.virga"
