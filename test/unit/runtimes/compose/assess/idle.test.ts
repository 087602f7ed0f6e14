import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sentence } from '../../../../../src/base/notice.ts'
import { idleRuns, staysDown } from '../../../../../src/runtimes/compose/assess/idle.ts'
import type { Container } from '../../../../../src/runtimes/compose/observe/containers.ts'
import { BLUE, colorsOf, container, GREEN, projectOf } from '../fixtures.ts'

const project = projectOf({ web_blue: { image: BLUE, restart: 'always' }, web_green: { image: GREEN } })
const groundOf = (...containers: readonly Container[]) => ({
  ...{ project, services: colorsOf(project), containers },
  versionOnHost: { kind: 'kept in .env' } as const,
})
const standing = { live: 'green', confirmed: '2026-01-02T00:00:00Z', unsettled: false, previous: 'stop' } as const
const woken = container({ restartPolicy: 'always' }, { startedAt: '2026-01-03T00:00:00.5Z' })

describe('an idle color that runs and should not', () => {
  test('is named, with the command that stops it for good', () => {
    const [found, ...others] = idleRuns(groundOf(woken), standing)
    assert.equal(others.length, 0)
    assert.match(
      found?.message ?? '',
      /^The idle color blue runs \(shop-web_blue-1 with app:v1, since 2026-01-03T00:00:00Z\).*Stop it: docker update --restart=no shop-web_blue-1 && docker stop shop-web_blue-1$/,
    )
  })

  const kept = container({}, { startedAt: '2026-01-01T00:00:00Z' })
  for (const [title, containers, more] of [
    ['stopped', [container({}, { status: 'exited' })], {}],
    ['kept since before the release', [kept], {}],
    ['kept on purpose', [woken], { previous: 'keep' }],
    ['in the middle of a run', [woken], { unsettled: true }],
    ['of another project', [{ ...woken, project: 'other' }], {}],
    ['live', [woken], { live: 'blue' }],
  ] as const) {
    test(`nothing is said of one that is ${title}`, () => {
      assert.deepEqual(idleRuns(groundOf(...containers), { ...standing, ...more }), [])
    })
  }

  test('nothing is said before the first release', () => {
    const { confirmed: _, ...never } = standing
    assert.deepEqual(idleRuns(groundOf(woken), never), [])
  })
})

test('a live color that would stay down after a reboot is named', () => {
  assert.match(
    staysDown(groundOf(container()), 'blue').map(sentence)[0] ?? '',
    /^shop-web_blue-1 is live.* docker update --restart=always shop-web_blue-1$/,
  )
  assert.deepEqual(staysDown(groundOf(woken), 'blue'), [])
  assert.deepEqual(staysDown(groundOf(container({ service: 'web_green' })), 'green'), [])
})
