import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { reachedIn } from '../../../../../src/checking/pairing/as-nginx.ts'
import { freeSubnet, isInSubnet } from '../../../../../src/checking/pairing/subnet.ts'
import { runFindings } from '../../../../../src/runtimes/compose/check/plain-run.ts'
import { type PlainRun, readRuns } from '../../../../../src/runtimes/compose/check/runs.ts'
import { composeRefusals } from '../../../../../src/runtimes/compose/refusals.ts'
import { sceneOf } from '../../../checking/context.ts'

const run: PlainRun = {
  id: 'abc',
  name: 'old',
  image: 'registry.test/app:v1',
  networkMode: 'default',
  restart: 'no',
  ports: [{ address: '0.0.0.0', host: 8080, container: 3000, protocol: 'tcp' }],
  mounts: [],
}
const nginx = 'server { location / { proxy_pass http://127.0.0.1:8080; } }'

const { notice } = composeRefusals['compose-file-missing']('h', '/srv/shop', 'no configuration file provided')

function found(more: Partial<PlainRun>, inputs: Readonly<Record<string, string>> = {}) {
  const scene = sceneOf({ nginx, inputs, facts: { runs: [{ ...run, ...more }], listening: new Set([8081]) } })
  const [draft, ...others] = runFindings(scene, [notice], reachedIn(scene))
  assert.equal(others.length, 0)
  return draft
}

const scripts: Readonly<Record<string, readonly [Partial<PlainRun>, ...expected: readonly RegExp[]]>> = {
  'a port of everybody becomes one of this host, and green gets a free one': [
    {},
    /app_blue:\n.*\n.*unless-stopped\n.*\n {4}ports: \["127\.0\.0\.1:8080:3000"\]/,
    /app_green:\n.*\n.*\n.*\n {4}ports: \["127\.0\.0\.1:8082:3000"\]/,
    /image: registry\.test\/app:\$\{IMAGE_TAG_BLUE:-\$\{IMAGE_TAG:-v1\}\}/,
    /network_mode: bridge/,
    /docker rename "\$id" app/,
  ],
  'its volumes, network and restart policy stay': [
    {
      name: 'app',
      networkMode: 'backend',
      restart: 'on-failure:5',
      mounts: [
        { type: 'volume', source: 'data', destination: '/data', writable: true },
        { type: 'bind', source: '/etc/app', destination: '/etc/app', writable: false },
      ],
    },
    /volumes: \["data:\/data", "\/etc\/app:\/etc\/app:ro"\]/,
    /^volumes:\n {2}"data": \{ external: true \}$/m,
    /^networks: \{ default: \{ name: "backend", external: true \} \}$/m,
    /restart: on-failure:5/,
  ],
}
const hindrances: Readonly<Record<string, readonly [Partial<PlainRun>, RegExp]>> = {
  'an image without a name': [{ image: 'sha256:0123456789abcdef' }, /no name with a tag/],
  'the network of the host': [{ networkMode: 'host', name: 'app' }, /no network of its own \(`--network host`\)/],
  'no port': [{ name: 'app', ports: [] }, /publishes no port: start it once more with `-p/],
}

describe('an application that runs by docker run', () => {
  for (const [title, [more, ...expected]] of Object.entries(scripts)) {
    test(title, () => {
      const text = found(more)?.fix.blocks[0]?.text ?? ''
      for (const each of expected) assert.match(text, each)
      assert.match(text, /\.Config\.Env/)
    })
  }
  for (const [title, [more, expected]] of Object.entries(hindrances)) {
    test(`${title}: said in words`, () => {
      const draft = found(more)
      assert.match(draft?.fix.text ?? '', expected)
      assert.deepEqual(draft?.fix.blocks, [])
    })
  }

  test('its folder is below the home where it is given so', () => {
    assert.match(found({}, { directory: 'apps/shop' })?.fix.text ?? '', / in \/home\/deploy\/apps\/shop\./)
  })

  test('nothing is said where nothing of it runs', () => {
    assert.equal(found({ ports: [{ address: '', host: 9, container: 9, protocol: 'tcp' }] }), undefined)
  })

  test('is read without its environment', () => {
    const line = JSON.stringify({
      ...{
        id: 'abc',
        name: '/old',
        image: 'app:v1',
        network: 'bridge',
        restart: { Name: 'on-failure', MaximumRetryCount: 3 },
      },
      ports: {
        '3000/tcp': [
          { HostIp: '0.0.0.0', HostPort: '80' },
          { HostIp: '::', HostPort: '80' },
        ],
        '9/udp': null,
      },
      mounts: [{ Type: 'volume', Name: 'data', Source: '/var/lib/docker/x', Destination: '/d', RW: true }],
    })
    assert.deepEqual(readRuns([line]), [
      {
        ...{ id: 'abc', name: 'old', image: 'app:v1', networkMode: 'bridge', restart: 'on-failure:3' },
        ports: [{ address: '0.0.0.0', host: 80, container: 3000, protocol: 'tcp' }],
        mounts: [{ type: 'volume', source: 'data', destination: '/d', writable: true }],
      },
    ])
  })
})

test('a subnet is free where nothing overlaps with it', () => {
  assert.equal(freeSubnet([]), '10.201.0.0/24')
  assert.equal(freeSubnet(['10.201.0.0/16', '10.202.0.128/25']), '10.202.1.0/24')
  assert.equal(freeSubnet(['10.0.0.0/8']), undefined)
  assert.equal(isInSubnet('10.1.2.3', '10.1.0.0/16'), true)
  assert.equal(isInSubnet('10.2.2.3', '10.1.0.0/16'), false)
  assert.equal(isInSubnet('fd00::1', '10.1.0.0/16'), false)
})
