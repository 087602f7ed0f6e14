import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dependencyPlan, hashedDependencies } from '../../../../../src/runtimes/compose/assess/dependencies.ts'
import {
  colorContainer,
  fitsStill,
  matchProject,
  occupantAt,
} from '../../../../../src/runtimes/compose/observe/containers.ts'
import { ANY, BLUE, colorsOf, container, GREEN, projectOf } from '../fixtures.ts'

const project = projectOf({ web_blue: { image: BLUE }, web_green: { image: GREEN } })
const services = colorsOf(project)
const at = { host: '127.0.0.1', port: 8081 }
const bindings = [{ address: '127.0.0.1', port: 8081 }]

describe('who sits at an address', () => {
  for (const [title, containers, address, expected] of [
    ['a color', [container({ bindings })], at, 'color blue'],
    ['the other color', [container({ service: 'web_green', bindings })], at, 'color green'],
    ['on every interface', [container({ bindings: [{ address: '0.0.0.0', port: 8081 }] })], at, 'color blue'],
    [
      'on every interface of IPv6',
      [container({ bindings: [{ address: '::', port: 8081 }] })],
      { host: '::1', port: 8081 },
      'color blue',
    ],
    ['on another address', [container({ bindings: [{ address: '10.0.0.5', port: 8081 }] })], at, 'no container'],
    ['on another port', [container({ bindings })], { ...at, port: 8082 }, 'no container'],
    [
      'at its fixed address',
      [container({ addresses: ['172.30.0.9'] })],
      { host: '172.30.0.9', port: 80 },
      'color blue',
    ],
    ['stopped', [container({ bindings }, { status: 'exited' })], at, 'no container'],
    ['a single service', [container({ service: 'web', bindings })], at, 'single web'],
    ['a run by hand of a color', [container({ oneOff: true, bindings })], at, 'single web_blue'],
    ['another project', [container({ project: 'other', bindings })], at, 'other project other'],
    ['no compose', [container({ project: '', service: '', bindings })], at, 'no project'],
    ['the network of the host', [container({ networkMode: 'host', name: 'nginx' })], at, 'host network nginx'],
    ['nobody', [], at, 'no container'],
  ] as const) {
    test(title, () => {
      const sitter = occupantAt(address, containers, services)
      const who = {
        color: 'color' in sitter ? sitter.color : '',
        single: 'container' in sitter ? sitter.container.service : '',
        'other project': 'project' in sitter ? sitter.project : '',
        'host network': 'containers' in sitter ? sitter.containers.map((each) => each.name).join() : '',
        'no project': '',
        'no container': '',
      }
      assert.equal(`${sitter.kind} ${who[sitter.kind]}`.trim(), expected)
    })
  }
})

describe('the containers of the project', () => {
  test('the running one of a color is the color’s, else the one started last; with its version', () => {
    const old = container({ name: 'old', imageName: 'app:v1' }, { startedAt: '2026-01-01T00:00:00Z', status: 'exited' })
    const young = container(
      { name: 'young', imageName: 'app:v2' },
      { startedAt: '2026-01-02T00:00:00Z', status: 'exited' },
    )
    const running = container({ name: 'running', imageName: 'elsewhere' }, { startedAt: '2025-01-01T00:00:00Z' })
    const choose = (...containers: readonly ReturnType<typeof container>[]) => {
      const found = colorContainer(containers, services.blue)
      return found && `${found.container.name} ${found.version}`
    }
    assert.equal(choose(old, young), 'young v2')
    assert.equal(choose(young, running, old), 'running undefined')
    assert.equal(choose(container({ oneOff: true }), container({ project: 'x' })), undefined)
  })

  test('the same folder under another project name is named, with the mend', () => {
    const other = container({ project: 'shop2', name: 'shop2-web_blue-1' })
    const match = (...containers: readonly ReturnType<typeof container>[]) =>
      matchProject(containers, services, '/srv/shop')
    assert.equal(match().kind, 'nothing yet')
    assert.equal(match(container({ project: 'x', workingDirectory: '/srv/x' })).kind, 'nothing yet')
    assert.equal(match(other, container()).kind, 'ours')
    const found = match(other)
    assert.match(found.kind === 'other project' ? found.refusal.message : '', /Set `project-name: shop2`/)
  })
})

describe('dependencies of the idle color', () => {
  const on = (condition: string, ...names: readonly string[]) => ({
    depends_on: Object.fromEntries(names.map((name) => [name, { condition }])),
  })
  const shop = projectOf({
    web_blue: { image: BLUE, ...on('service_started', 'web_green', 'db', 'seed', 'migrate', 'queue', 'cache') },
    web_green: { image: GREEN },
    db: {},
    seed: {},
    migrate: { image: ANY },
    queue: {},
    cache: on('service_healthy', 'store'),
    store: {},
  })
  const colors = colorsOf(shop)

  test('only what never ran is started', () => {
    const containers = [
      container({ service: 'db' }),
      container({ service: 'seed' }, { status: 'exited' }),
      container({ service: 'queue', name: 'q' }, { status: 'exited', exitCode: 3 }),
      container({ service: 'store' }, { status: 'created' }),
    ]
    const plan = dependencyPlan(shop, colors.blue, colors.green, containers, '2.26.1-4')
    assert.deepEqual(
      plan.map(
        (each) => `${each.service}: ${each.kind}${each.kind === 'start' ? ` ${each.condition} ${each.hashed}` : ''}`,
      ),
      [
        'db: runs',
        'seed: ended',
        'migrate: uses the version',
        'queue: ended',
        'store: start service_healthy ',
        'cache: start service_started store',
      ],
    )
  })

  for (const [version, expected] of [
    ['2.26.1-4', 1],
    ['v2.29.7', 1],
    ['2.30.0', 0],
    ['2.40.3', 0],
    ['5.5.0', 0],
  ] as const) {
    test(`compose ${version} counts ${expected} dependency in the hash`, () => {
      const cache = shop.services.find((service) => service.name === 'cache')
      assert.equal(cache && hashedDependencies(cache, version).length, expected)
    })
  }
})

describe('a container that was made before', () => {
  const elsewhere = { host: '127.0.0.1', port: 9090 }
  for (const [title, made, places, fits] of [
    ['is started as it is', container({ published: bindings, networks: ['a'] }), [at], true],
    ['not where it is paused', container({ networks: ['a'] }, { status: 'paused' }), [at], false],
    ['not without its network', container({ published: bindings, networks: ['a', 'gone'] }), [at], false],
    [
      'not at another port than its color has now',
      container({ published: [{ ...elsewhere, address: '' }] }),
      [at],
      false,
    ],
    [
      'where the compose file says no address either',
      container({ published: [{ ...elsewhere, address: '' }] }),
      [],
      true,
    ],
    ['where it publishes nothing', container(), [at], true],
  ] as const) {
    test(title, () => {
      assert.equal(fitsStill(made, at, new Set(['a']), places), fits)
    })
  }
})
