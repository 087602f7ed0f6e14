// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { byHand, byHandSentence } from '../../../../../src/runtimes/compose/assess/by-hand.ts'
import {
  decideVersionOnHost,
  parseEnvFiles,
  unchangeable,
  unsafeSentence,
} from '../../../../../src/runtimes/compose/observe/version.ts'
import { ANY, BLUE, colorsOf, container, GREEN, projectOf } from '../fixtures.ts'

const OWN = { web_blue: { image: BLUE }, web_green: { image: GREEN } }

describe('the version on the host', () => {
  for (const [title, services, expected] of [
    ['each color has its own', OWN, []],
    ['others use none', { ...OWN, db: { image: 'db:1' } }, []],
    ['a color uses its own once more', { ...OWN, web_blue: { image: BLUE, labels: { v: BLUE } } }, []],
    [
      'one for both',
      { web_blue: { image: ANY }, web_green: { image: ANY } },
      [/image of `web_blue` uses TAG; write `\$\{TAG_BLUE:-\$\{TAG\}\}`/, /image of `web_green`/],
    ],
    ['crossed', { web_blue: { image: GREEN }, web_green: { image: GREEN } }, [/image of `web_blue` uses TAG_GREEN/]],
    [
      'the shared one beside the image',
      { ...OWN, web_green: { image: GREEN, environment: { V: ANY } } },
      [/`web_green` uses TAG beside its image/],
    ],
    ['a worker', { ...OWN, worker: { image: ANY, command: [BLUE] } }, [/`worker` uses TAG and TAG_BLUE; give it/]],
  ] as const) {
    test(title, () => {
      const project = projectOf(services)
      const decided = decideVersionOnHost(project, colorsOf(project), new Map(), ['/srv/shop'])
      const reasons = decided.kind === 'kept in .env' ? [] : decided.reasons
      assert.equal(decided.kind, expected.length === 0 ? 'kept in .env' : 'left alone')
      assert.equal(reasons.length, expected.length)
      for (const [i, pattern] of expected.entries()) {
        const reason = reasons[i]
        assert.match(reason === undefined ? '' : unsafeSentence(reason, 'TAG'), pattern)
      }
    })
  }

  for (const [title, envFile, expected] of [
    ['another file', [{ path: '/srv/shop/app.env', required: true }], 'kept in .env'],
    ['.env of another folder', [{ path: '/srv/other/.env' }], 'kept in .env'],
    ['.env', [{ path: '/srv/shop/.env', required: false }], 'env_file'],
    ['.env by the real name of the folder', '/real/shop/.env', 'env_file'],
    ['an unresolved path', './.env', 'env_file'],
    ['a path with a variable', [{ path: '/srv/shop/$FILE' }], 'env_file unknown'],
    ['several', ['a.env', '/srv/shop/.env'], 'env_file'],
  ] as const) {
    test(`env_file: ${title}`, () => {
      const project = projectOf(OWN)
      const envFiles = parseEnvFiles(JSON.stringify({ services: { web_blue: { env_file: envFile }, web_green: {} } }))
      const decided = decideVersionOnHost(project, colorsOf(project), envFiles, ['/srv/shop', '/real/shop/'])
      assert.equal(
        decided.kind === 'left alone' ? decided.reasons.map((reason) => reason.kind).join() : decided.kind,
        expected,
      )
    })
  }

  test('what cannot be told is not safe, and neither is a network with the version in it', () => {
    const project = projectOf(OWN, { networks: { n: { name: ANY } } })
    const decided = decideVersionOnHost(project, colorsOf(project), { why: 'no such flag' }, ['/srv/shop'])
    assert.deepEqual(decided, {
      kind: 'left alone',
      reasons: [
        { kind: 'elsewhere', section: 'networks' },
        { kind: 'unreadable', why: 'no such flag' },
      ],
    })
  })

  for (const [title, image, expected, written] of [
    ['its own', BLUE, undefined],
    ['the shared one', ANY, undefined],
    [
      'none',
      'localhost:5000/app:v1',
      /uses neither TAG_BLUE nor TAG.*`image: localhost:5000\/app:\$\{TAG_BLUE:-\$\{TAG:-v1\}\}`/,
    ],
    ['the other color’s', GREEN, /uses TAG_GREEN, the variable of the other color/],
    ['no image', undefined, /has no `image`/],
    [
      'the version as the whole reference',
      'bg-sentinel-any-5d1f07',
      /`web_blue` is `\$\{TAG:-shop:v1\}`: a variable stands for the whole.*`image: shop:\$\{TAG_BLUE:-\$\{TAG:-v1\}\}`\.$/,
      '${TAG:-shop:v1}',
    ],
    ['the version as the whole name', 'hub/bg-sentinel-any-5d1f07', /stands for the whole reference.*`image: <name>:/],
    [
      'another variable as the whole reference',
      'lab/app:v1',
      /`web_blue` is `\$\{APP_IMAGE\}`: a variable.*`image: lab\/app:\$\{TAG_BLUE:-\$\{TAG:-v1\}\}`\.$/,
      '${APP_IMAGE}',
    ],
    ['two variables', 'hub/app:v1', /`web_blue` is `\$\{A\}\$\{B\}`: a variable stands/, '${A}${B}'],
    ['a name with the version in it', 'hub/app-bg-sentinel-any-5d1f07:latest', undefined, 'hub/app-${TAG}:latest'],
  ] as const) {
    test(`a version can be chosen: ${title}`, () => {
      const services = colorsOf(projectOf({ ...OWN, web_blue: image === undefined ? {} : { image } }))
      const found = unchangeable(services, 'TAG', new Map(written === undefined ? [] : [['web_blue', written]]))
      if (expected === undefined) assert.deepEqual(found, [])
      else assert.match(found[0]?.refusal.message ?? '', expected)
    })
  }
})

describe('compose up by hand', () => {
  const shared = projectOf({
    web_blue: { image: ANY },
    web_green: { image: ANY },
    worker: { image: ANY },
    db: { image: 'db:1' },
  })
  const hashes = new Map([...'1234'].map((n, i) => [['web_blue', 'web_green', 'worker', 'db'][i] ?? '', [n]]))
  const running = [
    container({ service: 'web_blue', configHash: '1' }),
    container({ service: 'web_green', configHash: '2' }, { status: 'exited' }),
    container({ service: 'worker', configHash: '3' }),
    container({ service: 'db', configHash: '4' }),
  ]
  const run = {
    project: shared,
    variable: 'TAG',
    composeVersion: '2.26.1',
    values: { any: 'v1' },
    hashes,
    containers: running,
  }

  test('now: only the stopped color is started', () => {
    assert.deepEqual(byHand(run), [{ kind: 'started', service: 'web_green' }])
  })

  test('after a release with one variable for both, the new color is recreated with the old version', () => {
    const released = { color: 'green', service: colorsOf(shared).green, version: 'v2' } as const
    assert.equal(
      byHandSentence(byHand(run, released)),
      'If you ran `docker compose up -d` by hand: `web_green` would be recreated (TAG is v1 in `.env`, and v2 runs).',
    )
  })

  test('what was released before, and changed since, is recreated; what is missing is created', () => {
    const containers = [
      container({ service: 'web_blue', configHash: 'x', imageName: 'app:v2' }),
      container({ service: 'db', configHash: 'x' }),
    ]
    assert.deepEqual(byHand({ ...run, containers }), [
      { kind: 'recreated', service: 'web_blue', why: 'TAG is v1 in `.env`: app:v1 in place of app:v2' },
      { kind: 'created', service: 'web_green' },
      { kind: 'created', service: 'worker' },
      { kind: 'recreated', service: 'db', why: 'its definition or its environment is not what it was started with' },
    ])
  })

  for (const [composeVersion, restart, expected] of [
    ['2.26.1-4', false, ['db recreated', 'api recreated', 'web recreated']],
    ['2.30.0', false, ['db recreated', 'api restarted']],
    ['2.36.0', false, ['db recreated']],
    ['2.36.0', true, ['db recreated', 'api restarted']],
    ['5.0.0', false, ['db recreated']],
  ] as const) {
    test(`what depends on a changed service, compose ${composeVersion}${restart ? ', `restart: true`' : ''}`, () => {
      const project = projectOf({
        web: { image: 'web:1', depends_on: { api: { condition: 'service_started', required: true } } },
        api: { image: 'api:1', depends_on: { db: { condition: 'service_started', restart, required: true } } },
        db: { image: 'db:1' },
      })
      const containers = ['web', 'api', 'db'].map((service) => container({ service, configHash: service }))
      const hashes = new Map([['db', ['changed']], ...['web', 'api'].map((name) => [name, [name]] as const)])
      const changes = byHand({ ...run, project, composeVersion, hashes, containers })
      assert.deepEqual(
        changes.map((change) => `${change.service} ${change.kind}`),
        expected,
      )
    })
  }

  test('the same version as in `.env` changes nothing', () => {
    const released = { color: 'green', service: colorsOf(shared).green, version: 'v1' } as const
    assert.equal(byHandSentence(byHand(run, released)), undefined)
  })
})
