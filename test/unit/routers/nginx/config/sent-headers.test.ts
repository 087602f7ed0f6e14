import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { httpServers, parseConfiguration } from '../../../../../src/routers/nginx/config/configuration.ts'
import { sentHeaders } from '../../../../../src/routers/nginx/config/sent-headers.ts'
import type { SentHeaders } from '../../../../../src/routers/router.ts'
import { inHttp } from '../fixtures.ts'

function sent(http: string): SentHeaders {
  const configuration = parseConfiguration([{ path: '/etc/nginx/nginx.conf', text: inHttp(http) }])
  return sentHeaders(configuration, httpServers(configuration), { healthPath: '/', upstreams: ['app'] })
}

const site = (headers: string, listen = '80', around = '') =>
  `${around} server { listen ${listen}; server_name shop.test; location / { ${headers} proxy_pass http://app; } }`

describe('what Nginx sends along', () => {
  const rows: Readonly<Record<string, readonly [http: string, SentHeaders]>> = {
    nothing: [site(''), {}],
    'the name of the site': [site('proxy_set_header Host $host;'), { host: 'shop.test' }],
    'the name as it was asked for': [site('proxy_set_header HOST $http_host;'), { host: 'shop.test' }],
    'the name with a port': [site('proxy_set_header Host $host:$server_port;', '8080'), { host: 'shop.test:8080' }],
    'a name of its own': [site('proxy_set_header Host inner.test;'), { host: 'inner.test' }],
    'the name of the upstream': [site('proxy_set_header Host $proxy_host;'), {}],
    'https, always': [site('proxy_set_header X-Forwarded-Proto https;'), { scheme: 'https' }],
    'the scheme of a plain listener': [site('proxy_set_header X-Forwarded-Proto $scheme;'), { scheme: 'http' }],
    'the scheme of a TLS listener': [
      site('proxy_set_header X-Forwarded-Proto $scheme;', '443 ssl'),
      { scheme: 'https' },
    ],
    'a TLS listener alone': [site('', '443 ssl'), { scheme: 'https' }],
    'the scheme of a proxy in front': [
      site('proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;'),
      { scheme: 'https' },
    ],
    'headers of http': [site('', '80', 'proxy_set_header Host $host;'), { host: 'shop.test' }],
    'headers of http, ended by one of the location': [
      site('proxy_set_header X-A b;', '80', 'proxy_set_header Host $host;'),
      {},
    ],
  }
  for (const [title, [http, expected]] of Object.entries(rows))
    test(title, () => {
      assert.deepEqual(sent(`upstream app { server 127.0.0.1:8080; }\n${http}`), expected)
    })
})
