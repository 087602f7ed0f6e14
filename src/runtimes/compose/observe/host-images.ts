import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Section } from '../../../host/sections.ts'

/** What a host has that a release can be made from again. */
export interface HostImages {
  readonly ids: ReadonlySet<string>
  /** Id by reference, `registry/app:v1`. */
  readonly byName: ReadonlyMap<string, string>
  /** Ids. */
  readonly networks: ReadonlySet<string>
}

/** Prints what `readImages` reads. */
export function imagesQuestion(): Shell {
  return lines(
    sh`docker image ls --all --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'`,
    sh`docker network ls --no-trunc --format 'network {{.ID}}'`,
  )
}

export function readImages(section: Section | undefined): HostImages {
  const found = [...(section?.stdout ?? '').matchAll(/^(sha256:[0-9a-f]{64}) (\S+)$/gm)]
  return {
    ids: new Set(found.map(([, id = '']) => id)),
    networks: new Set([...(section?.stdout ?? '').matchAll(/^network (\S+)$/gm)].map(([, id = '']) => id)),
    byName: new Map(found.map(([, id = '', name = '']) => [familiar(name), id])),
  }
}

/** What this reference means on the host. */
export function imageNamed({ byName }: HostImages, reference: string): string | undefined {
  return byName.get(familiar(reference))
}

/** As Docker shortens the names of its own registry. */
function familiar(reference: string): string {
  return reference.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '')
}
