import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { ask } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { contains, notesOf, refused, refusedFor, released } from './refusal.ts'
import type { LabSite, SiteOptions } from './site.ts'
import { composeFile } from './site-compose.ts'

// Who sits where, whose the state directory is, and whether the public route can judge: refused before anything starts.

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

const slow = { timeout: 360_000 }
let sites = 0
/** A site with v1 on blue, or on the color that is live. */
async function running(options: SiteOptions = {}): Promise<LabSite> {
  sites += 1
  const site = await lab.site(host, { service: `site${sites}`, ...options })
  await site.up(options.live ?? 'blue', 'v1')
  return site
}

async function must(command: string): Promise<void> {
  const ended = await host.exec(command)
  assert.equal(ended.code, 0, `${command}: ${ended.stderr}${ended.stdout}`)
}

/** The command at the end of a sentence, run by root as the sentence asks for it. */
async function mend(sentence: string, form: RegExp): Promise<void> {
  const [, command = ''] = form.exec(sentence) ?? []
  assert.notEqual(command, '', `Wanted ${form} in: ${sentence}`)
  await must(command)
}

describe('who sits at the addresses', () => {
  test('live: the container of another compose project', slow, async () => {
    await using site = await lab.site(host, { service: 'api' })
    const other = `${site.project}-other`
    const compose = `cd ${site.directory}-other && docker compose --project-name ${other}`
    await must(`cp -a ${site.directory} ${site.directory}-other && ${compose} up -d api_blue`)
    try {
      const sits = `At 127.0.0.1:${site.ports.blue}, where Nginx sends traffic as blue, sits ${other}-api_blue-1`
      const sentence = await refusedFor(
        site,
        {},
        'drift',
        sits,
        `of the compose project \`${other}\``,
        'right `upstream`',
      )
      const [, name = ''] = /set `project-name: (.*?)`/.exec(sentence) ?? []
      const run = await released(site, { 'project-name': name })
      assert.equal(run.outputs['previous-version'], 'v1')
    } finally {
      await must(`${compose} down`)
    }
  })

  test('a project that compose calls by another name now', slow, async () => {
    await using site = await running()
    const file = `${site.directory}/compose.yaml`
    await host.writeFile(file, `name: renamed\n${await host.readFile(file)}`)
    const says = [`as part of the compose project \`${site.project}\`, but compose now calls the project \`renamed\``]
    const sentence = await refusedFor(site, {}, 'drift', ...says)
    await released(site, { 'project-name': /Set `project-name: (.*?)`/.exec(sentence)?.[1] ?? '' })
  })

  test('live: a worker', slow, async () => {
    const worker = (image: string, port: number) =>
      `  worker:\n    image: ${image}:v1\n    ports: ["127.0.0.1:${port}:3000"]\n`
    await using site = await lab.site(host, {
      service: 'jobs',
      composeFile: (parts) =>
        composeFile({ ...parts, shape: 'each', extra: [] }) + worker(parts.repository, parts.ports.blue),
    })
    assert.equal((await site.compose('up', '-d', 'worker')).code, 0)
    const sits = `sits ${site.project}-worker-1 of the service worker, which is not \`jobs_blue\``
    const sentence = await refusedFor(site, {}, 'drift', `At 127.0.0.1:${site.ports.blue}`, sits)
    await mend(sentence, /(docker stop \S+?)[),.]/)
    await released(site)
  })

  test('idle: what is no container', slow, async () => {
    await using site = await running()
    const server = createServer((_, response) => response.end('mine')).listen(site.ports.green, '127.0.0.1')
    await once(server, 'listening')
    server.unref() // a test that fails leaves it open
    const says = `Something that is no container answers at 127.0.0.1:${site.ports.green}, the address of green`
    const sentence = await refusedFor(site, {}, 'drift', says, `so that \`${site.services.green}\` cannot be started`)
    const named = await ask(['sh', '-c', /`(ss .*?)`/.exec(sentence)?.[1] ?? 'false'])
    contains(named.stdout, `127.0.0.1:${site.ports.green}`)
    server.close()
    await released(site)
  })
})

describe('a verify-url that does not judge', () => {
  test('is refused where the live color is well', slow, async () => {
    await using site = await running()
    for (const url of [`${site.publicUrl}/status?code=404`, 'http://127.0.0.1:9/']) {
      const says = [
        'The live color is well when asked directly, and through Nginx it is not',
        url.replace(/\?.*/, '?***'),
        'Set `verify-url`',
      ]
      await refusedFor(
        site,
        { 'verify-url': url },
        'verify-unusable',
        ...says.map((part) => new RegExp(escaped(part), 'i')),
      )
    }
    const wrong = { 'verify-match': 'nobody says this' }
    await refusedFor(site, wrong, 'verify-unusable', "the body does not contain 'nobody says this'")
    await released(site, { 'verify-url': `${site.publicUrl}/status?code=204`, 'verify-match': '' })
  })

  test('is only told of where the live color is down itself: the hotfix goes out', slow, async () => {
    await using site = await running()
    await site.up('blue', 'never-healthy')
    const unwell = await released(site)
    contains(
      notesOf(unwell).join('\n'),
      /The live color blue \(127\S+\) is not well: .*answered 503/,
      'not tested before',
    )
    assert.equal(unwell.outputs['previous-version'], 'never-healthy')

    await site.compose('stop')
    const down = await released(site, { version: 'v3' })
    const at = `green (127.0.0.1:${site.ports.green})`
    contains(notesOf(down).join('\n'), `Nothing answers at ${at}`, 'not tested before')
  })
})

describe('the state directory', () => {
  test('is missing, and may not be made', slow, async () => {
    await using site = await running({ stateDirectory: 'missing' })
    const says = `The state directory ${site.stateDirectory} is missing, and deploy may not make it`
    const sentence = await refusedFor(site, {}, 'state-directory', says)
    assert.ok(sentence.endsWith(`: sudo install -d -m 0711 -o deploy ${site.stateDirectory}`), sentence)
    await mend(sentence, /Run on the host: (.*)$/)
    await released(site)
  })

  test("is somebody else's", slow, async () => {
    await using site = await running()
    await must(`chown root:root ${site.stateDirectory}`)
    const says = `deploy may not write to the state directory ${site.stateDirectory}, which belongs to root`
    await mend(await refusedFor(site, {}, 'state-directory', says), /Run on the host: (.*)$/)
    await released(site)
  })

  test("is another target's", slow, async () => {
    await using site = await running()
    await released(site)
    const other = '{"upstream":"shop","project":"other"}'
    await host.writeFile(`${site.stateDirectory}/target`, other)
    const says = [
      'belongs to the upstream shop of the compose project other',
      `for ${site.upstream} of ${site.project}`,
    ]
    const sentence = await refusedFor(site, {}, 'state-directory', ...says, 'a `state-directory` of its own')
    await must(`rm ${/remove (\S+\/target)\./.exec(sentence)?.[1]}`)
    await released(site, { version: 'v3' })
  })

  test('lies behind a folder that the user cannot pass', slow, async () => {
    await using site = await running()
    const closed = `${host.stateRoot}/closed`
    await must(`mkdir -m 0700 ${closed} && install -d -m 0711 -o deploy ${closed}/mine`)
    const says = `deploy cannot pass through ${closed}, on the way to the state directory ${closed}/mine`
    const inputs = { 'state-directory': `${closed}/mine` }
    const { sentences } = await refused(site, inputs)
    const [sentence = ''] = sentences.filter((each) => each.includes('cannot pass'))
    contains(sentence, says)
    await mend(sentence, /Run on the host: (.*)$/)
    await edit(site, (text) => text.replaceAll(site.stateDirectory, `${closed}/mine`))
    await released(site, inputs)
  })
})

describe('a switch whose workers cannot see the file', () => {
  const blind = (folder: string) => [
    `The Nginx workers (user www-data) cannot pass through ${folder} (owner`,
    `Run: sudo chmod o+x ${folder}`,
  ]

  test('its folder is closed', slow, async () => {
    await using site = await running()
    await must(`chmod 0700 ${site.stateDirectory}`)
    const sentence = await refusedFor(site, {}, 'drift', ...blind(site.stateDirectory), 'mode 0700')
    await mend(sentence, /Run: (.*)$/)
    await released(site)
  })

  test('a folder above it is closed, also where only a link leads there', slow, async () => {
    await using site = await running()
    const data = `/var/lib/blue-green/of-deploy-${site.service}`
    await must(`install -d -m 0700 -o deploy ${data} && mv ${site.stateDirectory} ${data}/state`)
    await must(`ln -s ${data}/state ${site.stateDirectory}`)
    await mend(await refusedFor(site, {}, 'drift', ...blind(data)), /Run: (.*)$/)
    await released(site)
  })

  test('Nginx sees another disk', slow, async () => {
    await using own = await lab.host({ nginx: 'stopped' })
    await using site = await lab.site(own, { live: 'green' })
    await site.up('green', 'v1')
    await own.exec('mkdir /tmp/empty')
    const apart = "unshare --mount --propagation private sh -c 'mount --bind /tmp/empty /var/lib/blue-green && nginx'"
    assert.equal((await own.exec(apart)).code, 0)
    try {
      await refusedFor(site, {}, 'drift', 'The switch file `green` is there, and Nginx says that blue is live')
    } finally {
      await own.stopNginx() // what it sees is no longer the host's: it would outlive that
    }
    await own.startNginx()
    assert.equal((await released(site)).outputs['color'], 'blue')
  })
})

describe('a switch without the right to run Nginx', () => {
  test('works where it is told where to look, and is refused with the line for sudoers elsewhere', slow, async () => {
    await using site = await running()
    await must('install -m 0440 /dev/null /run/none && mount --bind /run/none /etc/sudoers.d/deploy')
    try {
      const known = { 'state-directory': site.stateDirectory, 'verify-url': `${site.publicUrl}/health` }
      const run = await released(site, known)
      contains(notesOf(run).join('\n'), 'Not proven: Nginx could not be read on', '/.blue-green says which color')
      const sentence = await refusedFor(site, {}, 'nginx-refused', 'does not show its configuration')
      await host.writeFile('/run/none', `${/sudoers: `(.*?)`/.exec(sentence)?.[1]}\n`)
      const granted = await released(site, { version: 'v3' })
      assert.doesNotMatch(notesOf(granted).join('\n'), /Not proven/)
    } finally {
      await must('umount /etc/sudoers.d/deploy')
    }
  })
})

async function edit(site: LabSite, change: (text: string) => string): Promise<void> {
  await host.writeFile(site.nginxFile, change(await host.readFile(site.nginxFile)))
  await host.reloadNginx()
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
