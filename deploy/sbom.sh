#!/usr/bin/env bash
# Prints a bill of materials, in CycloneDX' JSON, of what silo and console are made of, on a CPU.
set -euo pipefail

cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

say dotnet tool restore
say dotnet restore src/Ebm.Client --locked-mode
say dotnet CycloneDX src/Ebm.Client/Ebm.Client.csproj --recursive --disable-package-restore --output-format Json \
    --output "$work" --filename sbom.json --set-name ebm --set-version "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)"
cat "$work/sbom.json"
