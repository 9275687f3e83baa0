#!/usr/bin/env bash
# Publishes console and silo into DIR/native, DIR/packages and DIR/programs, which together are one folder; each is a layer of the image.
#   deploy/image/publish.sh DIR        (TorchBackend=cuda for the other libtorch)
set -euo pipefail
shopt -s nullglob

out=$(mkdir -p "${1:?usage: publish.sh DIR}" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
# A program that another refers to is published with it, but not the list of what it needs itself.
for project in Core Silo Client; do
    dotnet publish "src/Ebm.$project" -c Release --no-restore -v quiet -nodeReuse:false -o "$out/programs"
done
mkdir -p "$out/native" "$out/packages"
cd "$out/programs"
rm -f ./*.xml
mv ./*.so ./*.so.* ../native/
for file in ./*.dll; do
    [[ $file == ./Ebm.* || $file == ./ebm.dll ]] || mv "$file" ../packages/
done
