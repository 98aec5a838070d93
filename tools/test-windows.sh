#!/usr/bin/env bash
# Runs tests built for Windows under Wine, on Debian or Ubuntu, x86-64:
#   tools/test-windows.sh            the program, the crates that rest on calls of Windows, and those in between
#   tools/test-windows.sh everlit    the program alone
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=x86_64-pc-windows-gnu
crates=("$@")
[ ${#crates[@]} -gt 0 ] || crates=(disk envfile store vault schedule meta-api keeper http notify everlit)

# What Wine does otherwise than Windows.
skip=(
  # A file that was removed while it was open can be opened again.
  a_file_that_was_removed_meanwhile_is_noticed
  # A file does not inherit the access list of its folder.
  what_is_in_a_private_folder_inherits_its_privacy
  # The folder of temporary files is everybody's.
  a_healthy_project_has_no_problems_and_is_not_changed
)
# What takes Wine many minutes: a file or a project is written anew for each step of a run, or by many processes at once, or
# a program runs on each day of a year.
skip+=(faults:: saved::p connected::p shared::p switched::p2_ p8_a_crash_at_any_step of_forty_runs_at_once)
skip+=(no_monitor_is_green_while_a_token_is_in_danger)

main() {
  tools/setup-tests.sh windows

  # As in run-tests.sh.
  export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123}
  # Nothing of the checkout's own build is touched: other flags, and perhaps another compiler.
  export CARGO_TARGET_DIR=$PWD/target/windows CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
  local build=()
  if ! [ -d "$(rustc --print target-libdir --target "$target")" ]; then
    # Debian's compiler builds its own library for Windows, which only unstable flags allow.
    local rust=$CARGO_TARGET_DIR/rust/usr
    export RUSTC=$rust/bin/rustc LD_LIBRARY_PATH=$rust/lib/x86_64-linux-gnu RUSTC_BOOTSTRAP=1
    build=(-Zbuild-std)
  fi

  start_wine
  local packages=() skipped=() crate test
  for crate in "${crates[@]}"; do packages+=(-p "everlit-$crate"); done
  for test in "${skip[@]}"; do skipped+=(--skip "$test"); done
  packages=("${packages[@]/everlit-everlit/everlit}")
  # cargo names the machine's certificates to what it runs, with a path of this system.
  local runner="env -u SSL_CERT_FILE -u SSL_CERT_DIR timeout --foreground 600 $wine"
  export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$runner
  tools/cargo-test.sh --locked "${build[@]}" --target "$target" "${packages[@]}" --all-features --tests \
    -- "${skipped[@]}"
}

# Gives Wine a folder of its own, removed afterwards: it takes 700 MB and a few seconds.
start_wine() {
  wine=/usr/lib/wine/wine64 server=/usr/lib/wine/wineserver64
  [ -x "$wine" ] || wine=$(command -v wine)
  [ -x "$server" ] || server=$(command -v wineserver)
  # Wine makes every sync a real one, so temporary files go into memory.
  WINEPREFIX=$(mktemp -d "$PWD/target/windows-wine-XXXXXX")
  memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
  trap stop_wine EXIT
  export WINEPREFIX WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe="
  unset DISPLAY WAYLAND_DISPLAY SSL_CERT_FILE SSL_CERT_DIR
  # One that ends with its last program would end while the next one starts.
  "$server" --persistent
  "$wine" wineboot --init >/dev/null 2>&1

  local temp
  for temp in "$WINEPREFIX"/drive_c/users/*/Temp "$WINEPREFIX"/drive_c/users/*/AppData/Local/Temp; do
    [ -d "$temp" ] || continue
    rm -rf "$temp"
    ln -s "$memory" "$temp"
  done

  # The machine's git, for those who look for one in PATH.
  mkdir "$WINEPREFIX/drive_c/git"
  x86_64-w64-mingw32-gcc -municode -O2 -s -Wall -Werror -o "$WINEPREFIX/drive_c/git/git.exe" tools/wine-git.c
  export WINEPATH='C:\git'

  # Wine 8 lacks the library from which Rust's std gets random numbers.
  local library=$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll
  if ! [ -e "$library" ]; then
    printf '%s\n' '#include <windows.h>' '#include <ntsecapi.h>' \
      'BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T len) { return RtlGenRandom(to, (ULONG)len); }' >"$memory/prng.c"
    printf '%s\n' 'LIBRARY bcryptprimitives.dll' 'EXPORTS' 'ProcessPrng' >"$memory/prng.def"
    x86_64-w64-mingw32-gcc -shared -O2 -s -o "$library" "$memory/prng.c" "$memory/prng.def" -ladvapi32
  fi
}

stop_wine() {
  "$server" --kill || true
  rm -rf "$WINEPREFIX" "$memory"
}

main
