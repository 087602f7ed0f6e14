import assert from 'node:assert/strict'

/** The commands that a stranded run prints, as the job log shows them: every line that is indented after `by hand, on the host`. */
export function commandsIn(log: string): string {
  const shown = log.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
  const lines = shown.slice(shown.lastIndexOf('by hand, on the host')).split('\n').slice(1)
  const end = lines.findIndex((line) => !line.startsWith('    '))
  const commands = lines.slice(0, end === -1 ? lines.length : end).join('\n')
  assert.notEqual(commands.trim(), '', log)
  return commands
}
