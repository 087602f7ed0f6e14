import { lines, type Shell, sh } from '../../../host/quote.ts'
import { nameOfContainer, whereabouts } from './container.ts'

/**
 * Prints when each file of the configuration, each link on the way to one, and each folder that one of its globs looks
 * into was changed last: `wanted PATH`, with all links resolved, and `time SECONDS DATE : PATH`. So of the folders above
 * them, `parent PATH`: a whole folder may be moved into the place of another. In the container where
 * Nginx runs in one: links and mounts are then as Nginx sees them. It reads `$dump` and `$container`.
 */
export function timesQuestion(command: string | undefined): Shell {
  const where = whereabouts(command)
  switch (where.kind) {
    case 'host':
      return lines(NAMES, sh`names | (`, TIMES, sh`)`)
    case 'container':
      return lines(
        NAMES,
        ON_HOST,
        nameOfContainer,
        sh`if times=$(names | ${where.docker} exec -i "$name" sh -c ${TIMES.text}); then printf '%s\\n' "$times"; else mounted; fi`,
      )
    case 'somewhere':
      return sh`:`
  }
}

/** Files, and folders of globs; a folder may itself be given by one. */
const NAMES = lines(
  sh`names() {`,
  sh`  printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(\\/.*\\):$/\\1/p'`,
  sh`  root=$(printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(\\/.*\\)\\/[^/]*:$/\\1/p' | head -n 1)`,
  sh`  printf '%s\\n' "$dump" | grep -oE 'include[[:space:]]+[^;#]+;' | sed "s/^include[[:space:]]*//; s/[[:space:]]*;\\$//; s/[\\"']//g" | sort -u | while IFS= read -r pattern; do`,
  sh`    case $pattern in /*) ;; *) pattern=$root/$pattern ;; esac`,
  sh`    while :; do case $pattern in *[*?[]*) pattern=\${pattern%/*}; printf '%s\\n' "$pattern" ;; *) break ;; esac; done`,
  sh`  done`,
  sh`}`,
)

/** Reads names; it is run by the shell of the host or of a container, which may be busybox. */
const TIMES = lines(
  sh`walk() {`,
  sh`  rest=$1 at='' left=40`,
  sh`  while [ -n "$rest" ]; do`,
  sh`    part=\${rest%%/*}`,
  sh`    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac`,
  sh`    case $part in ''|.) continue ;; ..) at=\${at%/*}; continue ;; esac`,
  sh`    at=$at/$part`,
  sh`    if [ ! -L "$at" ] || [ $left = 0 ]; then`,
  sh`      [ -z "$rest" ] || case $at in /*/*) echo "parent $at" ;; esac; continue`,
  sh`    fi`,
  sh`    echo "$at"; left=$((left - 1)); to=$(readlink "$at")`,
  sh`    case $to in /*) at= ;; *) at=\${at%/*} ;; esac`,
  sh`    rest=$to/$rest`,
  sh`  done`,
  sh`  echo "$at"; echo "wanted $at"`,
  sh`}`,
  sh`all=$(while IFS= read -r name; do`,
  sh`  case $name in`,
  sh`  *[*?[]*) IFS=${'\n'}; for each in $name; do [ ! -d "$each" ] || walk "$each"; done; unset IFS ;;`,
  sh`  *) walk "$name" ;;`,
  sh`  esac`,
  sh`done | sort -u)`,
  sh`printf '%s\\n' "$all" | grep -v '^/'`,
  sh`printf '%s\\n' "$all" | sed -n 's/^parent //p; /^\\//p' | sort -u | tr '\\n' '\\000' | xargs -0 stat -c 'time %Z %z : %n' 2>/dev/null`,
  sh`:`,
)

/** Without a shell in the container: what is mounted into it is seen on the host, and the rest is not seen. */
const ON_HOST = lines(
  sh`mounted() {`,
  sh`  names | sort -u | while IFS= read -r name; do [ -n "$(on_host "$name")" ] || printf 'wanted %s\\n' "$name"; done`,
  sh`  names | sort -u | while IFS= read -r name; do on_host "$name"; done | (`,
  TIMES,
  sh`  )`,
  sh`}`,
)
