import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { sh } from '../../../../../src/host/quote.ts'
import { parseSighting, tellSighting } from '../../../../../src/runtimes/compose/answers.ts'
import { removeRefused, startColor } from '../../../../../src/runtimes/compose/change/scripts.ts'
import { parseContainer } from '../../../../../src/runtimes/compose/observe/container-json.ts'
import { observeCompose, parseObservation } from '../../../../../src/runtimes/compose/observe/observation.ts'
import { BLUE } from '../fixtures.ts'

/** As `docker inspect` of Docker 28 on an engine 20.10 answered `INSPECT_FORMAT`. */
const LINE =
  '{"id":"84aa8e06","name":"/shop-web_blue-1","image":"sha256:6d51","imageName":"app:v1","project":"shop","service":"web_blue","configHash":"6b1f","workingDirectory":"/srv/shop","oneOff":"False","state":{"status":"running","exitCode":0,"startedAt":"2026-11-21T03:13:51.655957377Z","outOfMemory":false,"restarts":0,"health":null},"stopTimeout":90,"restartPolicy":"","networkMode":"shop_default","ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8081"},{"HostIp":"::","HostPort":"8081"}],"81/tcp":null,"53/udp":[{"HostIp":"","HostPort":"53"}]},"addresses":["172.29.0.4",""],"published":{"80/tcp":[{"HostIp":"","HostPort":"8081"}]},"networks":{"bridge":"1f","shop_default":"9c4e","shop_late":""}}'

const SECRET = 'hun"ter2\\'

/** Prints as compose does: JSON with two spaces. */
const CONFIG = JSON.stringify(
  {
    name: 'shop',
    services: {
      web_blue: {
        command: ['serve', '--password', SECRET],
        environment: { EMPTY: null, PASSWORD: SECRET, 'ODD": "': SECRET, VERSION: BLUE, URL: `x:${SECRET}@${BLUE}` },
        healthcheck: { test: ['CMD', SECRET], interval: '5s' },
        image: BLUE,
        labels: { note: SECRET },
        ports: [{ published: '8081', target: 80, protocol: 'tcp', host_ip: '127.0.0.1' }],
      },
      web_green: { image: 'app:v1', environment: {}, volumes: [{ source: 'data', target: '/d' }] },
    },
    configs: { c: { content: SECRET } },
    'x-note': { deep: [SECRET] },
    'x-text': SECRET,
  },
  null,
  2,
)

/** In place of `docker`: it answers by its arguments, and has no containers. */
const DOCKER = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  version*) echo 'Cannot connect to the Docker daemon' >&2; exit 1 ;;
  *'version --short') echo v2.26.1-4 ;;
  *--no-interpolate*) cat "$LITERAL" ;;
  *'config --format json') [ "$TAG_BLUE" = bg-sentinel-blue-5d1f07 ] && echo noise >&2 && cat "$CONFIG" ;;
  *'--file - config --hash *') read -r line && [ "$line" = resolved ] && echo "web_blue ${'b'.repeat(64)}" ;;
  *--hash*) echo "web_blue ${'a'.repeat(64)}" ;;
  *config) echo resolved ;;
  ps*) [ -z "$DOWN" ] || { echo 'Cannot connect' >&2; exit 1; } ;;
  *) echo "asked for $*" >&2; exit 9 ;;
esac
`

/** What is asked of compose about a project that is written like this, and what came of it. */
function observed(shell: string, web: object, down = '') {
  const folder = mkdtempSync(join(tmpdir(), 'observe it-'))
  const at = (name: string): string => join(folder, name)
  try {
    writeFileSync(at('docker'), DOCKER, { mode: 0o755 })
    writeFileSync(at('config'), CONFIG)
    writeFileSync(at('literal'), JSON.stringify({ services: { web_blue: web } }))
    writeFileSync(at('.env'), `PASSWORD=${SECRET}\nTAG=v1\nTAG_GREEN="v2"\n`)
    const target = { directory: folder, files: [], variable: 'TAG' }
    const files = { CONFIG: at('config'), LITERAL: at('literal'), CALLS: at('calls') }
    const ran = spawnSync(shell, shell === 'busybox' ? ['sh', '-s'] : ['-s'], {
      input: observeCompose(target).text,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env['PATH']}`, ...files, DOWN: down },
    })
    assert.equal(ran.stderr, '')
    assert.equal(ran.status, 0)
    assert.ok(!ran.stdout.includes('hun'))
    const calls = readFileSync(at('calls'), 'utf8').trim().split('\n')
    return { folder, calls, seen: parseObservation(ran.stdout, 'TAG') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const shell of ['dash', 'busybox'].filter((name) => existsSync(`/bin/${name}`))) {
  test(`one round trip under ${shell} tells everything, and no secret`, () => {
    const written = { env_file: [{ path: '/srv/.env' }], depends_on: { database: {} } }
    const { folder, seen } = observed(shell, written)
    assert.deepEqual(seen.compose, { kind: 'said', value: '2.26.1-4' })
    assert.ok(seen.project.kind === 'said')
    assert.deepEqual(
      seen.project.value.services.map((service) => [service.image, service.uses, service.writes]),
      [
        [BLUE, ['blue'], []],
        ['app:v1', [], ['data']],
      ],
    )
    assert.deepEqual(seen.project.value.services[0]?.ports[0]?.published, '8081')
    assert.deepEqual(seen.envFiles, { kind: 'said', value: new Map([['web_blue', ['/srv/.env']]]) })
    assert.deepEqual(seen.hashes, { kind: 'said', value: new Map([['web_blue', ['a'.repeat(64), 'b'.repeat(64)]]]) })
    assert.deepEqual(seen.containers, { kind: 'said', value: [] })
    assert.deepEqual(seen.engine, { kind: 'said', value: '' })
    assert.deepEqual(seen.values, { any: 'v1', green: 'v2' })
    assert.ok(seen.directories.includes(folder))
  })

  test(`a plain project costs three calls of compose under ${shell}, and nobody asks again what is known`, () => {
    const { calls, seen } = observed(shell, {})
    assert.equal(calls.filter((call) => call.includes(' compose ')).length, 3, calls.join('\n'))
    assert.equal(calls.length, 4, calls.join('\n'))
    assert.deepEqual(seen.compose, { kind: 'said', value: '' })
    assert.deepEqual(seen.hashes, { kind: 'said', value: new Map([['web_blue', ['a'.repeat(64)]]]) })
  })

  test(`an engine that does not list its containers is asked why under ${shell}`, () => {
    const { seen } = observed(shell, {}, 'down')
    assert.deepEqual(seen.engine, { kind: 'failed', code: 1, words: 'Cannot connect to the Docker daemon' })
    assert.equal(seen.containers.kind, 'failed')
  })
}

test('a folder that is not there is a sentence', () => {
  const script = observeCompose({ directory: '/no such folder', files: [], variable: 'TAG' })
  const ran = spawnSync('sh', ['-s'], { input: script.text, encoding: 'utf8' })
  assert.equal(ran.status, 1)
  assert.match(ran.stderr, /^The folder \/no such folder cannot be entered/)
})

test('a container is read from its line', () => {
  assert.deepEqual(parseContainer(LINE), {
    id: '84aa8e06',
    name: 'shop-web_blue-1',
    project: 'shop',
    service: 'web_blue',
    configHash: '6b1f',
    workingDirectory: '/srv/shop',
    oneOff: false,
    image: 'sha256:6d51',
    imageName: 'app:v1',
    state: {
      status: 'running',
      exitCode: 0,
      startedAt: '2026-11-21T03:13:51.655957377Z',
      outOfMemory: false,
      restarts: 0,
    },
    stopTimeout: 90,
    restartPolicy: 'no',
    networkMode: 'shop_default',
    bindings: [
      { address: '0.0.0.0', port: 8081 },
      { address: '::', port: 8081 },
    ],
    published: [{ address: '', port: 8081 }],
    networks: ['9c4e'],
    addresses: ['172.29.0.4'],
  })
  assert.throws(() => parseContainer('{}'), /is no container/)
})

describe('what became of the container that was started', () => {
  const state = (status: string, more: readonly (readonly [string, string])[] = []) =>
    [['"status":"running"', `"status":"${status}"`] as const, ...more].reduce(
      (line, [a, b]) => line.replace(a, b),
      LINE,
    )
  const restarted = (times: number) => ['"restarts":0', `"restarts":${times}`] as const
  const other = LINE.replace('shop-web_blue-1', 'shop-web_blue-2').replace('app:v1', 'app:v0')
  for (const [title, started, instead, reason, expected] of [
    [
      'it ended',
      state('exited', [['"exitCode":0', '"exitCode":7']]),
      '',
      'container-exited',
      /shop-web_blue-1 ended with exit code 7/,
    ],
    ['it restarts', state('restarting', [restarted(2)]), '', 'container-exited', /restarted by Docker, 2 times/],
    [
      'it runs again',
      `3 ${state('running', [restarted(1)])}`,
      '',
      'container-exited',
      /ended with exit code 3 and was restarted by Docker, once/,
    ],
    [
      'out of memory',
      state('exited', [['"outOfMemory":false', '"outOfMemory":true']]),
      '',
      'container-exited',
      /ran out of memory/,
    ],
    ['somebody restarted it', state('running'), '', 'container-exited', /restarted from outside/],
    ['paused', state('paused'), '', 'container-exited', /is paused, and should be running/],
    ['Docker does not answer', '', 'unknown', 'container-exited', /is gone, or Docker does not answer/],
    ['it was removed', '', '', 'container-replaced', /^Somebody removed the container .* run this again\.$/],
    [
      'another is there',
      '',
      other,
      'container-replaced',
      /^Somebody replaced .* `web_blue` .* shop-web_blue-2 of the image \S+:v0 /,
    ],
    ['another is about to be there', `143 ${state('exited')}`, other, 'container-replaced', /shop-web_blue-2/],
    ['a second one of the same service is started', state('paused'), other, 'container-exited', /is paused/],
  ] as const) {
    test(title, () => {
      const sighting = parseSighting(`noise\nstarted: ${started}\ninstead: ${instead}\nlast\nwords\n`)
      assert.ok(sighting)
      const told = tellSighting(sighting)
      assert.equal(told.reason, reason)
      assert.match(told.sentence, expected)
      assert.deepEqual(told.evidence, ['last', 'words'])
    })
  }

  test('is not read out of anything else', () => assert.equal(parseSighting('started: \nsomething else'), undefined))
})

test('a service name or a version is one word for the shell, whatever is in it', () => {
  const target = { directory: 'a b', files: ['x y.yaml'], projectName: 'p', variable: 'TAG' }
  const spares = { color: 'green', holds: sh`false` } as const
  const name = { project: 'p', service: 'web' }
  const text = startColor(target, { name, spares, version: "v'; x", hashed: [], networked: false }).text
  assert.match(text, /^cd -- ~\/'a b' /)
  assert.ok(
    text.includes(
      `'TAG=v'\\''; x' 'TAG_GREEN=v'\\''; x' docker --log-level error compose --project-name p --file 'x y.yaml' up --no-deps`,
    ),
  )
  assert.ok(
    removeRefused({ project: 'p', service: '$(x)' }, spares).text.includes(`'label=com.docker.compose.service=$(x)'`),
  )
})
