import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Color } from '../../../../../src/release/model.ts'
import { colorAddresses, isPlacedAt, placeOf } from '../../../../../src/routers/nginx/route/color-place.ts'
import type { ColorService } from '../../../../../src/runtimes/runtime.ts'

const service = (color: Color, rest: Partial<ColorService> = {}): ColorService => ({
  container: { project: 'shop', service: `web_${color}` },
  places: [],
  fixedAddresses: [],
  names: [`web_${color}`, `shop-web_${color}-1`],
  ...rest,
})
const both = (of: (color: Color, number: number) => Partial<ColorService>) => ({
  blue: service('blue', of('blue', 0)),
  green: service('green', of('green', 1)),
})
const published = both((_, i) => ({ places: [{ host: '127.0.0.1', port: 8080 + i }] }))
const twice = both((_, i) => ({ places: [8080, 9090].map((port) => ({ host: '127.0.0.1', port: port + i })) }))
const fixed = both((_, i) => ({ fixedAddresses: [`10.0.0.${i + 2}`] }))
const named = both(() => ({}))

describe('the address of each color in Nginx', () => {
  type Case = readonly [
    string,
    readonly string[],
    Parameters<typeof colorAddresses>[1],
    boolean,
    (string | undefined)[],
  ]
  const cases: readonly Case[] = [
    ['the only places', ['10.9.9.9:1'], published, false, ['127.0.0.1:8080', '127.0.0.1:8081']],
    ['of two places the one that is meant', ['127.0.0.1:9091'], twice, false, ['127.0.0.1:9090', '127.0.0.1:9091']],
    ['of two places neither', ['10.9.9.9:1'], twice, false, [undefined, undefined]],
    ['a name that only containers know', ['web_blue:3000'], published, false, ['127.0.0.1:8080', '127.0.0.1:8081']],
    ['names', ['web_blue:3000'], named, true, ['web_blue:3000', 'web_green:3000']],
    ['names of containers', ['shop-web_green-1:3000'], named, true, ['shop-web_blue-1:3000', 'shop-web_green-1:3000']],
    ['names with a port each', ['web_blue:3000', 'web_green:4000'], named, true, ['web_blue:3000', 'web_green:4000']],
    ['fixed addresses', ['10.0.0.3:80'], fixed, true, ['10.0.0.2:80', '10.0.0.3:80']],
    ['the loopback of the container', ['127.0.0.1:8080'], published, true, [undefined, undefined]],
  ]
  for (const [name, servers, services, apart, [blue, green]] of cases) {
    test(name, () => {
      const { blue: first, green: second } = colorAddresses(servers, services, {}, apart)
      assert.deepEqual([first, second], [blue, green])
    })
  }

  test('is the one that was given', () => {
    const given = { blue: 'a:1', green: 'b:2' }
    assert.deepEqual(colorAddresses(['web_blue:3000'], named, given, true), given)
  })
})

describe('where a color is asked', () => {
  const { blue } = published
  const cases: readonly (readonly [string, boolean, object])[] = [
    ['127.0.0.1:8080', false, { host: '127.0.0.1', port: 8080 }],
    ['localhost:8080', false, { host: 'localhost', port: 8080 }],
    ['10.0.0.2:3000', true, { host: '10.0.0.2', port: 3000 }],
    ['web_blue:3000', true, { host: 'web_blue', port: 3000, container: { project: 'shop', service: 'web_blue' } }],
    ['host.docker.internal:8080', true, { host: '127.0.0.1', port: 8080 }],
  ]
  for (const [address, apart, wanted] of cases) {
    test(`${address} from ${apart ? 'a container' : 'the host'}`, () => {
      assert.deepEqual(placeOf(address, blue, apart), wanted)
    })
  }

  test('is where the compose file puts it, or that says nothing', () => {
    assert.equal(isPlacedAt(blue, '127.0.0.1:8080', false), true)
    assert.equal(isPlacedAt(blue, '127.0.0.1:8080', true), false)
    assert.equal(isPlacedAt(named.blue, '127.0.0.1:8080', false), undefined)
  })
})
