#!/bin/sh
# Builds the C parts of the recorder, if there is a C compiler: build.sh SOURCES OUTPUT
#   OUTPUT/linux-ARCH/libiorewind-qemu.so   the part of `iorewind record qemu` that runs inside QEMU
#   OUTPUT/linux-ARCH/record_million        the example, for the tests (not packed)
# The same sources and compiler give the same bytes. Without a compiler the build goes on: the tool says what is missing.
set -eu
sources=$1
output=$2
system=$(uname -s)
arch=$(uname -m)
cc=${CC:-}
[ -n "$cc" ] || for name in cc gcc clang; do
  command -v "$name" > /dev/null 2>&1 && { cc=$name; break; }
done
if [ "$system" != Linux ] || { [ "$arch" != x86_64 ] && [ "$arch" != aarch64 ]; }; then
  echo "libiorewind-qemu.so: not built, it is for Linux on x86_64 or aarch64, this is $system on $arch"
  exit 0
fi
if [ -z "$cc" ]; then
  echo "libiorewind-qemu.so: not built, no C compiler (cc, gcc or clang) is installed; 'iorewind record qemu' will use its slower way"
  exit 0
fi
folder=$output/org/iorewind/record/ring/linux-$arch
library=$folder/libiorewind-qemu.so
example=${3:-$output}/record_million
newest=$(ls -t "$0" "$sources"/include/*.h "$sources"/qemu/*.[ch] "$sources"/example/*.c | head -n 1)
if [ -e "$library" ] && [ -e "$example" ] && [ "$library" -nt "$newest" ] && [ "$example" -nt "$newest" ]; then
  exit 0
fi
mkdir -p "$folder" "$(dirname "$example")"
flags="-std=c11 -O2 -g0 -Wall -Wextra -Wpedantic -Werror -ffile-prefix-map=$sources=. -fno-ident"
# shellcheck disable=SC2086 # the flags are words
(
  cd "$sources/qemu"
  LC_ALL=C "$cc" $flags -Wno-format-nonliteral -fPIC -fvisibility=hidden -shared -Wl,--build-id=none -Wl,-z,relro,-z,now \
    -o "$library.new" annotate.c guest_ram.c output.c plugin.c tables.c tap.c -ldl -lpthread
  cd "$sources/example"
  LC_ALL=C "$cc" $flags -Wl,--build-id=none -o "$example.new" record_million.c -lpthread
)
mv "$library.new" "$library"
mv "$example.new" "$example"
