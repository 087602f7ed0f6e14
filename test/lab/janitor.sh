# Waits until the run is gone, however it went, and takes away what outlives its processes: control groups. What an
# earlier janitor could not finish goes first.
# Environment: LAB_MARK names the run: the process ids of its enclosures, outermost first; LAB_AROUND is that of the
# enclosure that the run is in, if it is in one.

groups() { find /sys/fs/cgroup -depth -type d \( -path "*/$1" -o -path "*/$1/*" -o -path "*/$1-*" \) 2>/dev/null; }

sweep() {
  tries=0
  while [ -n "$(groups "$1")" ] && [ "$tries" -lt 50 ]; do
    groups "$1" | while read -r group; do rmdir "$group" 2>/dev/null; done
    [ -z "$(groups "$1")" ] || sleep 0.1
    tries=$((tries + 1))
  done
}

earlier() { find /sys/fs/cgroup -type d -name 'blue-green-lab-*' 2>/dev/null | sed 's|.*/||'; }

{
  earlier | sed -n 's|^\(blue-green-lab-[0-9]*\).*|\1|p' | sort -u | while read -r mark; do
    case "$LAB_AROUND-" in "$mark"-*) continue ;; esac
    [ -d "/proc/${mark##*-}" ] || sweep "$mark"
  done
  cat
  sweep "$LAB_MARK"
} >/dev/null
