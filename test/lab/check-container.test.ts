import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { firstRelease, followCheck, type Newcomer, type Place, settle, somewhere } from './newcomer.ts'
import { shareWithEngine } from './proxied-site.ts'
import { makeProxyImage } from './proxy-image.ts'
import { removeContainers } from './site-containers.ts'
import { get } from './web.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
let image: string
before(async () => {
  lab = await openLab()
  image = await makeProxyImage()
})
after(() => lab.dispose())

/** A host whose folder of compose and whose state directory the engine finds where the host has them. */
async function on(work: (host: LabHost, place: Place) => Promise<void>): Promise<void> {
  const host = await lab.host({ nginx: 'stopped' })
  const place = await somewhere(host)
  try {
    await host.exec(`mkdir -p ${place.directory}`)
    await mkdir(dirname(place.directory), { recursive: true })
    await shareWithEngine(host, place.directory)
    await shareWithEngine(host, `/var/lib/blue-green/${place.service}`)
    await work(host, place)
  } finally {
    await removeContainers(place.project)
    await host.dispose()
  }
}

function visited({ publicPort, serverName }: Place, path = '/') {
  return get(`http://127.0.0.1:${publicPort}${path}`, { Host: serverName })
}

/** Starts what runs there today, and waits until it serves. */
async function begin(host: LabHost, place: Place, ...services: readonly string[]): Promise<void> {
  const up = await host.exec(`cd ${place.directory} && docker compose up -d ${services.join(' ')}`)
  assert.equal(up.code, 0, up.stderr)
  let seen = ''
  const serves = async () => {
    seen = await visited(place).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    )
    return seen === '200' || undefined
  }
  await until('the application', 20_000, serves, () => seen)
}

async function settleBehind(host: LabHost, place: Place, command: string, compose: string, file: string, text: string) {
  const settled = await settle(host, place, compose)
  await host.writeFile(`${place.directory}/${file}`, text)
  const newcomer: Newcomer = { ...settled, inputs: { ...settled.inputs, nginx: command, 'drain-timeout': '2s' } }
  return newcomer
}

describe('a newcomer whose Nginx runs in a container does nothing but what the check prints', () => {
  test('from a single service that Nginx knows by its name', slow, () =>
    on(async (host, place) => {
      const { service, repository, publicPort, serverName } = place
      const compose = `services:
  ${service}:
    image: ${repository}:\${IMAGE_TAG:-v1}
    expose: ["3000"]
    environment:
      PASSWORD: hunter2
  edge:
    image: ${image}
    depends_on: [${service}]
    ports: ["127.0.0.1:${publicPort}:80"]
    volumes:
      - ./nginx:/etc/nginx/conf.d:ro
`
      const server = `server {
    listen 80;
    server_name ${serverName};
    location /api/ { proxy_pass http://${service}:3000/; }
    location / {
        proxy_pass http://${service}:3000;
        proxy_set_header Host $host;
    }
}
`
      const command = 'docker compose exec -T edge nginx'
      const newcomer = await settleBehind(host, place, command, compose, 'nginx/site.conf', server)
      await begin(host, place)
      const ready = await followCheck(newcomer)
      assert.equal((await visited(place)).version, 'v1')
      const adopted = await firstRelease(ready, 'v2')
      assert.equal((await visited(place)).version, 'v2')
      assert.match((await visited(place, '/api/status?code=200')).body, /path \/status\n/)
      const remove = /docker stop \S+ && docker rm \S+/.exec(adopted.stdout)?.[0]
      assert.ok(remove, adopted.stdout)
      assert.equal((await host.exec(remove)).code, 0)
      await firstRelease(await followCheck(ready), 'v3')
      assert.equal((await visited(place)).version, 'v3')
      assert.ok(ready.said.every((text) => !text.includes('hunter2')))
    }),
  )

  test('from two colors and a single file of the host', slow, () =>
    on(async (host, place) => {
      const { service, repository, publicPort, serverName, project } = place
      const color = (name: string) => `  ${service}-${name}:
    image: ${repository}:\${IMAGE_TAG_${name.toUpperCase()}:-v1}
    restart: unless-stopped
    stop_grace_period: 30s
    networks:
      - inner
`
      const compose = `services:
${color('blue')}${color('green')}  edge:
    image: ${image}
    container_name: ${project}-edge
    ports: ["127.0.0.1:${publicPort}:80"]
    volumes: ["./site.conf:/etc/nginx/conf.d/site.conf"]
    networks: [inner]
networks:
  inner: {}
`
      const server = `upstream ${service} { server ${service}-blue:3000; }
server { listen 80; server_name ${serverName}; location / { proxy_pass http://${service}; } }
`
      const command = `docker exec ${project}-edge nginx`
      const newcomer = await settleBehind(host, place, command, compose, 'site.conf', server)
      await begin(host, place, `${service}-blue`, 'edge')
      const ready = await followCheck(newcomer)
      assert.equal((await visited(place)).version, 'v1')
      await firstRelease(ready, 'v2')
      assert.equal((await visited(place)).version, 'v2')
      await firstRelease(await followCheck(ready), 'v3')
      assert.equal((await visited(place)).version, 'v3')
    }),
  )
})
