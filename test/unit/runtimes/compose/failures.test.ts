import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { explainFailure } from '../../../../src/runtimes/compose/failures.ts'

const STARTS: readonly (readonly [string, RegExp | undefined])[] = [
  [
    'Error response from daemon: error while removing network: network shop_n id 4b8f has active endpoints',
    /definition of the network shop_n/,
  ],
  [
    'Container shop-web_green-1 Recreate\nError response from daemon: no such image: app:v99: No such image: app:v99',
    /`web_green` was not started: the image app:v99 is not on the host; let it be pulled \(`pull: always`\)/,
  ],
  [
    'Error: driver failed programming external connectivity: Bind for 127.0.0.1:8081 failed: port is already allocated',
    /127\.0\.0\.1:8081 is already published/,
  ],
  [
    'Error starting userland proxy: listen tcp4 127.0.0.1:8081: bind: address already in use',
    /no container listens on 127\.0\.0\.1:8081/,
  ],
  [
    'network shop_n was found but has incorrect label com.docker.compose.network set to ""',
    /the network shop_n was not made by compose.*docker network rm shop_n/,
  ],
  ['write /var/lib/docker/x: no space left on device', /the disk of the host is full/],
  ['some new words', undefined],
  ['', undefined],
]

const PULLS: readonly (readonly [string, RegExp | undefined])[] = [
  [
    'Error response from daemon: manifest for registry/app:v9 not found: manifest unknown: manifest unknown',
    /The image registry\/app:v9 was not pulled: the registry has no such image.*correct `version`/,
  ],
  [
    'Error response from daemon: failed to resolve reference "registry/app:v9": registry/app:v9: not found',
    /the registry has no such image/,
  ],
  ['Error response from daemon: Get "https://registry/v2/": unauthorized: authentication required', /`docker login`/],
  [
    "pull access denied for app, repository does not exist or may require 'docker login': denied",
    /private or does not exist/,
  ],
  ['toomanyrequests: You have reached your pull rate limit', /too many requests/],
  ['http: server gave HTTP response to HTTPS client', /insecure-registries/],
  [
    'Get "http://registry/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
    /does not reach the registry \(dial tcp 10\.0\.0\.1:443: connect: connection refused\)/,
  ],
  ['dial tcp: lookup registry on 127.0.0.53:53: no such host', /does not reach the registry/],
  ['write /var/lib/docker/tmp/x: no space left on device', /the disk of the host is full/],
  ['some new words', undefined],
]

for (const [reason, subject, table] of [
  ['start-failed', 'web_green', STARTS],
  ['pull-failed', 'registry/app:v9', PULLS],
] as const) {
  describe(`why ${reason}`, () => {
    for (const [printed, expected] of table) {
      test(printed || 'nothing', () => {
        const sentence = explainFailure({ reason, subject }, printed)
        if (expected === undefined) assert.equal(sentence, undefined)
        else assert.match(sentence ?? '', expected)
      })
    }
  })
}

test('what works on nothing of compose is not explained', () => {
  assert.equal(explainFailure({ reason: 'flip-without-effect' }, 'manifest unknown'), undefined)
})
