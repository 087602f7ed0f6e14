import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sha256 } from '../../../../../src/base/hash.ts'
import type { Section } from '../../../../../src/host/sections.ts'
import type { Loaded, LoadRecord } from '../../../../../src/routers/nginx/observe/loaded.ts'
import { isChanging, type NginxQuestion, readNginx } from '../../../../../src/routers/nginx/observe/observation.ts'

const said = (stdout: string, code = 0): Section => ({ code, stdout, stderr: '' })
const sum = 'a'.repeat(64)

/** Uptime 1000 s, 100 ticks a second: process 40 was started at 900 s, and the file written at 850 s. */
const answers: Readonly<Record<NginxQuestion, Section>> = {
  nginx: said('# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {}\n\n'),
  nginxError: said(''),
  nginxFiles: said(
    [
      'now 5000.5',
      `shown ${sum}`,
      'uptime 1000.50 100',
      'file 4850 2026-01-01 00:00:00.250000000 +0000 : /srv/nginx.conf',
      `as /etc/nginx/nginx.conf`,
      `sum ${sum}`,
      'writable',
      'file 4000 2026-01-01 00:00:00.000000000 +0000 : /etc/with : colon',
      'as /etc/with : colon',
      '',
    ].join('\n'),
  ),
  nginxProcesses: said(
    [
      'process 40 1 90000 nginx: master process /usr/sbin/nginx',
      'process 41 40 90000 nginx: worker process ',
      'process 42 40 10000 nginx: worker process is shutting down ',
      'process 70 60 80000 nginx: master process nginx -g daemon off;',
      'process 71 70 80000 nginx: worker process ',
      '',
    ].join('\n'),
  ),
  nginxPid: said('40\n'),
  nginxContainer: said('\n'),
  nginxTimes: said(
    [
      'wanted /srv/nginx.conf',
      'time 4850 2026-01-01 00:00:00.250000000 +0000 : /srv/nginx.conf',
      'time 4000 2026-01-01 00:00:00.000000000 +0000 : /etc/with : colon',
      '',
    ].join('\n'),
  ),
  nginxAddresses: said(''),
}
/** Our last reload started the worker, and loaded just this. */
const known: LoadRecord = { sum, booted: 4000, workers: new Set(['41:90000']) }
const touched = said(answers.nginxTimes.stdout.replace('time 4850', 'time 4999'))

function read(changes: Partial<Record<NginxQuestion, Section>>, record?: LoadRecord) {
  const seen = readNginx({ ...answers, ...changes }, record)
  assert.ok(seen.kind === 'read')
  return seen
}

describe('what Nginx has loaded', () => {
  const container = (pid: number) => said(`${JSON.stringify({ name: '/proxy', pid })}\n`)
  const elsewhere = said('elsewhere\n')
  type Case = readonly [string, Partial<Record<NginxQuestion, Section>>, Partial<Loaded>]
  const cases: readonly Case[] = [
    ['by the pid file', {}, { kind: 'loaded', master: 40 }],
    ['a stale pid file', { nginxPid: said('4711\n') }, { kind: 'not-running' }],
    ['several and no pid file', { nginxPid: said('') }, { kind: 'unknown' }],
    ['in a container, the first process of it', { nginxPid: elsewhere, nginxContainer: container(70) }, { master: 70 }],
    ['in a container, behind its init', { nginxPid: elsewhere, nginxContainer: container(60) }, { master: 70 }],
    ['in a container that cannot be found', { nginxPid: elsewhere }, { kind: 'unknown' }],
    [
      'none, and a pid file that says so',
      { nginxPid: said('none\n'), nginxProcesses: said('') },
      { kind: 'not-running' },
    ],
  ]
  for (const [name, changes, wanted] of cases) {
    test(name, () => {
      const { loaded } = read(changes)
      assert.deepEqual({ ...loaded, ...wanted }, loaded)
    })
  }

  test('is not the file that was changed after the workers were started, unless that is known', () => {
    const wanted: Loaded = { kind: 'changed-since', master: 40, files: ['/srv/nginx.conf'] }
    assert.deepEqual(read({ nginxTimes: touched }).loaded, wanted)
    assert.equal(read({ nginxTimes: touched }, known).loaded.kind, 'loaded')
  })
})

test('a file is known by its name in Nginx, and where the host has it', () => {
  const { files } = read({})
  assert.deepEqual(files.get('/etc/nginx/nginx.conf'), { path: '/srv/nginx.conf', age: 150.25, writable: true, sum })
  assert.deepEqual(files.get('/etc/with : colon'), { path: '/etc/with : colon', age: 1000.5, writable: false })
})

describe('a file that another target writes just now', () => {
  const text = 'events {}\nhttp {}\n'
  const files = (second: number, sum: string) =>
    said(answers.nginxFiles.stdout.replace('file 4850', `file ${second}`).replace(/^sum .*$/m, `sum ${sum}`))
  for (const [name, second, sum, times, wanted] of [
    ['as it was shown, and loaded', 4850, sha256(text), answers.nginxTimes, false],
    ['as it was shown, not loaded yet', 4995, sha256(text), touched, true],
    ['as it was shown, not loaded for long', 4985, sha256(text), touched, false],
    ['another one than was shown', 4999, sha256(''), answers.nginxTimes, true],
    ['another one than was shown, which is no news', 4850, sha256(''), answers.nginxTimes, false],
  ] as const) {
    test(`${name}: ${wanted ? 'it is waited for' : 'it is not waited for'}`, () =>
      assert.equal(isChanging(read({ nginxFiles: files(second, sum), nginxTimes: times })), wanted))
  }

  test('as it was shown, and known to be loaded: it is not waited for', () =>
    assert.equal(isChanging(read({ nginxFiles: files(4995, sha256(text)), nginxTimes: touched }, known)), false))
})
