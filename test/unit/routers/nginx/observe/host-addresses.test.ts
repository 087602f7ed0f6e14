import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Ends,
  endsAt,
  type PublishedAt,
  readHostAddresses,
} from '../../../../../src/routers/nginx/observe/host-addresses.ts'

const host = readHostAddresses(`own 127.0.0.1
own 172.17.0.1
own 203.0.113.5
own6 fd00000000000000000000000000000a
name app.internal 127.0.0.1
name App.Public 203.0.113.5
name shop.cdn 198.51.100.7
`)
const everywhere: PublishedAt = { address: '', port: 3000 }
const loopback: PublishedAt = { address: '127.0.0.1', port: 3000 }

describe('where a connection ends', () => {
  const rows: readonly (readonly [written: string, everywhere: Ends, loopback: Ends])[] = [
    ['127.0.0.1:3000', 'there', 'there'],
    ['0.0.0.0:3000', 'there', 'there'],
    ['localhost:3000', 'there', 'there'],
    ['app.internal:3000', 'there', 'there'],
    ['[::1]:3000', 'there', 'elsewhere'],
    ['[::]:3000', 'there', 'elsewhere'],
    ['[::ffff:127.0.0.1]:3000', 'there', 'there'],
    ['[fd00::a]:3000', 'there', 'elsewhere'],
    ['127.0.0.2:3000', 'there', 'elsewhere'],
    ['172.17.0.1:3000', 'there', 'elsewhere'],
    ['203.0.113.5:3000', 'there', 'elsewhere'],
    ['app.public:3000', 'there', 'elsewhere'],
    ['10.0.0.9:3000', 'elsewhere', 'elsewhere'],
    ['shop.cdn:3000', 'elsewhere', 'elsewhere'],
    ['127.0.0.1:3001', 'elsewhere', 'elsewhere'],
    ['nowhere.internal:3000', 'unknown', 'unknown'],
    ['nowhere.internal:4000', 'elsewhere', 'elsewhere'],
    ['$host:3000', 'unknown', 'unknown'],
    ['$host:4000', 'elsewhere', 'elsewhere'],
    ['unix:/run/app.sock', 'elsewhere', 'elsewhere'],
  ]
  for (const [written, atAll, atLoopback] of rows)
    test(written, () => {
      assert.deepEqual([endsAt(written, everywhere, host), endsAt(written, loopback, host)], [atAll, atLoopback])
    })

  test('a port of IPv4 alone, and one of a certain address', () => {
    assert.equal(endsAt('[::1]:3000', { address: '0.0.0.0', port: 3000 }, host), 'elsewhere')
    assert.equal(endsAt('app.public:3000', { address: '203.0.113.5', port: 3000 }, host), 'there')
  })
})
