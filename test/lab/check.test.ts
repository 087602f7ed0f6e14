import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import { firstRelease, followCheck, type Place, settle, somewhere } from './newcomer.ts'
import { freePort } from './ports.ts'
import { removeContainers } from './site-containers.ts'
import { get } from './web.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

async function on(work: (host: LabHost, place: Place) => Promise<void>): Promise<void> {
  const host = await lab.host()
  const place = await somewhere(host)
  try {
    await work(host, place)
  } finally {
    await removeContainers(place.project)
    await host.dispose()
  }
}

/** What is asked of Nginx by everybody. */
function visited({ publicPort, serverName }: Place, path = '/') {
  return get(`http://127.0.0.1:${publicPort}${path}`, { Host: serverName })
}

describe('a newcomer who does nothing but what the check prints', () => {
  test('gets from a fresh host to a first release, and to the next', slow, () =>
    on(async (host, place) => {
      const { service, repository, port } = place
      const compose = `services:
  ${service}_blue: &color
    image: ${repository}:latest
    ports: ["${port}:3000"]
    container_name: ${place.project}-app
    environment: { PASSWORD: hunter2 }
`
      const server = `server { listen 127.0.0.1:${place.publicPort}; server_name ${place.serverName}; location / { proxy_pass http://localhost:${port}; proxy_set_header Host $host; } }\n`
      const ready = await followCheck(await settle(host, place, compose, server))
      await firstRelease(ready, 'v2')
      assert.equal((await visited(place)).version, 'v2')
      assert.equal((await visited(place)).body.includes(`host ${place.serverName}`), true)
      await firstRelease(ready, 'v3')
      assert.equal((await visited(place)).version, 'v3')
      assert.ok(ready.said.every((text) => !text.includes('hunter2')))
    }),
  )

  test('gets there where Nginx knows nothing of the application, and the version has another name', slow, () =>
    on(async (host, place) => {
      const { service, repository, port } = place
      const color = (name: string, at: number) => `  ${service}-${name}:
    image: ${repository}:\${TAG:-v1}
    ports: ["127.0.0.1:${at}:3000"]
    stop_grace_period: 30s
`
      const compose = `services:\n${color('blue', port)}${color('green', place.publicPort)}`
      const ready = await followCheck(await settle(host, place, compose, '# nothing is served here\n'))
      assert.equal(ready.inputs['version-variable'], 'TAG')
      await firstRelease(ready, 'v2')
      assert.equal((await get('http://127.0.0.1:80/', { Host: '127.0.0.1' })).version, 'v2')
    }),
  )

  test('gets there from half a switch', slow, () =>
    on(async (host, place) => {
      const { service, repository, port, publicPort, serverName } = place
      const color = (name: string, at: number) => `  ${service}_${name}:
    image: ${repository}:\${IMAGE_TAG_${name.toUpperCase()}:-v1}
    ports: ["127.0.0.1:${at}:3000"]
    restart: unless-stopped
    stop_grace_period: 30s
`
      const compose = `services:\n${color('blue', port)}${color('green', await freePort())}`
      const server = `upstream ${service}_blue { server 127.0.0.1:${port}; keepalive 4; }
upstream ${service}_green {
    server 127.0.0.1:${port};
}
server {
    listen 127.0.0.1:${publicPort};
    server_name ${serverName};
    set $${service}_color blue;
    set $backend ${service}_$${service}_color;
    location / { proxy_pass http://$backend; }
}
server {
    listen 127.0.0.1:${publicPort};
    server_name other.example.test;
    location / {
        proxy_pass http://127.0.0.1:${port};
    }
}
`
      const newcomer = await settle(host, place, compose, server)
      const up = await host.exec(`cd ${place.directory} && docker compose up -d ${service}_blue`)
      assert.equal(up.code, 0, up.stderr)
      const ready = await followCheck(newcomer)
      await firstRelease(ready, 'v2')
      assert.equal((await visited(place)).version, 'v2')
      assert.equal((await get(`http://127.0.0.1:${publicPort}/`, { Host: 'other.example.test' })).version, 'v2')
      assert.match(await host.readFile(place.nginxFile), /keepalive 4;/)
    }),
  )

  test('gets there from an application that runs by `docker run`, with no compose file', slow, () =>
    on(async (host, place) => {
      const { project, service, repository, port, publicPort, serverName } = place
      const server = `server { listen 127.0.0.1:${publicPort}; server_name ${serverName}; location / { proxy_pass http://127.0.0.1:${port}; } }\n`
      const newcomer = await settle(host, place, undefined, server)
      const secrets = { PASSWORD: 'hun$ter 2#"x', OTHER: "it's" }
      const flags = Object.entries(secrets).map(([name]) => `-e ${name}="$${name}"`)
      const values = Object.entries(secrets).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`)
      const before = `${project}-old`
      const started = await host.exec(
        `${values.join(' ')}; docker run -d --name ${before} -p ${port}:3000 ${flags.join(' ')} -v ${project}-data:/data -v /tmp:/host:ro --memory 300m ${repository}:v1 node /server.js '$extra'`,
      )
      try {
        assert.equal(started.code, 0, started.stderr)
        const ready = await followCheck(newcomer)
        assert.match((await host.exec(`ls -l ${place.directory}/${service}.env`)).stdout, /^-rw-------/)
        const adopted = await firstRelease(ready, 'v2')
        assert.equal((await visited(place)).version, 'v2')
        const green = await host.exec(
          `docker inspect -f '{{json .Config.Env}} {{json .Config.Cmd}} {{.HostConfig.Memory}} {{json .HostConfig.Binds}} {{json .Mounts}}' ${project}-${service}_green-1`,
        )
        for (const [name, value] of Object.entries(secrets))
          assert.ok(green.stdout.includes(JSON.stringify(`${name}=${value}`)), green.stdout)
        assert.match(green.stdout, /APP_VERSION=v2.*"node","\/server\.js","\$extra"\] 314572800/)
        assert.match(green.stdout, new RegExp(`${project}-data`))
        assert.ok(ready.said.every((text) => !/hun|it's"/.test(text)))
        const remove = /docker stop \S+ && docker rm \S+/.exec(adopted.stdout)?.[0]
        assert.equal((await host.exec(remove ?? 'false')).code, 0, adopted.stdout)
        await firstRelease(await followCheck(ready), 'v3')
        assert.equal((await visited(place)).version, 'v3')
      } finally {
        await removeContainers(project)
        await host.exec(`docker rm -f ${before} ${service}; docker volume rm ${project}-data`)
      }
    }),
  )

  test('gets there from an application that runs as a single container, and loses no request', slow, () =>
    on(async (host, place) => {
      const { service, repository, port } = place
      const compose = `# what runs here
services:
  # the application
  ${service}:
    image: ${repository}:\${IMAGE_TAG:-v1}
    environment:
      PASSWORD: hunter2

    ports:
      - target: 3000
        published: "${port}"

  worker:
    image: ${repository}:v1
    command: [node, /server.js, worker]
    depends_on: [${service}]
`
      const upstream = `app_${service}`
      const server = `upstream ${upstream} {
    server 127.0.0.1:${port};
}
server {
    listen 127.0.0.1:${place.publicPort};
    server_name ${place.serverName};

    location /api/ {
        proxy_pass http://${upstream}/;
    }
    location / {
        proxy_set_header X-Real-IP $remote_addr;
        proxy_pass http://${upstream};
    }
}
`
      const newcomer = await settle(host, place, compose, server)
      const up = await host.exec(`cd ${place.directory} && docker compose up -d ${service}`)
      assert.equal(up.code, 0, up.stderr)
      await until('the application', 20_000, async () => (await visited(place)).status === 200 || undefined)
      assert.match((await visited(place, '/api/status?code=200')).body, /path \/status\n/)

      const ready = await followCheck(newcomer)
      assert.match((await visited(place, '/api/status?code=200')).body, /path \/status\n/)
      const load = await startLoad({
        url: `http://127.0.0.1:${place.publicPort}/`,
        host: place.serverName,
        connections: 8,
        post: true,
      })
      const adopted = await firstRelease(ready, 'v2')
      const { lost, byVersion } = await load.stop()
      assert.equal(lost, 0)
      assert.deepEqual(Object.keys(byVersion).sort(), ['v1', 'v2'])
      const command = /docker stop \S+ && docker rm \S+/.exec(adopted.stdout)?.[0]
      assert.ok(command, adopted.stdout)

      // The next check says what blocks the next release, and how that is mended.
      const blocked = await runAction({ ...ready.inputs, command: 'check' })
      assert.equal(blocked.outputs['result'], 'problems', blocked.stdout)
      assert.ok(blocked.stdout.includes(command), blocked.stdout)
      assert.equal((await host.exec(command)).code, 0)
      await firstRelease(await followCheck(ready), 'v3')
      assert.equal((await visited(place)).version, 'v3')
      assert.equal((await visited(place, '/api/status?code=200')).version, 'v3')
    }),
  )
})
