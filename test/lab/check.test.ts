import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import type { LabHost } from './host.ts'
import { loadImages, versions } from './image.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { firstRelease, followCheck, makeFresh } from './newcomer.ts'
import { freePort } from './ports.ts'
import { removeContainers } from './site-containers.ts'
import { get } from './web.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Names, ports and paths that no run has had before. */
async function somewhere(host: LabHost) {
  const word = (prefix: string) => `${prefix}${Math.random().toString(36).slice(2, 7)}`
  const project = `${process.env['LAB_MARK']}-${word('p')}`
  const user = word('u')
  return {
    project,
    user,
    service: word('s'),
    directory: `/srv/${word('d')}/${project}`,
    repository: `${project}/${word('i')}`,
    port: await freePort(),
    publicPort: await freePort(),
    serverName: `${word('n')}.example.test`,
    nginxFile: `/etc/nginx/${['conf.d', 'sites-enabled'][Math.floor(Math.random() * 2)]}/${word('f')}.conf`,
    inputs: { host: `${user}@127.0.0.1:${host.port}`, 'private-key': host.privateKey },
  }
}

type Place = Awaited<ReturnType<typeof somewhere>>

/** What a newcomer has: a compose file and a server block, both made by root. */
async function settle(host: LabHost, place: Place, compose: string, server: string): Promise<void> {
  await makeFresh(host)
  await loadImages(place.repository, versions)
  await host.writeFile(`${place.directory}/compose.yaml`, compose)
  await host.writeFile(place.nginxFile, server)
  await host.reloadNginx()
}

function newcomer(host: LabHost, place: Place) {
  const { service, directory, user, inputs } = place
  const given = { ...inputs, service, directory, 'health-path': '/health', pull: 'never', version: 'v1' }
  return { host, user, inputs: given }
}

async function dispose(host: LabHost, { project }: Place): Promise<void> {
  await removeContainers(project)
  await host.dispose()
}

const asked = ({ publicPort, serverName }: Place) => get(`http://127.0.0.1:${publicPort}/`, { Host: serverName })

describe('a newcomer who does nothing but what the check prints', () => {
  test('gets from a fresh host to a first release', slow, async () => {
    const host = await lab.host()
    const place = await somewhere(host)
    const { service, repository, port } = place
    const compose = `services:
  ${service}:
    image: ${repository}:v1
    ports:
      - "${port}:3000"
    environment:
      SECRET: hunter2 # known to nobody
`
    const server = `server {
    listen 127.0.0.1:${place.publicPort};
    server_name ${place.serverName};
    location / {
        proxy_pass http://localhost:${port};
    }
}
`
    try {
      await settle(host, place, compose, server)
      const ready = await followCheck(newcomer(host, place))
      await firstRelease(ready, 'v2')
      assert.equal((await asked(place)).version, 'v2')
      await firstRelease(ready, 'v3')
      assert.equal((await asked(place)).version, 'v3')
    } finally {
      await dispose(host, place)
    }
  })
})
