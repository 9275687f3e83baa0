#!/usr/bin/env bash
# Restores, builds with warnings as errors, checks the format, runs the tests. The last line counts them.
set -euo pipefail

usage() {
    cat << 'HELP'
usage: ./test.sh [--all | --extra] [--filter TEXT] [--yes]

  --all          also the long tests (trait Category=Long): trainings of minutes
  --extra        those, and the ones besides (trait Category=Extra): upgrades, backups, hosts that are cut off
  --filter TEXT  only tests whose full name (namespace, class, method) contains TEXT
  --yes          install missing system packages without asking (CI=true does the same)

Needs the .NET 10 SDK, and the Debian packages that it offers to install when they are missing.
Ends with 'N passed, N failed' and exit code 0 only if tests ran and none failed.
HELP
}

# What the tests use, as PACKAGE=COMMAND THAT SUCCEEDS WHERE IT IS THERE.
needs=(
    'fonts-dejavu-core=find -L /usr/share/fonts ~/.fonts ~/.local/share/fonts -name DejaVuSans.ttf | grep .'
    'python3=command -v python3'  # reads what ebm wrote with other eyes
    'tmux=command -v tmux'        # a terminal for the live view
    'openssl=command -v openssl'  # makes the Secrets of the Kubernetes manifests
    'redis-server=command -v redis-server'  # what a cluster meets in
)

# What the long tests use besides.
long_needs=(
    'prometheus=command -v promtool && command -v prometheus'  # takes the rules, and scrapes silos
    'python3-torch=/usr/bin/python3 -c "import torch"'  # computes what ebm exported; about 200 MB
    'chromium=command -v chromium'  # the pages in a browser; about 300 MB
    'iproute2=command -v ip'        # hosts of their own for the topology of the manifests
    'nftables=command -v nft'       # and their firewalls
)

all=false extra=false filter='' yes=${CI:-false}
while (($#)); do
    case $1 in
        --all) all=true ;;
        --extra) all=true extra=true ;;
        --filter) filter=${2:?"--filter needs a text"}; shift ;;
        --yes) yes=true ;;
        -h | --help) usage; exit ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { printf 'test.sh: %s\n' "$@" >&2; exit 1; }
step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

install_missing() {
    local need missing=() as_root=()
    $all && needs+=("${long_needs[@]}")
    for need in "${needs[@]}"; do
        bash -c "${need#*=}" > /dev/null 2>&1 || missing+=("${need%%=*}")
    done
    ((${#missing[@]})) || return 0
    local by_hand="missing from this system: ${missing[*]} (names of Debian packages). Install them and run this again."
    command -v apt-get > /dev/null || fail "$by_hand"
    if ((EUID != 0)); then
        command -v sudo > /dev/null || fail "$by_hand"
        as_root=(sudo)
    fi
    if [[ $yes != true ]]; then
        [[ -t 0 ]] || fail "$by_hand" "Or let this install them: ./test.sh --yes"
        read -r -p "These packages are missing: ${missing[*]}. Install them with apt-get? [y/N] " answer
        [[ $answer == [yY]* ]] || fail "$by_hand"
    fi
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        fail "apt-get did not install: ${missing[*]}"
}

dotnet --version > /dev/null 2>&1 || fail "the .NET 10 SDK is needed (global.json); 'dotnet --version' does not find it."
step 'system packages'
install_missing
step 'restore'
dotnet restore Ebm.sln --locked-mode -v quiet
step 'build'
dotnet build Ebm.sln -c Release --no-restore -v quiet
step 'format'  # of white space; what else there is to a style is checked by the build
dotnet format whitespace . --folder --verify-no-changes --include src tests ||
    fail "the files above are not formatted: dotnet format whitespace . --folder --include src tests"

step 'tests'
options=(--solution Ebm.sln -c Release --no-build --no-ansi --no-progress --max-parallel-test-modules 1)
$all || options+=(--filter-not-trait Category=Long)
$extra || options+=(--filter-not-trait Category=Extra)
# Without a filter, a project in which no test ran is a failure of its own (exit code 8).
[[ -z $filter ]] || options+=(--filter-method "*$filter*" --ignore-exit-code 8)
log=artifacts/test.log
code=0
# Tests send Ctrl-C, which what is started in the background of a shell ignores, and hands down.
env --default-signal=INT dotnet test "${options[@]}" 2>&1 | tee "$log" || code=$?

sum() { awk -v name="$1:" '/^Test run summary/ { n = 0 } NF == 2 && $1 == name { n += $2 } END { print n + 0 }' "$log"; }
passed=$(sum succeeded) failed=$(sum failed) skipped=$(sum skipped)
if ((failed == 0 && code != 0)); then
    echo "test.sh: the runner ended with exit code $code; see $log" >&2
    failed=1
elif ((passed + failed == 0)); then
    echo 'test.sh: no test ran' >&2
    code=1
fi
((failed == 0 || code != 0)) || code=1
step 'done'
if ((skipped)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit "$code"
