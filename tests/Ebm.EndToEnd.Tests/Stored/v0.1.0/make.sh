#!/usr/bin/env bash
# Makes the fixtures of this folder with a built checkout:  make.sh PATH/TO/ebm.dll PATH/TO/Ebm.EndToEnd.Tests.dll
# Each spec of specs/ is trained undisturbed for its digests, then interrupted, then interrupted in a cluster.
# Sample grids and plots are left out: they are large, and no version reads them. Needs redis-server and redis-cli.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")") said=$(dirname "$(readlink -f "$0")")/said
usage='usage: make.sh PATH/TO/ebm.dll PATH/TO/Ebm.EndToEnd.Tests.dll'
console=$(readlink -f "${1:?$usage}") tests=$(readlink -f "${2:?$usage}")
work=$(mktemp -d)
# A cluster's Redis ends with its console.
end() { jobs -p | xargs -r kill -KILL 2> /dev/null || true; sleep 2; rm -rf "$work"; }
trap end EXIT
export HOME=$work # the console leaves a cluster's token there
unset EBM_CLUSTER EBM_TOKEN EBM_TOKEN_FILE

fail() { echo "make.sh: $1" >&2; exit 1; }
ebm() { dotnet "$console" "$@" 2>> "$work/errors" || fail "ebm $*: $(tail -3 "$work/errors")"; }
member() { grep -o "\"$1\":\"[^\"]*\"" "$2" | tail -1 | cut -d '"' -f 4; }

# await FILE TYPE COUNT PROCESS: waits for so many JSON lines of a type.
await() {
    touch "$1"
    until (($(grep -c "\"type\":\"$2\"" "$1") >= $3)); do
        kill -0 "$4" 2> /dev/null || fail "$1 ended before line $3 of type $2"
        sleep 0.02
    done
}

# interrupt ID SIGNAL: trains, and sends the process a signal after three checkpoints.
interrupt() {
    dotnet "$console" train "$here/specs/$1.yaml" --id "$1" --home stored --output json > "$1.log" 2> /dev/null &
    local process=$!
    await "$1.log" checkpoint 3 $process
    kill -s "$2" $process
    wait $process 2> /dev/null || true
    ebm status "$1" --home stored --output json > "$1.status"
    [[ $(member state "$1.status") == @(stopped|interrupted) ]] || fail "$1 was not interrupted"
}

cd "$work"
EBM_WIRE_NAMES=$work/wire-names.txt dotnet "$tests" -method '*WireNamesTests*' > wire-names.log || true
cp wire-names.txt "$here" # the test above compares with it, and may have found none

for id in rbm moons adapting; do
    ebm train "$here/specs/$id.yaml" --id "$id" --home whole --output json > "$id.end"
done

# Finished runs: one with rollbacks, one with the parameters of another; and the console's answers about them.
rm -rf "$said"
mkdir stored "$said"
cp -r whole/moons stored/rolled-back
ebm train "$here/specs/bits.yaml" --id parent --home stored --set learning.rounds=20 --output json > parent.end
ebm train "$here/specs/bits.yaml" --id bits --home stored --from parent@20 --output json > bits.end
for id in bits rolled-back; do
    ebm status "$id" --home stored --output json | sed 's/,"directory":"[^"]*"//' > "$said/status-$id.jsonl"
done
ebm checkpoints bits --home stored --output json > "$said/checkpoints.jsonl"
ebm evaluate bits --home stored -n 64 --output json > "$said/evaluate.jsonl"
ebm score bits --home stored --data "$here/specs/rows.csv" > "$said/score.csv"
ebm sample bits --home stored -n 16 --steps 20 --out bits.png --npy "$said/sample.npy"
ebm export bits --home stored --out model
cp model/parameters.safetensors "$said/export.safetensors"

interrupt rbm KILL
interrupt moons TERM
interrupt adapting KILL
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --exclude='*.png' --exclude=lock -C stored -c . |
    gzip -9n > "$here/runs.tar.gz"

# A cluster with three finished runs, and two unfinished ones when its silos are killed. Its console, which would start
# them again, is paused first.
dotnet "$console" cluster start --silos 2 --lanes 2 --dir cluster --output json > cluster.log 2> /dev/null &
console_of_cluster=$!
await cluster.log ready 1 $console_of_cluster
EBM_CLUSTER=$(cat cluster/address)
export EBM_CLUSTER
ebm submit "$here/specs/bits.yaml" --id parent --set learning.rounds=20 --output json > parent.there
ebm submit "$here/specs/bits.yaml" --id bits --from parent@20 --output json > bits.there
[[ $(member stateSha256 bits.there) == "$(member stateSha256 bits.end)" ]] || fail 'the cluster has other bits'
ebm submit "$here/specs/moons.yaml" --id rolled-back --output json > rolled-back.there
# Without the metrics of the latest round, which silos do not store, and the memory, which plots were a part of.
for id in bits rolled-back; do
    ebm status "$id" --output json > "$id.status"
    sed 's/"latest":{[^}]*},//; s/"where":"redis","bytes":[0-9]*/"where":"redis"/' "$id.status" \
        > "$said/status-$id-in-cluster.jsonl"
done
for id in moons rbm; do
    dotnet "$console" submit "$here/specs/$id.yaml" --id "$id" --output json > "$id.there" 2> /dev/null &
done
for id in moons rbm; do await "$id.there" checkpoint 2 $console_of_cluster; done
kill -STOP $console_of_cluster
grep -o '"name":"silo-[^}]*"process":[0-9]*' cluster.log | sed 's/.*://' | xargs kill -KILL
for id in moons rbm; do ! grep -q '"type":"result"' "$id.there" || fail "$id ended before its silos died"; done

port=${EBM_CLUSTER##*:} port=${port%/*}
REDISCLI_AUTH=${EBM_CLUSTER#redis://:} REDISCLI_AUTH=${REDISCLI_AUTH%@*}
export REDISCLI_AUTH
for id in parent bits rolled-back moons rbm; do
    redis-cli -p "$port" hkeys "ebm:{$id}:artefacts" | { grep '\.png$' || true; } |
        xargs -r redis-cli -p "$port" hdel "ebm:{$id}:artefacts" > /dev/null
done
redis-cli -p "$port" --rdb "$here/redis.rdb" > /dev/null 2>&1

{
    printf '{\n  "version": "%s",\n  "madeBy": "make.sh",\n' "$(ebm --version)"
    printf '  "numerics": "%s",\n  "runs": {\n' "$(member numerics "$said/status-bits.jsonl")"
    for id in rbm moons adapting parent bits; do
        printf '    "%s": {\n      "parametersSha256": "%s",\n      "stateSha256": "%s"\n    }%s\n' "$id" \
            "$(member parametersSha256 "$id.end")" "$(member stateSha256 "$id.end")" "$([[ $id == bits ]] || echo ,)"
    done
    printf '  }\n}\n'
} > "$here/expected.json"
echo "made $here: $(du -sb "$here" | cut -f 1) bytes"
