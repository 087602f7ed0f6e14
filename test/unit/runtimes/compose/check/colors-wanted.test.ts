// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { colorFindings } from '../../../../../src/runtimes/compose/check/colors-wanted.ts'
import { composeRefusals } from '../../../../../src/runtimes/compose/refusals.ts'
import { colorsIn, composePath, findings, mended, sceneOf, type Wish } from '../../../checking/context.ts'
import { ANY, BLUE, container, GREEN, port, projectOf } from '../fixtures.ts'

const nowhere = 'server { listen 80; location / { return 204; } }'

describe('the second color is written from the first', () => {
  const table: Readonly<
    Record<
      string,
      { readonly wish: Wish; readonly services: Readonly<Record<string, unknown>>; readonly also?: RegExp }
    >
  > = {
    'a single service': {
      wish: {
        project: projectOf({ app: { image: 'shop/app:v1', ports: [port('8080', '0.0.0.0', 3000)] } }),
        text: 'services:\n  app: # the shop\n    image: shop/app:v1 # as it is\n    ports:\n      - 8080:3000\n    environment:\n      A: b\n\nvolumes:\n  x:\n',
      },
      services: {
        app_blue: {
          restart: 'unless-stopped',
          stop_grace_period: '30s',
          image: 'shop/app:${IMAGE_TAG_BLUE:-${IMAGE_TAG:-v1}}',
          ports: ['127.0.0.1:8080:3000'],
          environment: { A: 'b' },
        },
        app_green: {
          restart: 'unless-stopped',
          stop_grace_period: '30s',
          image: 'shop/app:${IMAGE_TAG_GREEN:-${IMAGE_TAG:-v1}}',
          ports: ['127.0.0.1:8081:3000'],
          environment: { A: 'b' },
        },
      },
      also: /app_blue: # the shop[\s\S]*app_green: # the shop[\s\S]*\n\nvolumes:\n {2}x:\n$/,
    },
    'a service of one line, whose port is taken next to it': {
      wish: {
        project: projectOf({
          app: { image: 'app:v1', ports: [port('8080')], restart: 'always', stop_grace_period: '30s' },
          db: { image: 'db:1', ports: [port('8081')] },
        }),
        text: 'services:\n  app: { image: app:v1, ports: ["127.0.0.1:8080:80"], restart: always, stop_grace_period: 30s }\n  db: { image: "db:1" }\n',
        facts: { listening: new Set([8082]) },
      },
      services: {
        app_blue: {
          image: 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG:-v1}}',
          ports: ['127.0.0.1:8080:80'],
          restart: 'always',
          stop_grace_period: '30s',
        },
        app_green: {
          image: 'app:${IMAGE_TAG_GREEN:-${IMAGE_TAG:-v1}}',
          ports: ['127.0.0.1:8083:80'],
          restart: 'always',
          stop_grace_period: '30s',
        },
        db: { image: 'db:1' },
      },
    },
    'with a name of its own, a port in several lines, and a service that depends on it': {
      wish: {
        project: projectOf({
          app: {
            image: ANY,
            ports: [port('8080')],
            container_name: 'shop',
            restart: 'always',
            stop_grace_period: '30s',
          },
          worker: { image: 'w:1', depends_on: { app: {} } },
        }),
        text: 'services:\n  app:\n    container_name: shop\n    image: "app:${IMAGE_TAG}"\n    ports:\n      - target: 80\n        published: "8080"\n  worker:\n    image: w:1\n    depends_on: [app]',
      },
      services: {
        app_blue: {
          image: 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG}}',
          ports: [{ target: 80, host_ip: '127.0.0.1', published: '8080' }],
        },
        app_green: {
          image: 'app:${IMAGE_TAG_GREEN:-${IMAGE_TAG}}',
          ports: [{ target: 80, host_ip: '127.0.0.1', published: '8081' }],
        },
        worker: { image: 'w:1', depends_on: ['app_blue'] },
      },
    },
    'an image from an anchor, and no port published': {
      wish: {
        project: projectOf({ app: { image: 'app:v1', expose: ['3000'], restart: 'always', stop_grace_period: '30s' } }),
        text: 'x-all: &all\n  image: app:v1\nservices:\n  app:\n    <<: *all\n    expose: [3000]\n',
      },
      services: {
        app_blue: { image: 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG:-v1}}', ports: ['127.0.0.1:8080:3000'], expose: [3000] },
        app_green: {
          image: 'app:${IMAGE_TAG_GREEN:-${IMAGE_TAG:-v1}}',
          ports: ['127.0.0.1:8081:3000'],
          expose: [3000],
        },
      },
    },
    'one color that is there, with a dash': {
      wish: {
        project: projectOf({ 'app-blue': { image: BLUE, ports: [port('9000')], stop_grace_period: '30s' } }),
        text: 'services:\n  app-blue:\n    image: app:${IMAGE_TAG_BLUE:-v1}\n    ports: ["127.0.0.1:9000:80"]\n',
      },
      services: {
        'app-blue': { image: 'app:${IMAGE_TAG_BLUE:-v1}', ports: ['127.0.0.1:9000:80'] },
        'app-green': { restart: 'unless-stopped', image: 'app:${IMAGE_TAG_GREEN:-v1}', ports: ['127.0.0.1:9001:80'] },
      },
    },
    'the green one': {
      wish: {
        project: projectOf({
          app_green: { image: GREEN, ports: [port('9000')], restart: 'always', stop_grace_period: '30s' },
        }),
        text: 'services:\n  app_green:\n    image: app:${IMAGE_TAG_GREEN:-v1}\n    ports: ["127.0.0.1:9000:80"]\n',
      },
      services: {
        app_green: { image: 'app:${IMAGE_TAG_GREEN:-v1}', ports: ['127.0.0.1:9000:80'] },
        app_blue: { image: 'app:${IMAGE_TAG_BLUE:-v1}', ports: ['127.0.0.1:9001:80'] },
      },
    },
  }
  for (const [title, { wish, services, also }] of Object.entries(table)) {
    test(title, () => {
      const [draft, ...others] = colorFindings(sceneOf({ nginx: nowhere, ...wish }))
      assert.ok(draft && others.length === 0)
      assert.equal(draft.severity, 'problem')
      const text = mended([draft])
      assert.deepEqual(parse(text, { merge: true }).services, services, text)
      if (also) assert.match(text, also)
    })
  }

  test('the address that Nginx reaches now is the first color’s', () => {
    const colors = colorsIn({
      project: projectOf({ app: { image: 'app:v1', ports: [port('9000', '127.0.0.1', 9), port('8080', '0.0.0.0')] } }),
    })
    assert.deepEqual(colors.addresses, { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' })
  })

  test('what the check prints holds no secret of the file, and runs on its own text alone', () => {
    const text =
      'services:\n  app:\n    image: app:v1\n    environment: { PASSWORD: hunter2 }\n    ports: ["8080:80"]\n'
    const all = findings({ text, project: projectOf({ app: { image: 'app:v1', ports: [port('8080')] } }) })
    const [block, ...others] = all.flatMap(({ fix }) => fix.blocks)
    assert.ok(block && others.length === 0, JSON.stringify(all))
    assert.equal(block.where, 'host')
    assert.ok(block.text.includes(composePath))
    assert.ok(!JSON.stringify(all).includes('hunter2'))
  })

  for (const [title, text] of [
    ['where the file is not known', undefined],
    [
      'where others share its network',
      'services:\n  app:\n    image: app:v1\n    ports: ["8080:80"]\n  side:\n    image: s:1\n    network_mode: service:app\n',
    ],
    ['where ports are a range', 'services:\n  app:\n    image: app:v1\n    ports: ["${A}:80", "${B}:81"]\n'],
  ] as const) {
    test(`${title} it is shown, and not run`, () => {
      const project = projectOf({ app: { image: 'app:v1', ports: [port('8080')] } })
      const [draft] = colorFindings(sceneOf({ nginx: nowhere, project, ...(text && { text }) }))
      assert.equal(draft?.changes, undefined)
      const [block] = draft?.fix.blocks ?? []
      assert.equal(block?.where, 'compose file')
      assert.match(block?.text ?? '', /app_blue:[\s\S]*IMAGE_TAG_BLUE[\s\S]*app_green:[\s\S]*"127.0.0.1:8081:80"/)
    })
  }
})

describe('versions of the colors', () => {
  test('a variable of another name is named in the workflow', () => {
    const project = projectOf({
      app_blue: { image: 'app:v1', ports: [port('8080')] },
      app_green: { image: 'app:v1', ports: [port('8081')] },
    })
    const text = 'services:\n  app_blue: { image: "app:${TAG:-v1}" }\n  app_green: { image: "app:${TAG:-v1}" }\n'
    const [draft] = colorFindings(sceneOf({ project, text }))
    assert.deepEqual(draft?.fix.blocks, [{ language: 'yaml', where: 'workflow', text: 'version-variable: TAG' }])
  })

  for (const [title, image, severity] of [
    ['none: a problem', 'app:v1', 'problem'],
    ['one for both: a warning', ANY, 'warning'],
  ] as const) {
    test(title, () => {
      const project = projectOf({
        app_blue: { image, ports: [port('8080')] },
        app_green: { image, ports: [port('8081')] },
      })
      const written = image === ANY ? 'app:${IMAGE_TAG:-v1}' : image
      const text = `services:\n  app_blue:\n    image: ${written}\n  app_green:\n    image: ${written}\n`
      const refusals =
        severity === 'problem' ? [composeRefusals['image-without-variable']('x', 'app', 'A', 'B', 'y')] : []
      const [draft, ...others] = colorFindings(sceneOf({ project, text, refusals }))
      assert.ok(draft && others.length === 0)
      assert.equal(draft.severity, severity)
      assert.deepEqual(parse(mended([draft])).services, {
        app_blue: { image: 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG:-v1}}' },
        app_green: { image: 'app:${IMAGE_TAG_GREEN:-${IMAGE_TAG:-v1}}' },
      })
    })
  }

  test('each its own: nothing is said', () => {
    assert.deepEqual(colorFindings(sceneOf({ containers: [container()] })), [])
  })
})
