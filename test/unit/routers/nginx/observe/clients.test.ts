import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { httpServers } from '../../../../../src/routers/nginx/config/configuration.ts'
import { clientsOf } from '../../../../../src/routers/nginx/observe/clients.ts'
import { configurationOf } from '../fixtures.ts'

describe('what clients have in flight', () => {
  const port = (number: number, multiplexed: boolean) => ({ port: number, multiplexed })
  const cases: readonly (readonly [title: string, http: string, ports: ReturnType<typeof port>[] | 'hidden'])[] = [
    ['on the default port', 'server { }', [port(80, false)]],
    [
      'on several, each once',
      'server { listen 80; listen [::]:80; listen 8080; }',
      [port(80, false), port(8080, false)],
    ],
    ['over HTTP/2', 'server { listen 80; listen 443 ssl http2; }', [port(80, false), port(443, true)]],
    ['over HTTP/2 of the server block', 'server { listen 443 ssl; http2 on; }', [port(443, true)]],
    ['over HTTP/2 of all of http', 'http2 on; server { listen 443 ssl; }', [port(443, true)]],
    ['over HTTP/2 that is off here', 'http2 on; server { listen 443 ssl; http2 off; }', [port(443, false)]],
    [
      'over HTTP/2 that another server block brings to the port',
      'server { listen 443 ssl; } server { listen 443 ssl http2; listen 444; }',
      [port(443, true)],
    ],
    ['not those of other server blocks', 'server { listen 80; } server { listen 443 quic; }', [port(80, false)]],
    ['not over a socket', 'server { listen unix:/run/x.sock; listen 80; }', [port(80, false)]],
    ['cannot be seen over HTTP/3', 'server { listen 443 ssl; listen 443 quic; }', 'hidden'],
  ]
  for (const [title, http, expected] of cases) {
    test(title, () => {
      const configuration = configurationOf(http)
      const clients = clientsOf(configuration, httpServers(configuration).slice(0, 1))
      const whole = { kind: 'hidden', whose: 'clients of HTTP/3' }
      assert.deepEqual(clients, expected === 'hidden' ? whole : { kind: 'seen', ports: expected })
    })
  }
})
