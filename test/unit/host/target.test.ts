import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hostName, parseTarget } from '../../../src/host/target.ts'

describe('parseTarget', () => {
  const good: readonly (readonly [string, object, string])[] = [
    ['deploy@web1', { user: 'deploy', host: 'web1', port: 22 }, 'deploy@web1:22'],
    [
      ' deploy@web1.example.com:2222\n',
      { user: 'deploy', host: 'web1.example.com', port: 2222 },
      'deploy@web1.example.com:2222',
    ],
    ['root@[::1]:2022', { user: 'root', host: '::1', port: 2022 }, 'root@[::1]:2022'],
    ['root@[2001:db8::7]', { user: 'root', host: '2001:db8::7', port: 22 }, 'root@[2001:db8::7]:22'],
    [
      'me@corp.example@10.0.0.1',
      { user: 'me@corp.example', host: '10.0.0.1', port: 22 },
      'me@corp.example@10.0.0.1:22',
    ],
  ]
  for (const [text, target, name] of good) {
    test(`reads ${text.trim()}`, () => {
      const parsed = parseTarget(text)
      assert.deepEqual(parsed, target)
      assert.ok(!('mistake' in parsed))
      assert.equal(hostName(parsed), name)
    })
  }
  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /is empty/],
    ['web1', /names no user/],
    ['@web1', /names no user/],
    ['deploy@', /names no host/],
    ['deploy@:22', /names no host/],
    ['deploy@[]', /names no host/],
    ['deploy@::1', /cannot be told from its port/],
    ['deploy@[web1]', /neither a name nor an address/],
    ['deploy@web 1', /neither a name nor an address/],
    ['deploy@-oProxyCommand=x', /neither a name nor an address/],
    ['-l@web1', /has a user that is none/],
    ['deploy:secret@web1', /has a user that is none/],
    ['deploy@web1:', /has a port that is none/],
    ['deploy@web1:0', /has a port that is none/],
    ['deploy@web1:70000', /has a port that is none/],
    ['ssh://deploy@web1', /is a URL/],
  ]
  for (const [text, words] of bad) {
    test(`refuses ${text}`, () => {
      const parsed = parseTarget(text)
      assert.ok('mistake' in parsed)
      assert.match(parsed.mistake, words)
      assert.match(parsed.mistake, /Write it as user@name or user@name:port/)
    })
  }
})
