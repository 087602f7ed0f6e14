import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { placeOf } from '../../../../src/checking/pairing/examine.ts'
import { proxyFindings } from '../../../../src/checking/pairing/proxy.ts'
import { colorFindings } from '../../../../src/runtimes/compose/check/colors-wanted.ts'
import type { Container } from '../../../../src/runtimes/compose/observe/containers.ts'
import { ANY, BLUE, container, GREEN, projectOf } from '../../runtimes/compose/fixtures.ts'
import { judge, mended, nginxOf, sceneOf, type Wish } from '../context.ts'

const state = { source: '/var/lib/blue-green/app', destination: '/srv/state' }
const ready = { restart: 'always', stop_grace_period: '30s' }

/** Nginx in the container `shop-edge-1`, which passes to what the application is called. */
function behind(to: string, mounts: readonly { source: string; destination: string }[] = []) {
  const nginx = nginxOf(`server { listen 80; location / { proxy_pass http://${to}; } }`)
  const own = { name: 'shop-edge-1', pid: 7, hostNetwork: false, ports: [], mounts }
  return { ...nginx, container: own }
}

function sceneBehind(wish: Wish) {
  const scene = sceneOf({ inputs: { nginx: 'docker compose exec -T edge nginx' }, ...wish })
  const place = scene.colors && placeOf(scene, scene.colors)
  return { scene, place, drafts: proxyFindings(scene, place) }
}

const single: Wish = {
  project: projectOf({ app: { image: ANY, ...ready, expose: ['3000'] }, edge: { image: 'nginx' } }),
  text: `services:
  app:
    image: app:\${IMAGE_TAG:-v1}
    restart: always
    stop_grace_period: 30s
  edge:
    image: nginx
    volumes:
      - ./nginx:/etc/nginx/conf.d
`,
  containers: [
    container({ service: 'app', name: 'shop-app-1', addresses: ['172.18.0.2'] }),
    container({ service: 'edge', name: 'shop-edge-1', addresses: ['172.18.0.3'] }),
  ],
  nginx: behind('app:3000'),
  facts: { subnets: [{ subnet: '172.18.0.0/16', network: 'shop_default' }], routes: ['10.201.0.0/24'] },
}

describe('an Nginx in a container', () => {
  test('gets the mount and the network with the colors, in one compose file', () => {
    const { scene, drafts } = sceneBehind(single)
    const text = mended([...colorFindings(scene), ...drafts])
    const { services, networks } = parse(text)
    assert.deepEqual(services.app_blue.networks, { default: {}, blue_green: { ipv4_address: '10.201.1.10' } }, text)
    assert.deepEqual(services.app_green.networks, { default: {}, blue_green: { ipv4_address: '10.201.1.11' } })
    assert.deepEqual(services.edge.networks, { default: {}, blue_green: {} })
    assert.deepEqual(services.edge.volumes, [
      '/var/lib/blue-green/app:/var/lib/blue-green/app:ro',
      './nginx:/etc/nginx/conf.d',
    ])
    assert.deepEqual(networks.blue_green.ipam.config, [{ subnet: '10.201.1.0/24', ip_range: '10.201.1.128/25' }])
  })

  test('is made anew once, after the file is changed, and what serves gets its address', () => {
    const { scene, place } = sceneBehind(single)
    const found = judge(scene, place).filter(({ severity }) => severity === 'problem')
    assert.deepEqual(
      found.map(({ title }) => title),
      [
        'The application is one service, and needs two',
        'Nginx in its container is not ready for a switch',
        'Nginx has no switch between the colors',
      ],
    )
    const [colors, proxy, switched] = found.map(({ fix }) => fix.blocks.map(({ text }) => text).join('\n'))
    assert.match(colors ?? '', /docker compose config --quiet <\/dev\/null/)
    assert.match(proxy ?? '', /cd \/srv\/shop && docker compose up -d --no-deps edge <\/dev\/null/)
    assert.match(proxy ?? '', /docker network connect --ip 10\.201\.1\.10 shop_blue_green shop-app-1/)
    assert.match(switched ?? '', /docker compose exec -T edge nginx -t <\/dev\/null/)
    assert.match(switched ?? '', /upstream app_green \{ server 10\.201\.1\.11:3000; \}/)
  })

  test('that has all of it is left alone, and sees its own path', () => {
    const networks = (address: string) => ({ default: {}, blue_green: { ipv4_address: address } })
    const { drafts, scene, place } = sceneBehind({
      project: projectOf({
        app_blue: { image: BLUE, ...ready, networks: networks('10.201.1.10'), expose: ['3000'] },
        app_green: { image: GREEN, ...ready, networks: networks('10.201.1.11'), expose: ['3000'] },
        edge: { image: 'nginx' },
      }),
      containers: [
        container({ service: 'app_blue', name: 'shop-app_blue-1', addresses: ['10.201.1.10'] }),
        container({ service: 'edge', name: 'shop-edge-1', addresses: ['10.201.1.129'] }),
      ],
      nginx: {
        ...behind('app_blue:3000', [state, { source: '/srv/shop/nginx.conf', destination: '/etc/nginx/nginx.conf' }]),
        files: new Map(),
      },
      facts: { subnets: [{ subnet: '10.201.1.0/24', network: 'shop_blue_green' }] },
    })
    assert.deepEqual(drafts, [])
    const texts = judge(scene, place).flatMap(({ fix }) => fix.blocks.map(({ text }) => text))
    assert.ok(texts.some((text) => text.includes('if (-f /srv/state/green)') && text.includes('/srv/shop/nginx.conf')))
  })

  const rows: Readonly<Record<string, readonly [proxy: Container, expected: RegExp]>> = {
    'that `docker run` made': [
      container({ project: '', service: '', name: 'shop-edge-1' }),
      /Add `--volume \/var\/lib\/blue-green\/app:\/var\/lib\/blue-green\/app:ro --network shop_blue_green` to its `docker run`/,
    ],
    'of another compose project': [
      container({ project: 'edge', service: 'proxy', workingDirectory: '/srv/edge', name: 'shop-edge-1' }),
      /compose file in \/srv\/edge, and run there: docker compose up -d --no-deps proxy/,
    ],
  }
  for (const [title, [proxy, expected]] of Object.entries(rows)) {
    test(`${title}: the lines are said`, () => {
      const [app] = single.containers ?? []
      assert.ok(app)
      const { drafts } = sceneBehind({ ...single, containers: [app, proxy] })
      assert.match(drafts[0]?.fix.text ?? '', expected)
      assert.equal(drafts[0]?.changes, undefined)
    })
  }

  test('with its configuration in the image: where it is, and how to get it out', () => {
    const { scene, place } = sceneBehind({ ...single, nginx: { ...behind('app:3000'), files: new Map() } })
    const found = judge(scene, place).find(({ title }) => title === 'Nginx has no switch between the colors')
    assert.match(found?.fix.text ?? '', /in the container shop-edge-1 itself.*`docker cp shop-edge-1:\/etc\/nginx \.`/)
  })

  test('that has an older file than the host is started again', () => {
    const nginx = behind('app:3000')
    const file = { path: '/srv/shop/nginx.conf', age: 1, writable: false, sum: '0'.repeat(64) }
    const { scene, place } = sceneBehind({
      ...single,
      nginx: { ...nginx, files: new Map([['/etc/nginx/nginx.conf', file]]) },
    })
    const found = judge(scene, place).find(({ title }) => title === 'The container has an older file than the host')
    assert.deepEqual(
      found?.fix.blocks.map(({ text }) => text),
      ['docker restart shop-edge-1'],
    )
  })

  test('that reaches the application by its name is not sent to addresses that nothing has yet', () => {
    for (const image of ['app:v1', undefined]) {
      const project = projectOf({
        app: { ...(image ? { image } : { build: '.' }), ...ready, expose: ['3000'] },
        edge: { image: 'nginx' },
      })
      const text = single.text?.replace(/image: app:.*/, image ? `image: ${image}` : 'build: .')
      const { scene, place } = sceneBehind({ ...single, project, ...(text && { text }), facts: { ...single.facts } })
      const texts = judge(scene, place).flatMap(({ fix }) => fix.blocks.map(({ text }) => text))
      const lays = texts.some((each) => each.includes('network connect'))
      const names = texts.some((each) => each.includes('upstream app_blue { server'))
      assert.ok(lays || !names, texts.join('\n---\n'))
    }
  })

  test('with files in its own layer is never recreated by a block', () => {
    const { scene, place, drafts } = sceneBehind({
      ...single,
      facts: { ...single.facts, layer: ['/etc/nginx/site.conf'] },
    })
    assert.match(drafts[0]?.fix.text ?? '', /own layer that would be lost with it: \/etc\/nginx\/site\.conf/)
    const texts = judge(scene, place).flatMap(({ fix }) => fix.blocks.map(({ text }) => text))
    assert.ok(
      texts.every((each) => !/up -d|upstream app_blue/.test(each)),
      texts.join('\n'),
    )
  })
})
