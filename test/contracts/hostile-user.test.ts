import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { takeLease } from '../../src/custody/lease.ts'
import { ledgerQuestion } from '../../src/custody/ledger.ts'
import { custodyQuestion } from '../../src/custody/standing.ts'
import { readStateDirectory, stateDirectoryQuestion } from '../../src/custody/state-directory.ts'
import { defineJudge, faultFix, faultSentence, readFault } from '../../src/host/private-path.ts'
import { lines, type Shell, sh } from '../../src/host/quote.ts'
import { open } from '../../src/routers/nginx/reload/changes.ts'
import { editEnvFile, underLock } from '../../src/runtimes/compose/change/env-file.ts'
import { must, until } from '../lab/command.ts'
import { type Machine, openMachine } from '../lab/machine.ts'

const ROOT = '/var/lib/blue-green'
const STATE = `${ROOT}/app`
const SHOP = '/srv/shop'
/** Whose file must never change, and what a neighbor's script would do. */
const OWN = `${ROOT}/precious`
const RAN = '/tmp/ran'

let machine: Machine
before(async () => {
  machine = await openMachine()
})
after(() => machine.remove())

const root = (command: string) => must(machine.enter(['sh', '-c', command]))
const deploy = ({ text }: Shell) => machine.exec('exec sh -s', { user: 'deploy', input: `{ ${text}\nexit; }\n` })

/** A state directory as it is to be, and what a neighbor then did. */
async function scene(deed: string): Promise<void> {
  await root(`rm -rf ${ROOT} ${SHOP} ${OWN} ${RAN} /srv/link /srv/elsewhere
    install -d -m 0755 ${ROOT} && install -d -m 0711 -o deploy ${STATE} && install -d -m 0755 -o deploy ${SHOP}
    echo precious >${OWN}; chown deploy: ${OWN}
    ${deed}`)
}

/** What an earlier run would leave that died in its watch: whoever takes the lease over runs the guard's script. */
const FORGED = `mkdir ${STATE}/journal-7; echo '7 token 1 - - v1 deploy - blue' >${STATE}/lease; : >${STATE}/journal-7/changes
  echo 'touch ${RAN}' >${STATE}/journal-7/guard.sh; echo '{"version":"forged"}' >${STATE}/ledger.jsonl`
const OTHERS = `chown -R nobody: ${STATE}`

const hostile: readonly (readonly [string, string, string?])[] = [
  ['a directory that another user made', `${FORGED}; ${OTHERS}; chmod 0777 ${STATE}`],
  ['a directory that everybody may write to', `${FORGED}; chmod 0777 ${STATE}`],
  ['a directory that the workers of Nginx may write to', `chgrp www-data ${STATE}; chmod 0771 ${STATE}`],
  ['another one instead of ours, in a folder that everybody may write to', `chmod 0777 ${ROOT}`],
  ['none yet, where everybody may make it', `rm -r ${STATE}; chmod 0777 ${ROOT}`],
  ['a folder above that is somebody else’s', `chown nobody ${ROOT}`],
  ['a link that is somebody else’s', `ln -s ${STATE} /srv/link; chown -h nobody /srv/link`, '/srv/link'],
  [
    'a link that leads through a folder where everybody may write',
    `install -d -m 0777 /srv/elsewhere; install -d -o deploy /srv/elsewhere/app; ln -s /srv/elsewhere/app /srv/link`,
    '/srv/link',
  ],
  ['a forged journal', `${FORGED}; chown -R nobody: ${STATE}/journal-7`],
  ['a forged guard', `${FORGED}; chown -R deploy: ${STATE}; chown nobody ${STATE}/journal-7/guard.sh`],
  [
    'a guard that everybody may write to',
    `${FORGED}; chown -R deploy: ${STATE}; chmod 0666 ${STATE}/journal-7/guard.sh`,
  ],
  ['a forged ledger', `${FORGED}; chown -R deploy: ${STATE}; chown nobody ${STATE}/ledger.jsonl`],
  ...[
    'lock',
    'lease',
    'ended',
    'target',
    'ledger.jsonl',
    'ledger.new',
    'green.off',
    'journal-1',
    'nginx-file.old',
  ].flatMap((name) => [
    [`a link in place of ${name}`, `ln -s ${OWN} ${STATE}/${name}; chown -h deploy ${STATE}/${name}`] as const,
    [`another name of a file in place of ${name}`, `ln ${OWN} ${STATE}/${name}`] as const,
    [`a pipe in place of ${name}`, `mkfifo ${STATE}/${name}; chown deploy ${STATE}/${name}`] as const,
  ]),
]

const kind: readonly (readonly [string, string, string?])[] = [
  ['as it is made by the command', ''],
  ['none yet', `rm -r ${STATE}`],
  ['a group that nobody else is in', `chgrp deploy ${STATE}; chmod 0771 ${STATE}`],
  ['a link that is root’s', `ln -s ${STATE} /srv/link`, '/srv/link'],
  [
    'a link of links, with dots',
    `mkdir /srv/elsewhere; ln -s ../srv/elsewhere/../link2 /srv/link; ln -sfn ${STATE} /srv/link2`,
    '/srv/link',
  ],
  ['below a folder like /tmp', `chmod 1777 ${ROOT}`],
  ['files that root made', `touch ${STATE}/green.off`],
]

const wanted = (directory: string) =>
  takeLease({
    directory,
    token: 'token-of-this-run',
    lease: 30_000,
    holder: { run: '', actor: 'me', version: 'v2', command: 'deploy', since: '' },
  })

const judge = (directory: string) => deploy(lines(defineJudge, sh`judge ${directory}; echo "$? $unsafe"`))

describe('a state directory', { timeout: 10 * 60_000 }, () => {
  for (const [what, deed, directory = STATE] of hostile) {
    test(`${what}: nothing there is run, followed, believed or written`, async () => {
      await scene(deed)
      const all = async () => root(`find ${ROOT} /srv -printf '%p %y %m %u %s %T@\\n'; cat ${OWN}; ls ${RAN} 2>&1 || :`)
      const was = await all()
      const taken = await deploy(wanted(directory))
      assert.match(taken.stdout, /^unsafe \S+ \S+ deploy \//)
      const state = readStateDirectory({
        code: 0,
        stderr: '',
        stdout: (await deploy(stateDirectoryQuestion(directory))).stdout,
      })
      assert.equal(state.kind, 'unsafe')
      assert.equal((await deploy(ledgerQuestion(directory))).stdout, '')
      assert.equal((await deploy(custodyQuestion(directory))).stdout, '')
      assert.equal(await all(), was)
      // What is printed puts it right, one thing after the other.
      for (let tries = 0; tries < 4; tries += 1) {
        const fault = readFault((await judge(directory)).stdout.slice(2))
        if (fault === undefined) break
        assert.ok(faultSentence(fault).includes(fault.path))
        await root(faultFix(fault, directory).text.replaceAll('sudo ', ''))
      }
      assert.equal((await judge(directory)).stdout, '0 \n')
      assert.equal(await root(`cat ${OWN}; ls ${RAN} 2>/dev/null || :`), 'precious\n')
    })
  }

  for (const [what, deed, directory = STATE] of kind) {
    test(`${what}: is used`, async () => {
      await scene(deed)
      assert.equal((await judge(directory)).stdout, '0 \n')
    })
  }

  test('its locks cannot be opened by others', async () => {
    await scene('')
    const { stdout } = await deploy(wanted(STATE))
    assert.match(stdout, /^held 1$/m)
    for (const name of ['lock', 'lease', 'journal-1/changes']) {
      const tried = await machine.exec(`setpriv --reuid=nobody --clear-groups sh -c 'exec 9<${STATE}/${name}'`)
      assert.notEqual(tried.code, 0, name)
    }
  })
})

describe('the folder of an application', { timeout: 10 * 60_000 }, () => {
  const own = `${SHOP}/.blue-green`
  const edit = { file: `${SHOP}/.env`, variable: 'IMAGE_TAG', values: { IMAGE_TAG: 'v2' } }

  for (const [what, deed] of [
    ['is somebody else’s', `install -d -m 0777 -o nobody ${own}`],
    ['is a link', `mkdir /srv/elsewhere; ln -s /srv/elsewhere ${own}`],
    ['may be written to by everybody', `install -d -m 0777 -o deploy ${own}`],
    ['has a link for a lock', `install -d -m 0700 -o deploy ${own}; ln -s ${OWN} ${own}/lock`],
    ['lies where everybody may write', `chmod 0777 ${SHOP}`],
  ] as const) {
    test(`whose .blue-green ${what} is refused with the command`, async () => {
      await scene(deed)
      const ran = await deploy(underLock(SHOP, sh`touch ${RAN}`))
      assert.equal(ran.code, 1, ran.stderr)
      const [, command = ''] = /; run: (.*)$/m.exec(ran.stderr) ?? []
      await root(command.replace('sudo ', ''))
      assert.deepEqual((await deploy(underLock(SHOP, sh`:`))).code, 0)
      assert.equal(await root(`cat ${OWN}; ls ${RAN} 2>/dev/null || :`), 'precious\n')
    })
  }

  test('what is planted next to .env is not followed', async () => {
    const beside = ['', 'absent-', 'next-'].map((name) => `${SHOP}/.env.blue-green-${name}IMAGE_TAG`)
    for (const env of ['', `echo IMAGE_TAG=v1 >${SHOP}/.env; chown deploy: ${SHOP}/.env;`]) {
      await scene(`${env} for link in ${beside.join(' ')}; do ln -s ${OWN} $link; chown -h nobody $link; done`)
      await deploy(underLock(SHOP, editEnvFile(edit)))
      assert.equal(await root(`cat ${OWN}`), 'precious\n')
    }
  })

  test('a lock that others hold on the file of Nginx stops no flip', async () => {
    await scene(`echo 'upstream app {}' >${SHOP}/nginx.conf`)
    const holding = `exec 9<${SHOP}/nginx.conf; flock 9; : >/tmp/holds; exec sleep 60`
    const holder = machine.exec(`exec setpriv --reuid=nobody --clear-groups sh -c '${holding}'`)
    const pid = await until('the lock', 10_000, async () => {
      const found = (await root('pgrep -u nobody -x sleep || :')).trim()
      return found === '' ? undefined : found
    })
    const file = `${SHOP}/nginx.conf`
    const target = { directory: SHOP, stateDirectory: STATE, nginx: sh`run_nginx() { :; }` }
    const addresses = { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' }
    const places = { blue: { host: '127.0.0.1', port: 8080 }, green: { host: '127.0.0.1', port: 8081 } }
    const files = [{ at: { file, inNginx: file, sudo: false }, text: '' }]
    const by = { kind: 'pointers', pointers: [], links: [], files } as const
    const facts = { proxy: 'deploy@host', target, by, addresses, places, keeps: false, marked: false }
    const ran = await deploy(lines(open(facts, 'nginx-file'), sh`echo went on`))
    assert.deepEqual([ran.code, ran.stdout], [0, 'went on\n'], ran.stderr)
    await root(`kill ${pid}`)
    await holder
  })
})
