#!/bin/sh
# Puts a backup (redis-cli --rdb FILE) into a running Redis in the place of all that it holds; its log of writes follows by itself.
# Runs where the Redis runs; nobody else may use it meanwhile.
#   restore.sh FILE [options of redis-cli for the Redis: -p PORT, --user NAME, --tls, ...; the password in REDISCLI_AUTH]
# A Redis that writes a log ignores dump.rdb when it starts, so the backup is loaded by another one (port 6399 of the loopback interface, or
# RESTORE_PORT), of which this one becomes a replica for a moment.
set -eu

[ $# -ge 1 ] && [ -f "$1" ] || { echo "usage: $0 FILE [options of redis-cli]" >&2; exit 2; }
file=$(readlink -f "$1") port=${RESTORE_PORT:-6399}
shift
fail() { echo "restore.sh: $1" >&2; exit 1; }
ask() { redis-cli --no-auth-warning "$@"; }
source() { env -u REDISCLI_AUTH redis-cli -p "$port" "$@"; }

[ "$(ask "$@" ping)" = PONG ] || fail "the Redis does not answer, or refuses the user or the password"
redis-server --bind 127.0.0.1 --port "$port" --dir "$(dirname "$file")" --dbfilename "$(basename "$file")" --appendonly no --save '' > /dev/null &
loader=$!
trap 'kill $loader 2> /dev/null || true' EXIT
tries=0
until [ "$(source ping 2> /dev/null)" = PONG ]; do
    kill -0 $loader 2> /dev/null || fail "$file is no backup that this Redis can read"
    tries=$((tries + 1))
    [ $tries -lt 600 ] || fail "$file is not loaded after ten minutes"
    sleep 1
done

ask "$@" replicaof 127.0.0.1 "$port" > /dev/null
until ask "$@" info replication | tr -d '\r' | grep -q '^master_link_status:up$'; do
    kill -0 $loader 2> /dev/null || fail "the Redis with the backup has ended"
    sleep 1
done
ask "$@" replicaof no one > /dev/null
[ "$(ask "$@" dbsize)" = "$(source dbsize)" ] || fail "not all keys have arrived"
echo "restored $(ask "$@" dbsize) keys"
