import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { colorService } from '../../../../../src/runtimes/compose/observe/address.ts'
import { imageFor, versionIn } from '../../../../../src/runtimes/compose/observe/image.ts'
import {
  chooseColors,
  dependenciesOf,
  parseComposeDuration,
  parseProject,
  serviceNamed,
  sharedWrites,
} from '../../../../../src/runtimes/compose/observe/project.ts'
import { ANY, BLUE, colorsOf, GREEN, port, projectOf } from '../fixtures.ts'

describe('the compose project', () => {
  test('a service is read as compose 2.26 prints it', () => {
    const project = projectOf(
      {
        web_green: {
          command: null,
          container_name: 'foo',
          depends_on: {
            db: { condition: 'service_healthy', required: true, restart: false },
            m: { condition: 'service_started', required: false, restart: false },
          },
          environment: { VERSION: 'bg-sentinel-any-5d1f07' },
          expose: ['80', '90/udp'],
          healthcheck: { test: ['CMD', 'true'] },
          image: GREEN,
          networks: { n: { ipv4_address: '172.30.0.9', aliases: ['shop'] }, default: null },
          ports: [port('8082', '')],
          restart: 'unless-stopped',
          stop_grace_period: '1m30s',
          volumes: [
            { type: 'volume', source: 'data', target: '/d' },
            { type: 'bind', source: '/srv/b', target: '/b', read_only: true },
            { type: 'volume', target: '/anonymous' },
          ],
        },
      },
      { networks: { n: { name: 'shop_backend' } } },
    )
    assert.deepEqual(project, {
      name: 'shop',
      elsewhere: [],
      networks: new Map([['n', 'shop_backend']]),
      services: [
        {
          name: 'web_green',
          image: GREEN,
          build: false,
          uses: ['any', 'green'],
          ports: [{ address: '', published: '8082', target: 80, protocol: 'tcp' }],
          exposed: ['80', '90/udp'],
          fixedAddresses: ['172.30.0.9'],
          networks: new Map([
            ['n', '172.30.0.9'],
            ['default', ''],
          ]),
          aliases: ['shop'],
          networkMode: '',
          dependsOn: [
            { service: 'db', condition: 'service_healthy', required: true, restart: false },
            { service: 'm', condition: 'service_started', required: false, restart: false },
          ],
          restart: 'unless-stopped',
          stopGracePeriod: 90_000,
          hasHealthcheck: true,
          containerName: 'foo',
          writes: ['data'],
          mounted: ['/d', '/b', '/anonymous'],
          project: 'shop',
          replicas: 1,
        },
      ],
    })
  })

  test('what is no JSON is not quoted, because it may hold secrets', () => {
    assert.throws(
      () => parseProject('{"SECRET": hunter2'),
      (error: Error) => !error.message.includes('hunter2'),
    )
    assert.throws(() => parseProject('{}'), /names no project/)
  })

  test('the version in a network or in the name of the project is seen', () => {
    const project = projectOf({}, { networks: { n: { name: ANY } }, 'x-note': ANY, volumes: {} })
    assert.deepEqual(project.elsewhere, ['networks'])
  })

  const blue = { image: BLUE }
  const green = { image: GREEN }
  for (const [title, services, named, expected] of [
    ['underscores', { web_blue: blue, web_green: green }, {}, 'web_blue web_green'],
    ['hyphens', { 'web-blue': blue, 'web-green': green }, {}, 'web-blue web-green'],
    ['names of their own', { one: blue, two: green }, { blue: 'one', green: 'two' }, 'one two'],
    ['one name of its own', { one: blue, 'web-green': green }, { blue: 'one' }, 'one web-green'],
    [
      'one is missing',
      { web_blue: blue, db: green },
      {},
      /no services `web_blue` and `web_green`, or `web-blue` and `web-green`\. Its services: `web_blue`, `db`/,
    ],
    [
      'both rules fit',
      { web_blue: blue, web_green: green, 'web-blue': blue, 'web-green': green },
      {},
      /has both `web_blue` and `web-blue`/,
    ],
    ['one for both', { one: blue }, { blue: 'one', green: 'one' }, /are both the service `one`/],
    [
      'one container name',
      { web_blue: { ...blue, container_name: 'x' }, web_green: { ...green, container_name: 'x' } },
      {},
      /container_name: x/,
    ],
    [
      'replicas on one port',
      { web_blue: { ...blue, ports: [port('1')], deploy: { replicas: 2 } }, web_green: green },
      {},
      /^`web_blue` has 2 replicas, and a color is one container/,
    ],
    ['replicas by `scale`', { web_blue: { ...blue, scale: 3 }, web_green: green }, {}, /`web_blue` has 3 replicas/],
    [
      'no replica',
      { web_blue: blue, web_green: { ...green, deploy: { replicas: 0 } } },
      {},
      /`web_green` has 0 replicas/,
    ],
  ] as const) {
    test(`the colors: ${title}`, () => {
      const colors = chooseColors(projectOf(services), 'web', named)
      const said = colors.kind === 'colors' ? '' : colors.refusals.map(({ message }) => message).join(' ')
      if (expected instanceof RegExp) assert.match(said, expected)
      else
        assert.equal(
          colors.kind === 'colors' ? `${colors.services.blue.name} ${colors.services.green.name}` : said,
          expected,
        )
    })
  }

  test('dependencies come in the order of starting, each once, rings included', () => {
    const on = (...names: readonly string[]) => ({ depends_on: Object.fromEntries(names.map((name) => [name, {}])) })
    const project = projectOf({ web: on('api', 'db'), api: on('db', 'cache'), db: on('api'), cache: {}, other: {} })
    const web = serviceNamed(project, 'web')
    assert.deepEqual(web && dependenciesOf(project, web).map((service) => service.name), ['db', 'cache', 'api'])
  })

  test('what both colors write', () => {
    const volumes = (...sources: readonly string[]) => ({
      volumes: sources.map((source) => ({ source, target: '/x' })),
    })
    const services = colorsOf(projectOf({ web_blue: volumes('a', 'b'), web_green: volumes('b', 'c') }))
    assert.deepEqual(sharedWrites(services.blue, services.green), ['b'])
  })

  for (const [written, expected] of [
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1h0m0.5s', 3_600_500],
    ['500ms', 500],
    ['', undefined],
    ['10', undefined],
  ] as const) {
    test(`the duration '${written}'`, () => assert.equal(parseComposeDuration(written), expected))
  }
})

describe('the version in an image', () => {
  for (const [pattern, reference, version] of [
    [BLUE, 'app:v1', 'v1'],
    [`localhost:5000/${BLUE}-alpine`, 'localhost:5000/app:v1-2-alpine', 'v1-2'],
    [`${BLUE}@sha256:0`, 'app:v1', undefined],
    [BLUE, 'app:v1@sha256:0af', 'v1'],
    [BLUE, 'other:v1', undefined],
    [BLUE, 'app', undefined],
    ['app:v1', 'app:v1', undefined],
    [`x.y/${ANY}-${BLUE.slice(4)}`, 'x.y/app:v1-v1', 'v1'],
    [`x.y/${ANY}`, 'xzy/app:v1', undefined],
  ] as const) {
    test(`${pattern} and ${reference}`, () => assert.equal(versionIn(pattern, reference), version))
  }

  test('put in, it can be read out', () =>
    assert.equal(versionIn(`r:5/${ANY}-x`, imageFor(`r:5/${ANY}-x`, '1.0_a')), '1.0_a'))
})

describe('the places of a color', () => {
  for (const [title, service, ...expected] of [
    ['a loopback port', { ports: [port('8081')] }, '127.0.0.1:8081 published port'],
    ['a port on every interface', { ports: [port('8081', '0.0.0.0')] }, '127.0.0.1:8081 published port public'],
    ['a port without an address', { ports: [port('8081', '')] }, '127.0.0.1:8081 published port public'],
    ['a port of one interface', { ports: [port('8081', '10.0.0.5')] }, '10.0.0.5:8081 published port'],
    [
      'next to a UDP port',
      { ports: [port('8081'), { ...port('9'), protocol: 'udp' }] },
      '127.0.0.1:8081 published port',
    ],
    [
      'a fixed address',
      { networks: { n: { ipv4_address: '172.30.0.9' } }, expose: ['80', '81/udp'] },
      '172.30.0.9:80 fixed address',
    ],
    [
      'several ports',
      { ports: [port('8081'), port('9091')] },
      '127.0.0.1:8081 published port',
      '127.0.0.1:9091 published port',
    ],
    ['a port that Docker chooses', { ports: [port('')] }],
    ['a range', { ports: [port('8000-8010')] }],
    ['a fixed address without a port', { networks: { n: { ipv4_address: '172.30.0.9' } } }],
    ['the network of the host', { network_mode: 'host' }],
    ['nothing', {}],
  ] as const) {
    test(title, () => {
      const services = colorsOf(projectOf({ web_blue: service, web_green: {} }))
      const found = colorService(services.blue).places.map(
        ({ host, port: number, by, public: open }) => `${host}:${number} ${by}${open ? ' public' : ''}`,
      )
      assert.deepEqual(found, expected)
    })
  }
})
