import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dockerFault } from '../../../../../src/runtimes/compose/observe/docker-words.ts'

describe('why docker does not answer', () => {
  for (const [words, expected] of [
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version": dial unix /var/run/docker.sock: connect: permission denied',
      { kind: 'not allowed' },
    ],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      { kind: 'stopped' },
    ],
    ['Cannot connect to the Docker daemon. Is the docker daemon running?', { kind: 'stopped' }],
    [
      'Cannot connect to the Docker daemon at unix:///run/user/1000/docker.sock. Is the docker daemon running?',
      { kind: 'elsewhere', endpoint: 'unix:///run/user/1000/docker.sock' },
    ],
    [
      'Cannot connect to the Docker daemon at tcp://10.0.0.5:2375. Is the docker daemon running?',
      { kind: 'elsewhere', endpoint: 'tcp://10.0.0.5:2375' },
    ],
    [
      'error during connect: Get "http://build.example/v1.24/version": dial tcp: lookup build.example: no such host',
      { kind: 'elsewhere', endpoint: 'http://build.example/v1.24/version' },
    ],
    [
      'Failed to initialize: unable to resolve docker endpoint: context "prod": context not found: open /x',
      { kind: 'no context', context: 'prod' },
    ],
    ['sh: 1: docker: not found', { kind: 'missing' }],
    ['something else', { kind: 'unknown' }],
  ] as const) {
    test(words.slice(0, 90), () => assert.deepEqual(dockerFault(words), expected))
  }
})
