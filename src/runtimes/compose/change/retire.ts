import { lines, type Shell, sh } from '../../../host/quote.ts'

/**
 * Removes images that only older releases were: those of the ledger that none of the newest releases uses, as far as no
 * container uses them, and only by their names in this repository; an image that another name still holds stays.
 * @param old ids of images
 * @param repository without tag
 */
export function removeImages(old: readonly string[], repository: string): Shell {
  return lines(
    sh`repository=${repository}`,
    sh`for id in ${old}; do`,
    sh`  [ -z "$(docker ps --all --quiet --filter "ancestor=$id")" ] || continue`,
    sh`  names=$(docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "$id" 2>/dev/null) || continue`,
    sh`  for name in $names; do case $name in "$repository":*) docker image rm "$name" >/dev/null ;; esac; done`,
    sh`  [ -n "$names" ] || docker image rm "$id" >/dev/null`,
    sh`done`,
  )
}
