#!/usr/bin/env bash
# Builds the image without any registry and runs it as the manifests say: another user than root, a root file system that cannot be
# written, no capabilities, limits of memory. A control and a chain silo meet in a Redis with the users of secrets.sh, are asked for their
# health, train a short run that the image's console submits, and are stopped within the grace period.
#   deploy/image/try.sh          as root, with podman, runc and redis-server (Debian: apt-get install podman runc redis-server)
# The base is put together from this machine's .NET runtime and C libraries in the place of the Dockerfile's.
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
tag=localhost/ebm:try
redis_port=${REDIS_PORT:-16379}
grace=150 shutdown=120

fail() { printf 'try.sh: %s\n' "$1" >&2; exit 1; }
step() { printf '== %s (%d s)\n' "$1" "$SECONDS"; }
for program in podman runc redis-server redis-cli openssl curl dotnet; do
    command -v $program > /dev/null || fail "$program is needed"
done

# crun, podman's usual runtime, and its usual limits ask for more than a container that this runs in may have.
printf '[containers]\ndefault_ulimits = ["nofile=10000:10000","nproc=4096:4096"]\n[engine]\nruntime = "runc"\n' > "$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf

redis_pid=
end() {
    podman rm -f -t 0 ebm-try-control ebm-try-chains > /dev/null 2>&1 || true
    [[ -z $redis_pid ]] || kill "$redis_pid" 2> /dev/null || true
    rm -rf "$work"
}
trap end EXIT

step 'publish'
dotnet restore src/Ebm.Client --locked-mode -v quiet
mkdir -p "$work/published" "$work/base/root/usr/share/dotnet" "$work/base/root/tmp"
chmod 1777 "$work/base/root/tmp"
deploy/image/publish.sh "$work/published/out"

step 'base'
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
cp -r "$dotnet_root"/{dotnet,host,shared} "$work/base/root/usr/share/dotnet"
{
    find "$work/base/root/usr/share/dotnet" "$work/published/out" \( -name '*.so' -o -name '*.so.*' -o -name dotnet \) -type f -exec ldd {} + 2> /dev/null |
        sed -nE 's/.*(=> |^\t)(\/[^ ]+) \(0x.*/\2/p'
    # Loaded by name.
    ldconfig -p | sed -nE 's/.*(libssl|libcrypto)\.so\.3 .*=> (.*)/\2/p'
} | grep -v "^$work" | sort -u | while read -r library; do
    mkdir -p "$work/base/root$(dirname "$library")"
    cp -L "$library" "$work/base/root$library"
done
cat > "$work/base/Dockerfile" << 'BASE'
FROM scratch
COPY root /
ENV PATH=/usr/share/dotnet DOTNET_ROOT=/usr/share/dotnet DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
BASE
printf 'FROM scratch\nCOPY out /out\n' > "$work/published/Dockerfile"

step 'image'
build() { podman build -q --network=host "$@" > /dev/null; }
build -t localhost/ebm-base:try "$work/base"
build -t localhost/ebm-published:try "$work/published"
build -t $tag -f deploy/image/Dockerfile --ignorefile .dockerignore \
    --build-arg SDK=localhost/ebm-base:try --build-arg RUNTIME=localhost/ebm-base:try --build-arg PUBLISHED=localhost/ebm-published:try .

step 'Redis with the users of secrets.sh'
deploy/k8s/secrets.sh > "$work/secrets"
sed -n 's/^    user/user/p' "$work/secrets" > "$work/users.acl"
sed -e "s#^dir .*#dir $work#" -e "s#^aclfile .*#aclfile $work/users.acl#" deploy/k8s/base/redis.conf > "$work/redis.conf"
redis-server "$work/redis.conf" --bind 127.0.0.1 --port "$redis_port" --logfile "$work/redis.log" &
redis_pid=$!
sed -n 's/^  keys: //p' "$work/secrets" > "$work/keys"
chmod 644 "$work/keys"
url() { sed -n "s/^  url: \(redis:\/\/$1:.*\)@redis:6379/\1@127.0.0.1:$redis_port/p" "$work/secrets"; }
confined=(--network host --user 1654:1654 --read-only --tmpfs /tmp:exec --cap-drop ALL --security-opt no-new-privileges)

# What the Deployments say, but for addresses: both silos are on this machine's own.
silo() {
    local name=$1 memory=$2
    shift 2
    podman run -d --name "ebm-try-$name" "${confined[@]}" --memory "$memory" --stop-timeout $grace --entrypoint '["dotnet", "/app/Ebm.Silo.dll"]' \
        -e EBM_NAME="$name" -e EBM_ROLES="$name" -e EBM_ADDRESS=127.0.0.1 -e EBM_REDIS="$(url silo)" -e EBM_DEVICE=cpu -e EBM_LANES=1 \
        -e EBM_CHECKPOINTS=redis -v "$work/keys:/etc/ebm/access/keys:ro" -e EBM_ACCESS_KEYS=/etc/ebm/access/keys -e EBM_SHUTDOWN_SECONDS=$shutdown -e EBM_DASHBOARD=true "$@" $tag > /dev/null
}

healthy() {
    local port=$1 try
    for try in {1..60}; do
        if curl -fs "http://127.0.0.1:$port/health/startup" > /dev/null; then
            curl -fsS "http://127.0.0.1:$port/health/ready" > /dev/null
            curl -fsS "http://127.0.0.1:$port/health/live" > /dev/null
            return
        fi
        sleep 1
    done
    podman logs --tail 40 ebm-try-control ebm-try-chains >&2 || true
    fail "nothing healthy at port $port"
}

step 'silos'
silo control 2g -e EBM_SILO_PORT=21111 -e EBM_GATEWAY_PORT=23000 -e EBM_OPERATIONS_PORT=29464 -e EBM_PAGES_PORT=28420
silo chains 4g -e EBM_SILO_PORT=21112 -e EBM_OPERATIONS_PORT=29465
healthy 29464
healthy 29465
curl -fsS http://127.0.0.1:28420/ > /dev/null || fail 'no pages'

step 'a run'
podman run --rm "${confined[@]}" --memory 512m -e EBM_CLUSTER="$(url client)" \
    -e EBM_TOKEN="$(sed -n 's/^  submit: //p' "$work/secrets")" --workdir /tmp $tag \
    submit /app/examples/mnist-rbm.yaml --set learning.epochs=1 --output json | tail -1 | tee "$work/result"
grep -q succeeded "$work/result" || fail 'the run did not succeed'

step 'stop'
for name in chains control; do
    begun=$SECONDS
    podman stop "ebm-try-$name" > /dev/null
    code=$(podman inspect -f '{{.State.ExitCode}}' "ebm-try-$name")
    echo "$name: exit code $code after $((SECONDS - begun)) s"
    ((code == 0 && SECONDS - begun < shutdown)) || { podman logs "ebm-try-$name" >&2; fail "$name did not stop gracefully"; }
done
step 'done'
