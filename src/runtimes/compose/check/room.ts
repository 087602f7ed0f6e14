import type { Draft } from '../../../checking/finding.ts'
import { COLORS } from '../../../release/model.ts'
import { imageFor } from '../observe/image.ts'
import { type ComposeContext, said } from './context.ts'

/** Whether there is room for two colors and one more image. */
export function roomFindings(context: ComposeContext): readonly Draft[] {
  return [...memory(context), ...disk(context)]
}

/** Both colors run at once during a release. */
function memory(context: ComposeContext): readonly Draft[] {
  const { hostFacts, compose, colors } = context
  const containers = said(compose?.containers) ?? []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const running = containers.filter(({ service, state }) => own.includes(service) && state.status === 'running')
  const used = Math.max(0, ...running.map(({ name }) => hostFacts.memory.uses.get(name) ?? 0))
  const { available } = hostFacts.memory
  if (available === undefined || running.length > 1 || used === 0 || available >= used * 1.2) return []
  return [
    {
      severity: 'warning',
      title: 'There may be too little memory for two colors',
      seen: `${running[0]?.name} uses ${megabytes(used)}, and ${megabytes(available)} are free.`,
      why: 'During a release both colors run. Where memory runs out the kernel ends one of them, and not always the new one.',
      fix: { text: 'Free memory, or give the host more; swap helps over the minute in which both run.', blocks: [] },
    },
  ]
}

function disk({ hostFacts, compose, colors, facts }: ComposeContext): readonly Draft[] {
  if (hostFacts.disk === undefined) return []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const containers = (said(compose?.containers) ?? []).filter(({ service }) => own.includes(service))
  const size = Math.max(0, ...containers.map(({ image }) => hostFacts.images.get(image)?.size ?? 0))
  const { free, folder } = hostFacts.disk
  if (size === 0 || free >= size * 2) return []
  const image = imageFor(facts?.services.blue.image ?? '', '…')
  return [
    {
      severity: 'warning',
      title: 'There may be too little disk for another image',
      seen: `The image ${image} takes ${megabytes(size)}, and ${megabytes(free)} are free in ${folder}.`,
      why: 'A pull writes the layers, and then unpacks them: on a full disk a release fails, and so may what else writes there.',
      fix: {
        text: 'Remove what no container uses (`docker image prune`, `docker builder prune`), or lower `keep-images`.',
        blocks: [],
      },
    },
  ]
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
