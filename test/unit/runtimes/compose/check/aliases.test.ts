import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { callersOf } from '../../../../../src/runtimes/compose/check/aliases.ts'
import { colorFindings } from '../../../../../src/runtimes/compose/check/colors-wanted.ts'
import { readComposeText } from '../../../../../src/runtimes/compose/check/text.ts'
import { composePath, findings, mended, sceneOf, type Wish } from '../../../checking/context.ts'
import { ANY, port, projectOf } from '../fixtures.ts'

const text = readFileSync(join(import.meta.dirname, '../../../../lab/cases/alias/shop__docker-compose.yml'), 'utf8')
const wish: Wish = {
  inputs: { service: 'web' },
  project: projectOf({
    web: { image: ANY, restart: 'always', ports: [port('3000')], networks: { default: { aliases: ['backend'] } } },
    cron: { image: 'lab/app:v1' },
  }),
  text,
  nginx: 'server { listen 80; server_name shop.example.test; location / { proxy_pass http://127.0.0.1:3000; } }',
}

describe('an alias of the application', () => {
  test('is had by neither color that the check writes', () => {
    const after = parse(mended(colorFindings(sceneOf(wish))))
    assert.deepEqual(after.services.web_blue.networks, ['default'])
    assert.deepEqual(after.services.web_green.networks, ['default'])
    assert.ok(after.services.cron)
  })

  test('is named with who calls it, and with a way that stays right over a flip', () => {
    const found = findings(wish).find(({ title }) => title === 'The application is called by an alias')
    assert.match(found?.seen ?? '', /alias `backend`; `cron` calls `backend` \(`command`\)/)
    const [block] = found?.fix.blocks ?? []
    const { services } = parse(block?.text ?? '')
    assert.deepEqual(services.cron.extra_hosts, ['shop.example.test:host-gateway'])
    assert.match(block?.text ?? '', /http:\/\/shop\.example\.test in place of http:\/\/backend:/)
  })

  const callers: Readonly<Record<string, readonly [body: string, key: string | undefined]>> = {
    'a list of environment': ['environment: ["URL=http://backend:8080/"]', 'environment'],
    'a map of environment': ['environment: { URL: "tcp://backend" }', 'environment'],
    'a host alone': ['environment: { HOST: backend }', 'environment'],
    'a command': ['command: curl backend:8080', 'command'],
    'a health check': ['healthcheck: { test: ["CMD", "curl", "http://backend:8080"] }', 'healthcheck'],
    'another name': [
      'environment: { URL: "http://backend2:80/", A: "the backend of it", B: "http://x/backend" }',
      undefined,
    ],
  }
  for (const [title, [body, key]] of Object.entries(callers))
    test(`${title} ${key === undefined ? 'is no caller' : 'is a caller'}`, () => {
      const file = {
        path: composePath,
        text: `services:\n  cron:\n    ${body}\n`,
        kind: 'compose',
        writable: true,
      } as const
      const read = readComposeText(file)
      assert.ok(read)
      assert.deepEqual(
        callersOf([read], 'backend').map((each) => each.key),
        key === undefined ? [] : [key],
      )
    })
})
