#!/usr/bin/env bash
# Repeats the measurements of docs/results.md. The output of each goes to docs/measurements/DATE-NAME.txt.
set -euo pipefail

usage() {
    cat << 'HELP'
usage: bench/results.sh NAME...

  rbm-16             exact log-likelihood of 16 hidden units, five seeds     (2 cores: 5 min)
  ising-recovery     couplings of an Ising model, five seeds                 (2 min)
  words              log-likelihood of English words                         (4 min)
  samplers           effective draws a second of each sampler                (5 min)
  ising-log-z        log Z of the Ising torus against Kaufman's formula      (1 min)
  mnist-rbm-long-run 100,000 steps of the digits' chains                     (7 min)
  mnist-rbm-static   log-likelihood of 500 hidden units, thresholded pixels  (30 min)
  mnist-rbm-dynamic  log-likelihood of 500 hidden units, drawn pixels        (40 min)
  gray-two-spirals, gray-eight-gaussians, gray-circles, gray-pinwheel        (7 to 20 min each)

Runs are kept in runs/results/; delete them there to measure again.
HELP
}

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
cd "$root"
home=runs/results

# Without progress lines: only results and checkpoints' paths matter here.
record() {
    echo "\$ ./ebm $*" >> "$file"
    ./ebm "$@" --home "$home" 2>&1 | grep -vE '^round .* rounds/s|^checkpoint of' >> "$file"
    echo >> "$file"
}

train() { record train "examples/$1.yaml" --id "$2" "${@:3}"; }

measure() {
    local seed
    case $1 in
        rbm-16) for seed in 1 2 3 4 5; do train mnist-rbm-16 "rbm-16-$seed" --set "seed=$seed"; done ;;
        ising-recovery) for seed in 1 2 3 4 5; do train ising-recovery "ising-$seed" --set "seed=$seed"; done ;;
        words | gray-*) train "$1" "$1" ;;
        samplers) ./ebm bench samplers >> "$file" ;;
        ising-log-z) ./test.sh --filter KnownNormalisersTests >> "$file" ;;
        mnist-rbm-long-run)
            train mnist-rbm mnist-rbm
            record evaluate mnist-rbm --long-run --state "$home/long-run.state" ;;
        mnist-rbm-static | mnist-rbm-dynamic)
            train "$1" "$1"
            record evaluate "$1" --likelihood ais --chains 512 --sweeps 20000 \
                --temperatures "$([[ $1 == *static ]] && echo 15000 || echo 4000)" ;;
        *) usage >&2; exit 2 ;;
    esac
}

(($#)) || { usage; exit 2; }
for name; do
    file=docs/measurements/$(date -u +%F)-$name.txt
    echo "# $(date -u +%FT%RZ), $(git rev-parse --short HEAD), $(nproc) cores of $(grep -m1 'model name' /proc/cpuinfo |
        cut -d: -f2 | xargs), load $(cut -d' ' -f1 /proc/loadavg)" > "$file"
    measure "$name"
    echo "$file"
done
