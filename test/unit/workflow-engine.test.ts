import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEnough, proxyOf } from '../lab/workflow-engine.ts'

test('a Go that is there is taken if it can build the workflow engine', () => {
  for (const [version, enough] of [
    ['go1.19.8', false],
    ['go1.23.12', false],
    ['go1.24.0', true],
    ['go1.26.8', true],
    ['go2.0', true],
    ['devel', false],
    ['', false],
  ] as const) {
    assert.equal(isEnough(version), enough, version)
  }
})

test('modules come from where this machine gets them', () => {
  for (const [list, proxy] of [
    [undefined, 'https://proxy.golang.org'],
    ['off', 'https://proxy.golang.org'],
    ['direct', 'https://proxy.golang.org'],
    ['https://modules.example.org/,direct', 'https://modules.example.org'],
    ['https://a.example.org|https://b.example.org', 'https://a.example.org'],
  ] as const) {
    assert.equal(proxyOf(list), proxy)
  }
})
