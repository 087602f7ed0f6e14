import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allTo, type Color, colorOfAll, type Split } from '../../../src/release/model.ts'

const rows: readonly (readonly [Split, Color | undefined])[] = [
  [allTo('blue'), 'blue'],
  [allTo('green'), 'green'],
  [{ blue: 20, green: 80 }, undefined],
  [{ blue: 99, green: 1 }, undefined],
  [{ blue: 100, green: 100 }, undefined],
  [{ blue: 0, green: 0 }, undefined],
]

describe('the color that has all traffic', () => {
  for (const [split, color] of rows) {
    test(`${split.blue} to ${split.green}: ${color ?? 'refused'}`, () => {
      if (color !== undefined) assert.equal(colorOfAll(split), color)
      else assert.throws(() => colorOfAll(split), RangeError)
    })
  }
})
