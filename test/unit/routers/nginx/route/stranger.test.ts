import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseConfiguration } from '../../../../../src/routers/nginx/config/configuration.ts'
import { readHostAddresses } from '../../../../../src/routers/nginx/observe/host-addresses.ts'
import { strangerFaults, strangers } from '../../../../../src/routers/nginx/route/stranger.ts'

const host = readHostAddresses('own 127.0.0.1\nown 172.17.0.1\nname app.internal 127.0.0.1\n')
const service = (name: string, port: number) => ({
  container: { project: 'shop', service: name },
  places: [{ host: '127.0.0.1', port }],
  published: [{ address: '', port }],
  fixedAddresses: [],
  names: [name],
})
const services = { blue: service('web_blue', 3000), green: service('web_green', 3001) }

function found(text: string, apart = false) {
  const configuration = parseConfiguration([{ path: '/etc/nginx/nginx.conf', text }])
  const colored = { services, addresses: { blue: '127.0.0.1:3000', green: '127.0.0.1:3001' }, host, apart }
  return strangers(configuration, colored, (name) => name === 'app')
}

const site = (target: string, more = '', name = 'api.example.test') =>
  `http { upstream app { server 127.0.0.1:3000; } ${more} server { server_name ${name}; location / { proxy_pass ${target}; } } }`

describe('what leads to a color past what a flip changes', () => {
  const rows: Readonly<Record<string, readonly [text: string, ends: 'there' | 'unknown' | 'none', apart?: boolean]>> = {
    'the upstream itself': [site('http://app'), 'none'],
    'its address': [site('http://127.0.0.1:3000'), 'there'],
    'all addresses': [site('http://0.0.0.0:3000/'), 'there'],
    docker0: [site('http://172.17.0.1:3000'), 'there'],
    'a name': [site('http://app.internal:3000'), 'there'],
    'another upstream': [site('http://other', 'upstream other { server 172.17.0.1:3001; }'), 'there'],
    'a server line that is down': [
      site('http://other', 'upstream other { server 172.17.0.1:3001 down; server 127.0.0.1:9; }'),
      'none',
    ],
    'a variable': [
      site('http://$to', 'map $host $to { default 127.0.0.1:9; api.example.test 172.17.0.1:3000; }'),
      'there',
    ],
    'a name that leads nowhere': [site('http://gone.internal:3000'), 'unknown'],
    'a host that a request names': [site('http://$arg_to:3001'), 'unknown'],
    'another port': [site('http://172.17.0.1:4000'), 'none'],
    'another machine': [site('http://10.0.0.9:3000'), 'none'],
    'a preview of one color': [site('http://127.0.0.1:3001', '', 'green.example.test'), 'none'],
    'a stream': [
      `stream { upstream app2 { server 172.17.0.1:3000; } server { listen 99; proxy_pass app2; } }`,
      'there',
    ],
    'a container’s name': [site('http://web_blue:8080'), 'there', true],
    'the loopback of a container': [site('http://127.0.0.1:3005'), 'none', true],
    'the host, from a container': [site('http://172.17.0.1:3000'), 'there', true],
  }
  for (const [title, [text, ends, apart]] of Object.entries(rows))
    test(title, () => {
      assert.deepEqual(
        found(text, apart).map((each) => each.ends),
        ends === 'none' ? [] : [ends],
      )
    })

  test('is named, with its place', () => {
    const [fault] = strangerFaults(found(site('http://172.17.0.1:3000')))
    assert.match(
      fault?.message ?? '',
      /^`proxy_pass http:\/\/172\.17\.0\.1:3000` in \/etc\/nginx\/nginx\.conf:1 \(server api\.example\.test, location \/\) sends requests to the application at 172\.17\.0\.1:3000/,
    )
  })
})
