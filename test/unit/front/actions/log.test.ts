import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable } from '../../../../src/front/actions/log.ts'

/** As the runner finds commands (actions/runner, ActionCommand.cs): after leading white space, or `##[…]` anywhere. */
function isCommand(printed: string): boolean {
  return printed.split(/\r\n|\r|\n/).some((line) => /^\s*::[^:]*::/.test(line) || /##\[[^\]]*\]/.test(line))
}

for (const line of [
  '::error::forged',
  '  ::set-output name=result::released',
  '\u00a0::add-mask::x',
  'harmless\r::error::forged',
  'harmless\n::error::forged',
  '\u001b[31m::error::forged',
  '\u0000::error::forged',
  '\u200e\u0007::stop-commands::x',
  'text ##[error]forged',
  '##\u001b[0m[error]forged',
]) {
  test(`${JSON.stringify(line)} cannot be a command`, () => assert.equal(isCommand(printable(line)), false))
}

test('ordinary lines stay as they are', () => {
  for (const line of ['GET /a::b 200', 'tab\there', 'größe ✓', '# [x]']) assert.equal(printable(line), line)
})
