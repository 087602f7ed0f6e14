import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { lines, sh } from '../../../../../src/host/quote.ts'
import { defineOnHost, onHost, readContainer, whereabouts } from '../../../../../src/routers/nginx/observe/container.ts'

describe('where Nginx runs, by its command', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'host'],
    ['sudo -n /usr/sbin/nginx', 'host'],
    ['docker exec proxy nginx', 'docker inspect … proxy'],
    ['docker container exec -i --user root -e A=b my-proxy.1 nginx', 'docker inspect … my-proxy.1'],
    [
      'sudo -n /usr/bin/docker --context far exec -u 0 proxy nginx',
      'sudo -n /usr/bin/docker --context far inspect … proxy',
    ],
    ['docker compose exec -T proxy nginx', 'id=$(docker compose ps -q proxy | head -n 1)\ndocker inspect … "$id"'],
    [
      'docker compose -f web.yaml --project-name shop exec -T --index 1 proxy nginx',
      'id=$(docker compose -f web.yaml --project-name shop ps -q proxy | head -n 1)\ndocker inspect … "$id"',
    ],
    [
      'sudo docker-compose -p shop exec -T proxy nginx',
      'id=$(sudo docker-compose -p shop ps -q proxy | head -n 1)\nsudo docker inspect … "$id"',
    ],
    ['podman exec proxy nginx', 'somewhere'],
    ['docker exec "$(cat name)" nginx', 'somewhere'],
    ['docker run --rm proxy nginx', 'somewhere'],
  ]
  for (const [command, wanted] of cases) {
    test(command ?? 'none given', () => {
      const found = whereabouts(command)
      const said = found.kind === 'container' ? found.query.text : found.kind
      assert.equal(said.replace(/--type container --format '[^']*'/, '…'), wanted)
    })
  }
})

const json = JSON.stringify({
  name: '/shop-proxy-1',
  pid: 4711,
  network: 'shop_default',
  ports: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8090' }], '443/udp': [], '8080/tcp': null },
  mounts: [
    { Type: 'bind', Source: '/srv/shop/nginx', Destination: '/etc/nginx' },
    { Type: 'bind', Source: '/srv/shop/app.conf', Destination: '/etc/nginx/conf.d/app.conf' },
  ],
})

describe('what Docker says of the container', () => {
  const container = readContainer(`${json}\n`) ?? assert.fail()

  test('is read', () => {
    const { name, pid, hostNetwork, ports } = container
    const wanted = { name: 'shop-proxy-1', pid: 4711, hostNetwork: false }
    assert.deepEqual({ name, pid, hostNetwork }, wanted)
    assert.deepEqual(ports, [{ container: 80, address: '127.0.0.1', port: 8090 }])
    assert.equal(readContainer('Error: No such container'), undefined)
    assert.equal(readContainer(json.replace('shop_default', 'host'))?.hostNetwork, true)
  })

  const paths: readonly (readonly [string, string | undefined])[] = [
    ['/etc/nginx/conf.d/app.conf', '/srv/shop/app.conf'],
    ['/etc/nginx/conf.d/other.conf', '/srv/shop/nginx/conf.d/other.conf'],
    ['/etc/nginx', '/srv/shop/nginx'],
    ['/etc/nginx-other/a.conf', undefined],
    ["/etc/nginx/it's \\a & b.conf", "/srv/shop/nginx/it's \\a & b.conf"],
  ]
  for (const [path, wanted] of paths) {
    test(`tells where the host has ${path}, here and there`, () => {
      assert.equal(onHost(container, path), wanted)
      const mounts = container.mounts.map(({ source, destination }) => `${destination}\t${source}\n`).join('')
      const script = lines(sh`container=${`${json}\n${mounts}`}`, defineOnHost, sh`on_host ${path}`)
      const { stdout } = spawnSync('sh', ['-s'], { input: script.text, encoding: 'utf8' })
      assert.equal(stdout.trimEnd(), wanted ?? '')
    })
  }
})
