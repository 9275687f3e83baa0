#!/usr/bin/env bash
# Builds the image without any registry, and has podman run the Deployments that the overlay `local` builds: another user than root, a root
# file system that cannot be written, no capabilities, limits of memory. A control and a chain silo meet in a Redis with the users of
# secrets.sh, are asked for their health, train a short run that the image's console submits, and are stopped within the grace period.
#   deploy/image/try.sh          as root, with kubectl, podman, runc, catatonit and redis-server (Debian: apt-get install podman runc catatonit redis-server)
# The base is put together from this machine's .NET runtime and C libraries in the place of the Dockerfile's.
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
tag=localhost/ebm:try
redis_port=${REDIS_PORT:-16379}
grace=150

fail() { printf 'try.sh: %s\n' "$1" >&2; exit 1; }
step() { printf '== %s (%d s)\n' "$1" "$SECONDS"; }
for program in kubectl podman runc catatonit redis-server openssl curl dotnet; do
    command -v $program > /dev/null || fail "$program is needed"
done

# crun, podman's usual runtime, and its usual limits ask for more than a container that this runs in may have.
printf '[containers]\ndefault_ulimits = ["nofile=10000:10000","nproc=4096:4096"]\n[engine]\nruntime = "runc"\n' > "$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf

redis_pid=
end() {
    for name in control chains; do podman pod rm -f -t 0 $name-pod-0 > /dev/null 2>&1 || true; done
    podman secret rm ebm-redis-silo ebm-access > /dev/null 2>&1 || true
    podman volume rm data tmp ebm-access > /dev/null 2>&1 || true
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
url() { sed -n "s/^  url: \(redis:\/\/$1:.*\)@redis:6379/\1@127.0.0.1:$redis_port/p" "$work/secrets"; }

step 'silos, from the overlay'
# podman 4.3 reads values for the environment from JSON in base 64, and files from YAML without it.
printf '{"url":"%s"}' "$(url silo | tr -d '\n' | base64 -w0)" | podman secret create ebm-redis-silo - > /dev/null
printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: ebm-access}\ndata:\n%s\n' "$(grep '^  keys: ' "$work/secrets")" |
    podman secret create ebm-access - > /dev/null
kubectl kustomize deploy/image/play | awk 'BEGIN { RS = "---\n" } /(^|\n)kind: (Deployment|ConfigMap)\n/ { printf "---\n%s", $0 }' > "$work/pods.yaml"
(cd "$work" && podman play kube pods.yaml) > "$work/play.log" 2>&1 || { cat "$work/play.log" >&2; fail 'podman does not play the Deployments'; }

healthy() {
    for _ in {1..90}; do
        if curl -fs "http://$1:9464/health/startup" > /dev/null; then
            curl -fsS "http://$1:9464/health/ready" > /dev/null
            curl -fsS "http://$1:9464/health/live" > /dev/null
            return
        fi
        sleep 1
    done
    for name in control chains; do podman logs --tail 10 $name-pod-0-silo >&2 || true; done
    fail "nothing healthy at $1"
}
healthy 127.0.0.1
healthy 127.0.0.2
curl -fsS --retry 20 --retry-delay 1 --retry-connrefused -H "Authorization: Bearer $(sed -n 's/^  submit: //p' "$work/secrets")" http://127.0.0.1:8420/ > /dev/null || fail 'no pages'
for name in control chains; do
    confined=$(podman inspect -f '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.EffectiveCaps}} {{.HostConfig.SecurityOpt}}' $name-pod-0-silo)
    echo "$name: $confined"
    [[ $confined == '1654:1654 true [] [no-new-privileges'* ]] || fail "$name is not confined as the manifest says"
done

step 'a run'
console() {
    podman run --rm --network host --user 1654:1654 --read-only --tmpfs /tmp:exec --cap-drop ALL --security-opt no-new-privileges --memory 512m \
        -e EBM_TOKEN="$(sed -n 's/^  submit: //p' "$work/secrets")" --workdir /tmp $tag "$@"
}
console submit --cluster "$(url client)" /app/examples/mnist-rbm.yaml --set learning.epochs=1 --output json | tail -1 | tee "$work/result"
grep -q succeeded "$work/result" || fail 'the run did not succeed'
console list --cluster ebm://127.0.0.1:30000 | grep succeeded || fail 'the gateway does not show the run to a console without Redis'

step 'stop'
for name in chains control; do
    begun=$SECONDS
    podman stop -t $grace $name-pod-0-silo > /dev/null
    code=$(podman inspect -f '{{.State.ExitCode}}' $name-pod-0-silo)
    echo "$name: exit code $code after $((SECONDS - begun)) s"
    ((code == 0 && SECONDS - begun < grace)) || { podman logs --tail 20 $name-pod-0-silo >&2; fail "$name did not stop gracefully"; }
done
step 'done'
