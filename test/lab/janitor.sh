# Waits until the run is gone, however it went, and takes away what outlives its processes: control groups, and on an
# engine of the machine's own what carries the lab's label. What an earlier janitor could not finish goes first.
# Environment: LAB_MARK names the run: the process ids of its enclosures, outermost first; LAB_AROUND is that of the
# enclosure that the run is in, if it is in one; LAB_ENGINE is `private` or the engine's socket.

groups() { find /sys/fs/cgroup -depth -type d \( -path "*/$1" -o -path "*/$1/*" -o -path "*/$1-*" \) 2>/dev/null; }
docker() { command docker --host "unix://$LAB_ENGINE" "$@"; }
labels() {
  docker images --quiet --filter label=blue-green-lab | sort -u |
    xargs -r docker --host "unix://$LAB_ENGINE" image inspect --format '{{index .Config.Labels "blue-green-lab"}}' | sort -u
}

sweep_engine() {
  docker ps --all --quiet --filter "label=blue-green-lab=$1" | xargs -r docker --host "unix://$LAB_ENGINE" rm --force --volumes
  docker network ls --quiet --filter "name=^$1-" | xargs -r docker --host "unix://$LAB_ENGINE" network rm
  docker volume ls --quiet --filter "name=^$1-" | xargs -r docker --host "unix://$LAB_ENGINE" volume rm --force
  docker images --quiet --filter "label=blue-green-lab=$1" | sort -u | xargs -r docker --host "unix://$LAB_ENGINE" rmi --force
}

sweep() {
  if [ "$LAB_ENGINE" != private ]; then
    { echo "$1"; labels | grep "^$1-"; } | while read -r mark; do sweep_engine "$mark"; done
  fi
  tries=0
  while [ -n "$(groups "$1")" ] && [ "$tries" -lt 50 ]; do
    groups "$1" | while read -r group; do rmdir "$group" 2>/dev/null; done
    [ -z "$(groups "$1")" ] || sleep 0.1
    tries=$((tries + 1))
  done
}

earlier() {
  find /sys/fs/cgroup -type d -name 'blue-green-lab-*' 2>/dev/null | sed 's|.*/||'
  [ "$LAB_ENGINE" = private ] || labels
}

{
  earlier | sed -n 's|^\(blue-green-lab-[0-9]*\).*|\1|p' | sort -u | while read -r mark; do
    case "$LAB_AROUND-" in "$mark"-*) continue ;; esac
    [ -d "/proc/${mark##*-}" ] || sweep "$mark"
  done
  cat
  sweep "$LAB_MARK"
} >/dev/null
