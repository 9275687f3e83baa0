#!/usr/bin/env bash
# Prints the Secrets that the manifests refer to, with new random passwords:
#   deploy/k8s/secrets.sh | kubectl apply -f -
# With --tls also certificates for Redis and for the silos, of an authority that is made for them and whose key is not kept, and
# addresses that say rediss://: for the component tls. To replace all of them, run it again, then restart Redis and the silos.
set -euo pipefail

scheme=redis days=825
case ${1:-} in
    '') ;;
    --tls) scheme=rediss ;;
    *) echo "usage: $0 [--tls]" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
digest() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
indented() { sed 's/^/    /' "$1"; }
secret() { printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: ebm\nstringData:\n' "$1"; }

silo=$(password) client=$(password) admin=$(password) pages=$(password)

# All keys of Orleans and of the stores begin with the cluster's name, ebm, and ':' or '/'. The other key and the channel are those of
# StackExchange.Redis. A client reads the table of members, and enters the table's first row where there is none.
common='%R~__Booksleeve_TieBreak &__Booksleeve_MasterChanged -@all +@connection'
asks='+subscribe +unsubscribe +info +cluster|slots +cluster|nodes'
secret ebm-redis-users
cat << YAML
  users.acl: |
    user default off
    user admin on #$(digest "$admin") ~* &* +@all
    user silo on #$(digest "$silo") ~ebm:* ~ebm/* $common +@read +@write +@transaction -@dangerous -function +eval +evalsha +script|load +script|exists +time $asks
    user client on #$(digest "$client") ~ebm/members/ebm $common -@dangerous +get +hgetall +hsetnx $asks
YAML
secret ebm-redis-silo
echo "  url: $scheme://silo:$silo@redis:6379/ebm"
secret ebm-redis-client
echo "  url: $scheme://client:$client@redis:6379/ebm"

# A key that signs tokens, and two that it signed: for the Job that submits, and for the console in the cluster, which may delete, too.
# What is secret is on no other program's command line, hence HMAC by hand (RFC 2104).
key=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n') key_name=key-$(date -u +%Y%m%d) now=$(date +%s)
bytes() { printf %b "$(sed 's/../\\x&/g' <<< "$1")"; }
padded() { local i; for ((i = 0; i < 128; i += 2)); do printf %02x $((0x0${key:i:2} ^ $1)); done; }
hmac() { bytes "$(padded 0x5c)$({ bytes "$(padded 0x36)"; printf %s "$1"; } | sha256sum | cut -d' ' -f1)" | openssl sha256 -binary; }
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
token() {
    local text
    text=$(printf '{"alg":"HS256","typ":"JWT","kid":"%s"}' "$key_name" | base64url)
    text+=.$(printf '{"iss":"ebm","aud":"ebm","sub":"%s","role":"%s","iat":%d,"exp":%d}' "$1" "$2" "$now" $((now + days * 86400)) | base64url)
    echo "$text.$(hmac "$text" | base64url)"
}
secret ebm-access
echo "  keys: $key_name $(bytes "$key" | openssl base64 -A)"
secret ebm-token
printf '  submit: %s\n  admin: %s\n' "$(token job submit)" "$(token console admin)"

# For people: of redis-cli --user admin, and of the pages (user ebm) where the component ingress shows them.
secret ebm-admin
printf '  redis: %s\n  pages: %s\n' "$admin" "$pages"
secret ebm-pages-users
echo "  auth: 'ebm:$(openssl passwd -apr1 -stdin <<< "$pages")'"

[[ $scheme == rediss ]] || exit 0
cd "$work"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days $days -subj '/CN=ebm CA' -keyout ca.key -out ca.crt 2> log ||
    { cat log >&2; exit 1; }

# Its Secret, its names, what it may be used for. Silos open connections to one another, too.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days $days -subj "/CN=$1" -keyout tls.key 2> log |
        openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days $days -out tls.crt 2>> log \
            -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=%s\n' "$2" "$3") || { cat log >&2; exit 1; }
    secret "$1"
    local file
    for file in tls.crt tls.key ca.crt; do
        echo "  $file: |"
        indented $file
    done
}
certificate ebm-redis-tls DNS:redis,DNS:redis.ebm,DNS:redis.ebm.svc,DNS:localhost serverAuth
certificate ebm-silo-tls DNS:ebm-silo serverAuth,clientAuth
secret ebm-ca
echo '  path: /etc/ebm/ca/ca.crt'  # where clients have it
echo '  ca.crt: |'
indented ca.crt
