import type { Style } from './screen.ts'

/** A line of the job log as a person sees it on GitHub. */
export interface JobLine {
  readonly text: string
  readonly style?: Style
}

/** What a piece of the job log adds to what is seen: lines, and the step that began last. */
export interface JobNews {
  readonly lines: readonly JobLine[]
  /** Empty between two steps. */
  readonly step: string
}

/** Reads the job log as it comes. Workflow commands are not shown, only what GitHub makes of them. */
export function jobLogReader(): (text: string) => JobNews {
  let rest = ''
  let step = ''
  const failures: string[] = []
  return (text) => {
    const complete = (rest + text).split('\n')
    rest = complete.pop() ?? ''
    const lines: JobLine[] = []
    for (const line of complete) {
      const [, command, message = ''] = /^::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? []
      if (command === 'group') step = message
      else if (command === 'warning') lines.push(...annotation('Warning', message, 'yellow'))
      else if (command === 'error') {
        // The annotation repeats why the step failed, for those who read no log.
        const known = (said: string) => failures.some((failure) => said !== '' && said.endsWith(failure))
        lines.push(...annotation('Error', message, 'red').filter((said) => !known(said.text)))
      } else if (command === undefined && line.trim() !== '') {
        if (/^[✓✗]/.test(line)) step = ''
        const failure = /^✗ .*? \([\d.]+ m?s\): (.+)$/.exec(line)?.[1]
        if (failure !== undefined) failures.push(failure)
        lines.push(styled(line))
      }
    }
    return { lines, step }
  }
}

function annotation(kind: string, message: string, style: Style): readonly JobLine[] {
  const text = message.replaceAll('%0D', '').replaceAll('%0A', '\n').replaceAll('%25', '%')
  return `${kind}: ${text}`.split('\n').map((part) => ({ text: part, style }))
}

function styled(text: string): JobLine {
  if (/^[✓✗]/.test(text)) return { text }
  return { text, style: text.startsWith('Released') ? 'bold' : 'dim' }
}
