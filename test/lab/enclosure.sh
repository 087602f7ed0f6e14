# Runs "$@" on a machine that is this one to look at, and of which nothing remains: it sees the disk through an overlay
# whose upper half is in memory. Only the clone is the real one. Called by enclosure.ts, inside `unshare`.
# Environment: LAB_CLONE the folder that stays writable.
set -eu
umask 022

base=/dev/shm
mount -t tmpfs -o mode=0755 lab "$base"
mkdir "$base/root" "$base/overlays"

# Each disk gets an overlay of its own: one over `/` would show empty folders where others are mounted.
number=0
cover() {
  number=$((number + 1))
  mkdir -p "$base/overlays/$number/upper" "$base/overlays/$number/work"
  mount -t overlay lab -o "lowerdir=$1,upperdir=$base/overlays/$number/upper,workdir=$base/overlays/$number/work" "$base/root$1"
}
cover /
while read -r _ where kind _; do
  case $where in / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /run | /run/*) continue ;; esac
  case $kind in autofs | overlay | nsfs | fuse.*) continue ;; esac
  if [ -d "$where" ]; then
    [ ! -d "$base/root$where" ] || cover "$where" || mount --bind -o ro "$where" "$base/root$where"
  elif [ -f "$base/root$where" ]; then
    cp "$where" "$base/root$where"
  fi
done </proc/self/mounts

cd "$base/root"
mkdir -p ".$LAB_CLONE" proc sys dev run tmp var/lib/blue-green
mount --bind "$LAB_CLONE" ".$LAB_CLONE"
mount --bind /dev dev
mount --bind /dev/pts dev/pts
mount -t tmpfs -o mode=1777 lab dev/shm
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount -t tmpfs -o mode=0755 lab run
mkdir -p run/engine run/lab run/sshd run/lock run/sudo run/old run/written
mount --bind "$base/overlays" run/written # what differs from the machine's disk, to look at
mount -o remount,bind,ro run/written
ln -s engine/docker.sock run/docker.sock
pivot_root . run/old
cd /
umount -l /run/old
rmdir /run/old
ip link set lo up

# What root of this machine has told docker, ssh and npm is not for the lab.
rm -rf /root/.docker /root/.ssh /root/.npmrc

# The machine's packaged client, where a stray one stands before it in the path of every login.
[ ! -x /usr/bin/docker ] || [ ! -e /usr/local/bin/docker ] || ln -sf /usr/bin/docker /usr/local/bin/docker

# The careful user's account: no password, the docker group, and three commands of Nginx as root.
getent group docker >/dev/null || echo 'docker:x:41997:' >>/etc/group
for file in passwd shadow group; do
  grep -v '^deploy:' "/etc/$file" >/run/edited || true
  cat /run/edited >"/etc/$file"
done
# A user of that name on this machine may be in groups, and be allowed more by sudo.
awk -F : -v OFS=: '{ n = split($4, names, ","); $4 = ""
  for (i = 1; i <= n; i++) if (names[i] != "deploy") $4 = $4 (($4 == "") ? "" : ",") names[i]
  print }' /etc/group >/run/edited
cat /run/edited >/etc/group
rm /run/edited
echo 'deploy:x:41998:41998::/home/deploy:/bin/bash' >>/etc/passwd
echo 'deploy:*:19000:0:99999:7:::' >>/etc/shadow
echo 'deploy:x:41998:' >>/etc/group
group=$(getent group docker | cut -d : -f 3)
sed -i "s/^docker:.*/docker:x:$group:deploy/" /etc/group
nginx=$(command -v nginx)
rm -f /etc/sudoers.d/*
cat >/etc/sudoers <<'END'
Defaults env_reset, mail_badpass, use_pty
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
END
echo "deploy ALL=(root) NOPASSWD: $nginx -T, $nginx -t, $nginx -s reload" >/etc/sudoers.d/deploy
chmod 0440 /etc/sudoers.d/deploy
rm -rf /home/deploy
install -d -o 41998 -g 41998 -m 0755 /home/deploy

export LAB_ENCLOSED=yes
cd "$LAB_CLONE"
# Not `exec`: as process 1 this shell has to collect the processes whose parents are gone.
"$@" && code=0 || code=$?
exit "$code"
