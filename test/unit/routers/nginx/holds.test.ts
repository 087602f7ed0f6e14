import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { lines, type Shell, sh } from '../../../../src/host/quote.ts'
import type { Question } from '../../../../src/release/model.ts'
import { parseConfiguration, parseDump } from '../../../../src/routers/nginx/config/configuration.ts'
import { findUpstream } from '../../../../src/routers/nginx/config/upstream.ts'
import { ANY_HOST } from '../../../../src/routers/nginx/observe/host-addresses.ts'
import { reloadHolds } from '../../../../src/routers/nginx/reload/holds.ts'
import { findPointing } from '../../../../src/routers/nginx/route/pointer.ts'
import { switchHolds } from '../../../../src/routers/nginx/switch/holds.ts'
import { configurationOf } from './fixtures.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '', ...rest]) => spawnSync(program, [...rest, '-c', ':']).status === 0,
)

function codeOf([program = '', ...rest]: readonly string[], script: Shell): number | null {
  return spawnSync(program, [...rest, '-s'], { input: script.text }).status
}

const file = '/etc/nginx/conf.d/app.conf'
const addresses = { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' }
const places = { blue: { host: '127.0.0.1', port: 8080 }, green: { host: '127.0.0.1', port: 8081 } }

/** How the question for each color ends, when this is what \`nginx -T\` prints of the file by then. */
function reloaded(shell: readonly string[], text: string): readonly (number | null)[] {
  const planned = 'upstream app { server 127.0.0.1:8080; }'
  const upstream = findUpstream(configurationOf(planned), 'app')
  assert.ok(upstream)
  const dump = `# configuration file /etc/nginx/nginx.conf:\nhttp { include conf.d/*; }\n# configuration file ${file}:\n${text}\n`
  const nginx = sh`run_nginx() { printf %s ${dump}; }`
  const target = { directory: 'shop', stateDirectory: '/nowhere', nginx }
  const by = { kind: 'block', upstream, file: { at: { file, inNginx: file, sudo: false }, text: planned } } as const
  const facts = { proxy: 'deploy@host', target, by, addresses, places, keeps: false, marked: false }
  return (['blue', 'green'] as const).map((color) => codeOf(shell, reloadHolds(facts, color)))
}

describe('whether requests go to a color, by reload', () => {
  for (const shell of shells) {
    for (const [text, expected] of [
      ['upstream app { server 127.0.0.1:8080; }', [0, 1]],
      ['upstream app {\r\n  server 127.0.0.1:8081; # not 127.0.0.1:8080;\r\n}\r', [1, 0]],
      ['upstream app { server 127.0.0.1:8080 down; server "127.0.0.1:8081" weight=2; }', [1, 0]],
      ['upstream app { server 127.0.0.1:8080 backup; server 127.0.0.1:8081; }', [1, 0]],
      ['upstream app { server 127.0.0.1:8080; server 127.0.0.1:8081; }', [0, 0]],
      ['upstream app { server 127.0.0.1:9999; }', [2, 2]],
      ['server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } }', [2, 2]],
      ['upstream other { server 127.0.0.1:8081; }\nupstream APP { server 127.0.0.1:8080; }', [0, 1]],
    ] as const) {
      test(`${shell.join(' ')}: ${text}`, () => assert.deepEqual(reloaded(shell, text), expected))
    }
  }
})

/** The same of pointers: a variable in a file of its own, and two passes that are written alike. */
function pointed(shell: readonly string[], variable: string, passes: string): readonly (number | null)[] {
  const [main, inc] = ['/etc/nginx/nginx.conf', '/etc/nginx/service-url.inc']
  const text = (files: Readonly<Record<string, string>>) =>
    Object.entries(files)
      .map(([path, each]) => `# configuration file ${path}:\n${each}\n`)
      .join('')
  const http = (each: string) => `http { server { include ${inc};\nlocation / { proxy_pass $u; }\n${each} } }\n`
  const planned = { [main]: http(passesTo(8080)), [inc]: 'set $u http://127.0.0.1:8080;\n' }
  const configuration = parseConfiguration(parseDump(text(planned)))
  const service = (port: number) => ({
    container: { project: 'shop', service: `${port}` },
    places: [{ host: '127.0.0.1', port }],
    published: [{ address: '', port }],
    fixedAddresses: [],
    names: [],
  })
  const services = { blue: service(8080), green: service(8081) }
  const found = findPointing(configuration, { services, given: {}, apart: false, host: ANY_HOST })
  assert.ok(found.kind === 'pointers' && found.pointers.length === 3)
  const files = [main, inc].map((path) => ({
    at: { file: path, inNginx: path, sudo: false },
    text: configuration.files.find((each) => each.path === path)?.text ?? '',
  }))
  const nginx = sh`run_nginx() { printf %s ${text({ [main]: http(passes), [inc]: variable })}; }`
  const target = { directory: 'shop', stateDirectory: '/nowhere', nginx }
  const by = { kind: 'pointers', pointers: found.pointers, links: [], files } as const
  const facts = { proxy: 'deploy@host', target, by, addresses, places, keeps: false, marked: false }
  return (['blue', 'green'] as const).map((color) => codeOf(shell, reloadHolds(facts, color)))
}

function passesTo(port: number): string {
  const pass = `proxy_pass http://localhost:${port};`
  return `location /a {\n${pass}\n}\nlocation /b {\n${pass}\n}`
}

describe('whether requests go to a color, by pointers', () => {
  const set = (port: number) => `set $u http://127.0.0.1:${port};\n`
  for (const shell of shells) {
    for (const [name, variable, passes, expected] of [
      ['all lead to blue', set(8080), passesTo(8080), [0, 1]],
      ['all lead to green', set(8081), passesTo(8081), [1, 0]],
      ['the variable alone was turned', set(8081), passesTo(8080), [2, 2]],
      ['one of two equal lines was', set(8080), passesTo(8080).replace('8080', '8081'), [2, 2]],
      ['somebody else stands there', set(9999), passesTo(8080), [2, 2]],
      ['the file is empty', '', passesTo(8080), [2, 2]],
      ['other lines are new', `# mine\n${set(8080)}`, `${passesTo(8080)}\nlocation /c { return 200; }`, [0, 1]],
    ] as const) {
      test(`${shell.join(' ')}: ${name}`, () => assert.deepEqual(pointed(shell, variable, passes), expected))
    }
  }
})

describe('whether requests go to a color, by a switch', () => {
  const request: Question['request'] = { address: '127.0.0.1', port: 1, path: '/.blue-green', host: 'app' }
  const files = { directory: '/nowhere', backed: false, present: new Set<string>() }
  const names = { blue: 'app_blue', green: 'app_green' }
  const facts = { files, names, proxy: 'deploy@host', clients: { kind: 'seen', ports: [] } } as const
  const asked = (shell: readonly string[], ...bodies: readonly string[]) => {
    const markers = bodies.map((_, i) => ({ server: `server ${i}`, request: { ...request, host: `${i}` } }))
    // The program that asks reads on its standard input which server block is meant.
    const answers = bodies.map((body, i) => sh`*'Host: '${`${i}`}'"'*) printf 'HTTP/1.1 200 OK\r\n\r\n%s\n' ${body} ;;`)
    const curl = lines(sh`curl() { case $(cat) in`, ...answers, sh`esac; }; timeout() { shift; "$@"; }; sleep() { :; }`)
    return (['blue', 'green'] as const).map((color) =>
      codeOf(shell, lines(curl, switchHolds({ ...facts, markers }, color))),
    )
  }
  for (const shell of shells) {
    test(`${shell.join(' ')}: all server blocks, one of several, none, and what is no color`, () => {
      assert.deepEqual(asked(shell, 'app_blue'), [0, 1])
      assert.deepEqual(asked(shell, 'app_green_backed', 'app_green'), [1, 0])
      assert.deepEqual(asked(shell, 'app_green', 'app_blue'), [0, 0])
      assert.deepEqual(asked(shell, 'app_green', 'not found'), [2, 0])
      assert.deepEqual(asked(shell, ''), [2, 2])
    })
    test(`${shell.join(' ')}: no program to ask with leaves the switch file`, () => {
      const none = sh`command() { return 1; }`
      const markers = [{ server: 'app', request }]
      const alone = (color: 'blue' | 'green') => codeOf(shell, lines(none, switchHolds({ ...facts, markers }, color)))
      assert.equal(alone('green'), 1)
    })
  }
})
