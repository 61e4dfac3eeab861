#!/bin/sh
# Builds library, program and another project with all components left out, and asks the program.
# usage: without_components.sh SOURCES FOLDER
set -eu
sources=$1
folder=$2
fail() { echo "without_components: $*" >&2; exit 1; }

cmake -S "$sources" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DIMPASTO_COMPONENTS=OFF \
  -DIMPASTO_TESTS=OFF
cmake --build "$folder"
program=$folder/apps/cli/impasto
export XDG_CACHE_HOME="$folder/cache"

lines=$("$program" --version)
case "$lines" in
  *"without: fetch (libcurl4-openssl-dev)"*) ;;
  *) fail "--version should list what is missing, says: $lines" ;;
esac
case "$lines" in *"with:"*) fail "--version should list nothing that is in, says: $lines" ;; esac
if readelf -d "$program" | grep 'NEEDED.*libcurl'; then fail "the program is linked with libcurl"; fi

status=0
line=$("$program" models fetch vgg19 2>&1) || status=$?
[ $status = 6 ] || fail "models fetch should end with 6, ended with $status"
[ "$line" = "impasto: fetching networks is not in this build: it takes libcurl (Debian: libcurl4-openssl-dev)" ] ||
  fail "models fetch says: $line"
"$program" models list
"$program" stylize "$sources/examples/pictures/landscape.jpg" --style "$sources/examples/pictures/swirls.jpg" \
  --size 128 -o "$folder/painted.png"

# Who uses what is installed needs no libcurl either.
cmake --install "$folder" --prefix "$folder/installed"
rm -rf "$folder/consumer"
ctest --build-and-test "$sources/tests/consumer" "$folder/consumer" --build-generator Ninja \
  --build-options "-DCMAKE_PREFIX_PATH=$folder/installed" -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON \
  --test-command consumer
