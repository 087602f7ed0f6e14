// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { imageOfColor, tagVariable } from '../../../../../src/runtimes/compose/check/image-of-color.ts'

const OWN = '${IMAGE_TAG_BLUE:-${IMAGE_TAG:-'

describe('the image of a color', () => {
  for (const [image, expected] of [
    ['app', `app:${OWN}latest}}`],
    ['app:v1', `app:${OWN}v1}}`],
    ['registry:5000/app', `registry:5000/app:${OWN}latest}}`],
    ['localhost:5000/a/app', `localhost:5000/a/app:${OWN}latest}}`],
    ['localhost:5000/app:v1', `localhost:5000/app:${OWN}v1}}`],
    ['app:${IMAGE_TAG}', 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG}}'],
    ['app:$IMAGE_TAG', 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG}}'],
    ['app:${IMAGE_TAG:-v1}', `app:${OWN}v1}}`],
    ['app:${IMAGE_TAG:?set it}', 'app:${IMAGE_TAG_BLUE:-${IMAGE_TAG:?set it}}'],
    // What stands around the version stays.
    ['app:${IMAGE_TAG:-v1}-alpine', `app:${OWN}v1}}-alpine`],
    ['app:${IMAGE_TAG_GREEN:-v1}-alpine', 'app:${IMAGE_TAG_BLUE:-v1}-alpine'],
    ['${REGISTRY:-hub:5000}/app:v1', `\${REGISTRY:-hub:5000}/app:${OWN}v1}}`],
    ['${REG}/app:${TAG:-latest}', '${REG}/app:${IMAGE_TAG_BLUE:-${TAG:-latest}}'],
    ['${REG}/app', `\${REG}/app:${OWN}latest}}`],
    ['${REG}app', `\${REG}app:${OWN}latest}}`],
    ['${NAME}:v1', `\${NAME}:${OWN}v1}}`],
    ['app:${A}-${B:-${C:-1}}', 'app:${IMAGE_TAG_BLUE:-${A}-${B:-${C:-1}}}'],
    // While the variable is not set its default is the reference, and that has a tag.
    ['${VAR:-name:latest}', `\${VAR:-name:${OWN}latest}}}`],
    ['${VAR-lab/name:v1}', `\${VAR-lab/name:${OWN}v1}}}`],
    ['${VAR:-registry:5000/name}', `\${VAR:-registry:5000/name:${OWN}latest}}}`],
    ['${VAR:-${OTHER:-name:v1}}', `\${VAR:-\${OTHER:-name:${OWN}v1}}}}`],
    ['${VAR:-name:${IMAGE_TAG:-v1}}', `\${VAR:-name:${OWN}v1}}}`],
    ['${REG}/${APP:-shop:v1}', `\${REG}/\${APP:-shop:${OWN}v1}}}`],
    ['app:${IMAGE_TAG_BLUE:-v1}', 'app:${IMAGE_TAG_BLUE:-v1}'],
    ['app:${IMAGE_TAG_GREEN:-v1}', 'app:${IMAGE_TAG_BLUE:-v1}'],
    ['app-$$x:v1', `app-$$x:${OWN}v1}}`],
  ] as const) {
    test(image, () => assert.deepEqual(imageOfColor(image, 'IMAGE_TAG', 'blue'), { kind: 'image', image: expected }))
  }

  for (const [image, why] of [
    ['${APP_IMAGE}', /takes the whole reference from a variable/],
    ['$APP_IMAGE', /takes the whole reference from a variable/],
    ['${IMAGE:?err}', /takes the whole reference from a variable/],
    ['${VAR:+name:v1}', /takes the whole reference from a variable/],
    ['${IMAGE_TAG:-name:latest}', /takes the whole reference from IMAGE_TAG/],
    ['${A}${B}', /ends in a variable/],
    ['${REG}/${APP}', /ends in a variable/],
    ['app@sha256:0123', /pinned by a digest/],
    ['app:v1@sha256:0123', /pinned by a digest/],
    ['app:${TAG', /not an image reference that compose can read/],
  ] as const) {
    test(`${image} shows no tag`, () => {
      const own = imageOfColor(image, 'IMAGE_TAG', 'blue')
      assert.match(own.kind === 'impossible' ? own.why : JSON.stringify(own), why)
    })
  }

  test('the variable in its tag', () => {
    for (const [image, expected] of [
      ['app:${TAG}', 'TAG'],
      ['app:$TAG', 'TAG'],
      ['app:${TAG_BLUE:-v1}', 'TAG'],
      ['app:${TAG:?set it}', 'TAG'],
      ['${REG:-hub:5000}/app:${TAG}', 'TAG'],
      ['app:v1', undefined],
      ['app:${A}-${B}', undefined],
      ['app:${TAG:+x}', undefined],
      ['${IMAGE}', undefined],
      ['${VAR:-name:latest}', undefined],
    ] as const)
      assert.equal(tagVariable(image), expected, image)
  })
})
